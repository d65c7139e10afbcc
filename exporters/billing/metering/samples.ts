import type { RawSeries } from './accrual.ts';

/** Samples that can be reckoned with: whole ms that ascend strictly, finite values from 0. */
export interface CleanSamples {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  /** How many were dropped because their value or time is no usable number. */
  readonly unusable: number;
}

/**
 * In whatever order and how many times samples come, the same are left. Of several at one time the largest counts: for a counter it is the one that
 * was read last, for a presence it says that somebody saw it.
 */
export function cleanSamples({ timesMs, values }: Pick<RawSeries, 'timesMs' | 'values'>): CleanSamples {
  if (areClean(timesMs, values)) return { timesMs, values, unusable: 0 };
  const usable: number[] = [];
  for (let at = 0; at < timesMs.length; at++) {
    const [time = Number.NaN, value = Number.NaN] = [timesMs[at], values[at]];
    if (Number.isFinite(time) && Number.isFinite(value) && value >= 0) usable.push(at);
  }
  const timeOf = (at: number): number => Math.round(timesMs[at] ?? 0);
  const readAt = (at: number): number => values[at] ?? 0;
  usable.sort((left, right) => timeOf(left) - timeOf(right) || readAt(right) - readAt(left));
  const kept = usable.filter((at, position) => position === 0 || timeOf(at) !== timeOf(usable[position - 1] ?? 0));
  return {
    timesMs: Float64Array.from(kept, timeOf),
    values: Float64Array.from(kept, readAt),
    unusable: timesMs.length - usable.length,
  };
}

/** Values above 2^53 base units cannot be counted exactly: without them, and how many they were. */
export function withoutTooLarge(
  samples: CleanSamples,
  scale: number,
): { readonly samples: CleanSamples; readonly tooLarge: number } {
  const { timesMs, values } = samples;
  const most = Number.MAX_SAFE_INTEGER / scale;
  let tooLarge = 0;
  for (let at = 0; at < values.length; at++) if ((values[at] ?? 0) > most) tooLarge++;
  if (tooLarge === 0) return { samples, tooLarge };
  const isSmall = (_: number, at: number): boolean => (values[at] ?? 0) <= most;
  return { samples: { ...samples, timesMs: timesMs.filter(isSmall), values: values.filter(isSmall) }, tooLarge };
}

function areClean(timesMs: Float64Array, values: Float64Array): boolean {
  if (timesMs.length !== values.length) return false;
  let before = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < timesMs.length; at++) {
    const [time = 0, value = 0] = [timesMs[at], values[at]];
    if (!(time > before && Number.isInteger(time) && value >= 0 && value < Number.POSITIVE_INFINITY)) return false;
    before = time;
  }
  return true;
}

/**
 * The usual time between two scrapes: the median, which neither missed scrapes nor doubled ones move while they are fewer than half. Undefined
 * for fewer than two samples.
 */
export function scrapeIntervalOf(timesMs: Float64Array): number | undefined {
  const times = timesMs.slice().sort();
  const steps: number[] = [];
  for (let at = 1; at < times.length; at++) {
    const step = (times[at] ?? 0) - (times[at - 1] ?? 0);
    if (step > 0) steps.push(step);
  }
  return steps.sort((left, right) => left - right)[steps.length >> 1];
}

/** How long a sample is taken to hold: one missed scrape is bridged, two are a gap. */
export function holdOf(scrapeIntervalMs: number): number {
  return Math.round(2.5 * scrapeIntervalMs);
}
