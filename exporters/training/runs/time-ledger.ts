import { addToWindow, createWindow, madOf, medianOf, type RobustWindow } from './robust-window.ts';

/**
 * Why time was not spent on lasting steps: the types of Google's ml-goodput-measurement, as far as they can be told from outside.
 * `recovery` is its infrastructure recovery, `startup` its program startup and training preparation together.
 */
export const badputReasons = [
  'startup',
  'data_loading',
  'checkpoint_save',
  'evaluation',
  'recovery',
  'wasted_progress',
  'other',
] as const;
export type BadputReason = (typeof badputReasons)[number];

/** What the time of a run went into. */
export interface TimeLedger {
  productive: number;
  readonly badput: Record<BadputReason, number>;
  /** Durations of one step, one value for each report. */
  readonly stepSeconds: RobustWindow;
  /** Times between two reports. */
  readonly reportSeconds: RobustWindow;
  /** Productive seconds at steps of this attempt, oldest first, to know what a rollback costs. */
  trail: [step: number, productive: number][];
}

/** The time between two reports of a step. */
export interface Interval {
  readonly steps: number;
  readonly seconds: number;
  /** Step of the report at its end. */
  readonly endStep: number;
  /** Duration of one step as the framework measured it. */
  readonly nativeStepSeconds: number | undefined;
  /** Seconds that were waited for data meanwhile. */
  readonly waitedSeconds: number;
  /** What else happened meanwhile; such an interval says nothing about the duration of a step. */
  readonly disturbance: BadputReason | undefined;
}

const trailLength = 1024;
/** Beyond the median plus so many MADs a step is no usual one: ml-goodput-measurement's ideal step. */
const madFactor = 3;
/** Where steps are all alike the MAD is next to nothing, and noise would count as badput. */
const leastTolerance = 1.5;

export function createTimeLedger(): TimeLedger {
  return {
    productive: 0,
    badput: Object.fromEntries(badputReasons.map((reason) => [reason, 0])) as Record<BadputReason, number>,
    stepSeconds: createWindow(),
    reportSeconds: createWindow(),
    trail: [],
  };
}

/**
 * Divides an interval into time for steps and time for something else. Steps as long as usual are productive as a whole. Of a longer
 * interval only so much is productive as its steps usually take, and the rest is put down to what happened meanwhile. Returns the
 * duration of one step; undefined where the interval does not tell it.
 */
export function addInterval(ledger: TimeLedger, interval: Interval): number | undefined {
  const { steps, seconds, endStep, nativeStepSeconds, disturbance } = interval;
  addToWindow(ledger.reportSeconds, seconds);
  const productive = Math.min(seconds, productiveSeconds(ledger, interval));
  const waiting = Math.min(productive, interval.waitedSeconds);
  ledger.productive += productive - waiting;
  ledger.badput.data_loading += waiting;
  ledger.badput[disturbance ?? 'other'] += seconds - productive;
  ledger.trail.push([endStep, ledger.productive]);
  if (ledger.trail.length > trailLength) ledger.trail = ledger.trail.filter((_, index) => index % 2 === 1);
  const stepSeconds = nativeStepSeconds ?? (disturbance === undefined ? seconds / steps : undefined);
  if (stepSeconds !== undefined) addToWindow(ledger.stepSeconds, stepSeconds);
  return stepSeconds;
}

function productiveSeconds(ledger: TimeLedger, interval: Interval): number {
  const { steps, seconds, nativeStepSeconds, disturbance } = interval;
  if (nativeStepSeconds !== undefined) return nativeStepSeconds * steps;
  const median = medianOf(ledger.stepSeconds);
  if (median === undefined) return disturbance === undefined ? seconds : 0;
  return disturbance === undefined && !isLong(ledger, interval) ? seconds : median * steps;
}

/** Whether so many steps usually take less. */
export function isLong({ stepSeconds }: TimeLedger, { steps, seconds }: Pick<Interval, 'steps' | 'seconds'>): boolean {
  const median = medianOf(stepSeconds);
  if (median === undefined) return false;
  return seconds > steps * Math.max(median + madFactor * (madOf(stepSeconds) ?? 0), leastTolerance * median);
}

/** The run went back to a step: what was spent on the steps above it is wasted. */
export function wasteAbove(ledger: TimeLedger, step: number): void {
  const kept = ledger.trail.filter(([of]) => of <= step);
  const next = ledger.trail[kept.length];
  const before = kept.at(-1);
  const productiveThen = interpolated(before, next, step);
  if (productiveThen !== undefined) ledger.badput.wasted_progress += ledger.productive - productiveThen;
  // What is productive from now on adds to the same sum, so the points that stay keep their distance to it.
  const lost = productiveThen === undefined ? 0 : ledger.productive - productiveThen;
  ledger.trail = kept.map(([of, productive]) => [of, productive + lost]);
}

type Point = readonly [step: number, productive: number];

function interpolated(before: Point | undefined, next: Point | undefined, step: number): number | undefined {
  if (before === undefined || next === undefined) return before?.[1] ?? next?.[1];
  return before[1] + ((next[1] - before[1]) * (step - before[0])) / (next[0] - before[0]);
}
