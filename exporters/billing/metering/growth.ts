import type { CounterOptions, CounterProblems } from './counter.ts';
import type { CleanSamples } from './samples.ts';

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
  readonly problems: Omit<CounterProblems, 'unusable'>;
}

export function growthOf({ timesMs, values }: CleanSamples, options: CounterOptions): Growth {
  const scaled = values.map((value) => Math.round(value * options.scale));
  const birth = birthOf(timesMs[0], scaled[0] ?? 0, options);
  const points = collectPoints(birth.afterMs);
  let [resets, regressions, high, sum] = [0, 0, scaled[0] ?? 0, birth.amount];
  for (const [at, time] of timesMs.entries()) {
    const value = scaled[at] ?? 0;
    const fall = value < high ? fallAt(at, high, timesMs, scaled, options) : 'none';
    const absentMs = at === 0 ? undefined : absentBetween(timesMs[at - 1] ?? 0, time, options);
    if (absentMs !== undefined) points.add(absentMs, sum, false);
    if (fall === 'none') sum += value - high;
    if (fall === 'restart') sum += value;
    if (fall !== 'dip') high = value;
    resets += Number(fall === 'restart');
    regressions += Number(fall === 'dip' || fall === 'rebase');
    points.add(time, sum, fall === 'restart');
  }
  const { clampedAmount } = birth;
  const problems = { resets, regressions, clamped: Number(clampedAmount > 0), clampedAmount };
  return { ...points.all(), isBirth: birth.afterMs !== undefined, problems };
}

/** The last scrape between two samples that did not have the series: nothing was added until then. */
function absentBetween(beforeMs: number, timeMs: number, { scrapedAt }: CounterOptions): number | undefined {
  const scrapedMs = lastBefore(scrapedAt, timeMs);
  return scrapedMs !== undefined && scrapedMs > beforeMs ? scrapedMs : undefined;
}

/** Times, totals and restarts, from the earliest time at which the series can have begun if that is known. */
function collectPoints(bornMs: number | undefined) {
  const [times, totals, restarts]: [number[], number[], number[]] = [[], [], []];
  const add = (timeMs: number, total: number, isRestart: boolean): void => {
    times.push(timeMs);
    totals.push(total);
    restarts.push(Number(isRestart));
  };
  if (bornMs !== undefined) add(bornMs, 0, false);
  return {
    add,
    all: () => ({
      timesMs: Float64Array.from(times),
      total: Float64Array.from(totals),
      restarted: Uint8Array.from(restarts),
    }),
  };
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
type Fall = 'restart' | 'dip' | 'rebase';

function fallAt(
  at: number,
  before: number,
  timesMs: Float64Array,
  scaled: Float64Array,
  { growsWithTime = false, lagMs = defaultLagMs }: CounterOptions,
): Fall {
  const [value = 0, next = 0] = [scaled[at], scaled[at + 1]];
  const elapsedMs = (timesMs[at] ?? 0) - (timesMs[at - 1] ?? 0);
  if (!growsWithTime) return elapsedMs < skewMs && next >= before ? 'dip' : 'restart';
  // Wall time that is more than can have passed did not begin at 0: an exporter goes on from what it saved a while ago.
  if (value <= elapsedMs + lagMs) return 'restart';
  return before - value <= lagMs ? 'dip' : 'rebase';
}
