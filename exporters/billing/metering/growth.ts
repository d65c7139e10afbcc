import type { CounterOptions, CounterProblems } from './counter.ts';
import { type CleanSamples, holdOf, scrapeIntervalOf } from './samples.ts';

/** gpu-exporter asks the kubelet every 5 s and shows the answer up to 6 s later; 1 s for the scrape. */
export const defaultLagMs = 12_000;

/** Scrapers whose clocks differ may see a counter fall when they ask it at nearly the same time. */
const skewMs = 1000;

/** A counter from its first sample on, in base units, without its restarts. */
export interface Growth {
  readonly timesMs: Float64Array;
  /** Whole numbers that never fall; 0 at the first time. */
  readonly total: Float64Array;
  /** The first time is the earliest at which a series that is new can have begun, and not a sample. */
  readonly isBirth: boolean;
  /** 1 where the counter began again since the sample before. */
  readonly restarted: Uint8Array;
  readonly problems: Omit<CounterProblems, 'unusable' | 'tooLarge'>;
}

export function growthOf({ timesMs, values }: CleanSamples, options: CounterOptions): Growth {
  const scaled = values.map((value) => Math.round(value * options.scale));
  const birth = birthOf(timesMs[0], scaled[0] ?? 0, options);
  const points = collectPoints(2 * timesMs.length + 1);
  if (birth.afterMs !== undefined) points.add(birth.afterMs, 0, false);
  const counts = { grew: 0, restart: 0, dip: 0, rebase: 0 };
  let [high, sum] = [0, birth.amount];
  for (let at = 0; at < timesMs.length; at++) {
    const [value = 0, time = 0] = [scaled[at], timesMs[at]];
    const absentMs = at === 0 ? undefined : awayUntil(at, timesMs, value, options);
    const change = changeAt(at, high, { timesMs, scaled, isNew: absentMs !== undefined }, options);
    counts[change]++;
    if (absentMs !== undefined && change === 'restart') points.add(absentMs, sum, false);
    sum += addedBy(change, value, at === 0 ? value : high);
    if (change !== 'dip') high = value;
    points.add(time, sum, change === 'restart');
  }
  const { clampedAmount } = birth;
  const clamped = Number(clampedAmount > 0);
  const problems = { resets: counts.restart, regressions: counts.dip + counts.rebase, clamped, clampedAmount };
  return { ...points.all(), isBirth: birth.afterMs !== undefined, problems };
}

/** Times, totals and restarts, `room` at most. */
function collectPoints(room: number) {
  const [timesMs, total, restarted] = [new Float64Array(room), new Float64Array(room), new Uint8Array(room)];
  let count = 0;
  return {
    add: (timeMs: number, sum: number, isRestart: boolean): void => {
      timesMs[count] = timeMs;
      total[count] = sum;
      restarted[count] = Number(isRestart);
      count++;
    },
    all: () => ({
      timesMs: timesMs.subarray(0, count),
      total: total.subarray(0, count),
      restarted: restarted.subarray(0, count),
    }),
  };
}

/**
 * The last scrape that did not have a series of wall time, if what it shows now can have begun since then, and if it was away for longer than an
 * exporter needs to find its holders again after a start. What is more than that went on while it was away, and the counter knows.
 */
function awayUntil(at: number, timesMs: Float64Array, value: number, options: CounterOptions): number | undefined {
  const [before = 0, time = 0] = [timesMs[at - 1], timesMs[at]];
  const { growsWithTime = false, lagMs = defaultLagMs, scrapedAt } = options;
  if (!growsWithTime || value > time - before + lagMs) return undefined;
  const scrapedMs = lastBefore(scrapedAt, time);
  if (scrapedMs === undefined || scrapedMs <= before || value > time - scrapedMs + lagMs) return undefined;
  return scrapedMs - before > (options.holdMs ?? usualHoldOf(timesMs)) ? scrapedMs : undefined;
}

/** In whole seconds, so that jitter does not make a difference between requests. */
export function usualHoldOf(timesMs: Float64Array): number {
  return holdOf(Math.round((scrapeIntervalOf(timesMs) ?? 0) / 1000) * 1000);
}

interface Birth {
  /** Undefined if nobody can say that the series began at 0. */
  readonly afterMs: number | undefined;
  readonly amount: number;
  readonly clampedAmount: number;
}

/** Wall time that is more than has passed counts with what fits. */
function birthOf(firstMs: number | undefined, amount: number, options: CounterOptions): Birth {
  const afterMs = firstMs === undefined ? undefined : bornAfterMs(firstMs, options);
  if (firstMs === undefined || afterMs === undefined) return { afterMs: undefined, amount: 0, clampedAmount: 0 };
  const { growsWithTime = false, lagMs = defaultLagMs } = options;
  const passed = firstMs - afterMs;
  if (!growsWithTime || amount <= passed + lagMs) return { afterMs, amount, clampedAmount: 0 };
  return { afterMs, amount: passed, clampedAmount: amount - passed };
}

/** The earliest time at which what a first sample shows can have begun; undefined if nobody can say that it began at 0. */
export function bornAfterMs(firstMs: number, { fromMs, scrapedAt, startedAt }: CounterOptions): number | undefined {
  const scraped = lastBefore(scrapedAt, firstMs);
  const started = lastBefore(startedAt, firstMs);
  if (scraped !== undefined) return Math.max(scraped, started ?? scraped);
  return started !== undefined && started >= fromMs ? started : undefined;
}

/** The last time before that one; undefined if there is none. */
function lastBefore(times: Float64Array | undefined, timeMs: number): number | undefined {
  let [low, high] = [0, times?.length ?? 0];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times?.[middle] ?? 0) < timeMs) low = middle + 1;
    else high = middle;
  }
  return times?.[low - 1];
}

/** restart: it began again at 0. dip: what was said before still holds. rebase: nobody knows; it is counted on from here. */
type Change = 'grew' | 'restart' | 'dip' | 'rebase';

function addedBy(change: Change, value: number, high: number): number {
  if (change === 'restart') return value;
  return change === 'grew' ? value - high : 0;
}

interface Samples {
  readonly timesMs: Float64Array;
  readonly scaled: Float64Array;
  readonly isNew: boolean;
}

function changeAt(at: number, high: number, { timesMs, scaled, isNew }: Samples, options: CounterOptions): Change {
  const [value = 0, next = 0] = [scaled[at], scaled[at + 1]];
  if (isNew) return 'restart';
  if (value >= high) return 'grew';
  const { growsWithTime = false, lagMs = defaultLagMs } = options;
  const elapsedMs = (timesMs[at] ?? 0) - (timesMs[at - 1] ?? 0);
  if (!growsWithTime) return elapsedMs < skewMs && next >= high ? 'dip' : 'restart';
  // Wall time that is more than can have passed did not begin at 0: an exporter goes on from what it saved a while ago.
  if (value <= elapsedMs + lagMs) return 'restart';
  return high - value <= lagMs ? 'dip' : 'rebase';
}
