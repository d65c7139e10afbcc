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
  /**
   * Productive seconds at steps of this attempt, to know what a rollback costs. Oldest first, step and seconds in turn: numbers in one array
   * take a tenth of the memory of pairs.
   */
  trail: number[];
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

const trailPoints = 256;
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
  leaveTrail(ledger, endStep);
  const stepSeconds = nativeStepSeconds ?? (disturbance === undefined ? seconds / steps : undefined);
  if (stepSeconds !== undefined) addToWindow(ledger.stepSeconds, stepSeconds);
  return stepSeconds;
}

/** Beyond its length every second point is left out, so that the trail still goes back to the beginning. */
function leaveTrail(ledger: TimeLedger, step: number): void {
  if (ledger.trail.length >= 2 * trailPoints) ledger.trail = ledger.trail.filter((_, index) => index % 4 > 1);
  ledger.trail.push(step, ledger.productive);
}

function productiveSeconds(ledger: TimeLedger, interval: Interval): number {
  const { steps, seconds, nativeStepSeconds, disturbance } = interval;
  if (nativeStepSeconds !== undefined) return nativeStepSeconds * steps;
  const median = medianOf(ledger.stepSeconds);
  if (median === undefined) return disturbance === undefined ? seconds : 0;
  return disturbance === undefined && !isLong(ledger, steps, seconds) ? seconds : median * steps;
}

/** Whether so many steps usually take less. */
export function isLong({ stepSeconds }: TimeLedger, steps: number, seconds: number): boolean {
  const median = medianOf(stepSeconds);
  // The MAD is dear, and nearly all intervals are usual ones.
  if (median === undefined || seconds <= steps * leastTolerance * median) return false;
  return seconds > steps * (median + madFactor * (madOf(stepSeconds) ?? 0));
}

/** The run went back to a step: what was spent on the steps above it is wasted. */
export function wasteAbove(ledger: TimeLedger, step: number): void {
  const { trail, productive } = ledger;
  const kept = trail.findIndex((value, index) => index % 2 === 0 && value > step);
  const split = kept === -1 ? trail.length : kept;
  const then = productiveAt(trail, split, step);
  const lost = then === undefined ? 0 : productive - then;
  ledger.badput.wasted_progress += lost;
  // What is productive from now on adds to the same sum, so the points that stay keep their distance to it.
  ledger.trail = trail.slice(0, split).map((value, index) => (index % 2 === 0 ? value : value + lost));
}

/** Between the points before and behind the split, on the line from the one to the other. */
function productiveAt(trail: readonly number[], split: number, step: number): number | undefined {
  const [stepBefore, before] = trail.slice(Math.max(0, split - 2), split);
  const [stepBehind, behind] = trail.slice(split, split + 2);
  if (stepBefore === undefined || before === undefined) return behind;
  if (stepBehind === undefined || behind === undefined) return before;
  return before + ((behind - before) * (step - stepBefore)) / (stepBehind - stepBefore);
}
