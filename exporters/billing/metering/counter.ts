import type { Accrual, RawSeries } from './accrual.ts';
import { collectPieces } from './pieces.ts';
import { cleanSamples } from './samples.ts';
import { placeWallTime } from './wall-time.ts';

export interface CounterOptions {
  /** Base units in one unit of the series: 1000 for seconds to ms. */
  readonly scale: number;
  /** Start of what was asked for, ms: a process that started before may have been scraped before, too. */
  readonly fromMs: number;
  /**
   * When the target of the series was scraped with success, ascending, in the same stretch of time as the samples: the timestamps of any series
   * that is there in every scrape. Without it the first sample of a series is only a baseline.
   */
  readonly scrapedAt?: Float64Array | undefined;
  /** When the process behind the target started, every time that is known, ascending, ms. */
  readonly startedAt?: Float64Array | undefined;
  /** The base unit is ms and each ms adds 1 at most: time for which a holder had a GPU. */
  readonly growsWithTime?: boolean | undefined;
  /** Only with growsWithTime: how far what the series says may lag behind what is. */
  readonly lagMs?: number | undefined;
  /** Only with growsWithTime: what is missing around a restart of the counter is taken as held if it is no more than this. */
  readonly holdMs?: number | undefined;
}

/** gpu-exporter asks the kubelet every 5 s and shows the answer up to 6 s later; 1 s for the scrape. */
export const defaultLagMs = 12_000;

/** Scrapers whose clocks differ may see a counter fall when they ask it at nearly the same time. */
const skewMs = 1000;

/** What was wrong with the samples of a series; all 0 for a sound one. */
export interface CounterProblems {
  /** NaN, infinite or negative values. */
  readonly unusable: number;
  /** How often it began again at 0. */
  readonly resets: number;
  /** Values that fell and were no restart: counting goes on from there, nothing is added. */
  readonly regressions: number;
  /** How often it grew more than time allows, and was cut. */
  readonly clamped: number;
  /** What was cut, in base units. */
  readonly clampedAmount: number;
}

export interface CounterAccrual {
  readonly accrual: Accrual;
  readonly problems: CounterProblems;
}

/** A counter from its first sample on, in base units, without its restarts. */
export interface Growth {
  readonly timesMs: Float64Array;
  /** Whole numbers that never fall; 0 at the first time. */
  readonly total: Float64Array;
  /** The first time is the earliest at which a series that is new can have begun, and not a sample. */
  readonly isBirth: boolean;
  /** 1 where the counter began again since the sample before. */
  readonly restarted: Uint8Array;
}

interface Marks {
  resets: number;
  regressions: number;
  clamped: number;
  clampedAmount: number;
}

/**
 * How much a counter grew, from its raw samples alone: differences of rounded values, so that errors of rounding never add up.
 *
 * A value that falls is a restart, and the new value was added since. A series that was not there when its target was scraped before began at 0
 * since then; if it was there at the first scrape of all, its value is a baseline, unless the process started within what was asked for. What was
 * added between two samples is spread evenly over the time between them, also over a gap: the counter knows. For wall time see `placeWallTime`.
 */
export function accrualOfCounter(series: RawSeries, options: CounterOptions): CounterAccrual {
  const { unusable, timesMs, values } = cleanSamples(series);
  const marks: Marks = { resets: 0, regressions: 0, clamped: 0, clampedAmount: 0 };
  const growth = growthOf(timesMs, values, options, marks);
  if (options.growsWithTime !== true)
    return { accrual: evenly(timesMs, growth, options), problems: { unusable, ...marks } };
  const { lagMs = defaultLagMs, holdMs = lagMs } = options;
  const { accrual, clamped, clampedAmount } = placeWallTime(growth, { lagMs, holdMs });
  marks.clamped += clamped;
  marks.clampedAmount += clampedAmount;
  return { accrual, problems: { unusable, ...marks } };
}

/**
 * How far before and after a window samples must reach so that it is metered as in any other partition of the period. Where there is no sample
 * within that, the nearest one beyond is needed, too.
 */
export function marginOf(scrapeIntervalMs: number, lagMs = defaultLagMs): number {
  return 3 * lagMs + 8 * scrapeIntervalMs;
}

function growthOf(timesMs: Float64Array, values: Float64Array, options: CounterOptions, marks: Marks): Growth {
  const { scale, growsWithTime = false, lagMs = defaultLagMs } = options;
  const size = timesMs.length;
  const bornAfter = bornAfterMs(timesMs[0], options);
  const isBirth = bornAfter !== undefined;
  const offset = isBirth ? 1 : 0;
  const [times, total, restarted] = [
    new Float64Array(size + offset),
    new Float64Array(size + offset),
    new Uint8Array(size + offset),
  ];
  times.set(timesMs, offset);
  let before = Math.round((values[0] ?? 0) * scale);
  let sum = 0;
  if (isBirth) {
    times[0] = bornAfter;
    const since = (timesMs[0] ?? 0) - bornAfter;
    sum = before;
    if (growsWithTime && before > since + lagMs) {
      marks.clamped++;
      marks.clampedAmount += before - since;
      sum = since;
    }
    total[offset] = sum;
  }
  for (let at = 1; at < size; at++) {
    const value = Math.round((values[at] ?? 0) * scale);
    const elapsed = (timesMs[at] ?? 0) - (timesMs[at - 1] ?? 0);
    if (value >= before) sum += value - before;
    else {
      const next = Math.round((values[at + 1] ?? 0) * scale);
      const fall = growsWithTime ? fallOfTime(value, before, elapsed + lagMs, lagMs) : fallOf(before, next, elapsed);
      if (fall === 'restart') {
        marks.resets++;
        restarted[at + offset] = 1;
        sum += value;
      } else marks.regressions++;
      if (fall === 'dip') {
        total[at + offset] = sum;
        continue;
      }
    }
    before = value;
    total[at + offset] = sum;
  }
  return { timesMs: times, total, isBirth, restarted };
}

/** restart: it began again at 0. dip: what was said before still holds. rebase: nobody knows; it is counted on from here. */
type Fall = 'restart' | 'dip' | 'rebase';

function fallOf(before: number, next: number, elapsedMs: number): Fall {
  return elapsedMs < skewMs && next >= before ? 'dip' : 'restart';
}

/** Wall time that fell to more than can have passed since cannot have begun at 0: an exporter that goes on from what it saved a while ago. */
function fallOfTime(value: number, before: number, possibleMs: number, lagMs: number): Fall {
  if (value <= possibleMs) return 'restart';
  return before - value <= lagMs ? 'dip' : 'rebase';
}

/** The earliest time at which what the first sample shows can have begun; undefined if nobody can say that it began at 0. */
function bornAfterMs(
  firstMs: number | undefined,
  { fromMs, scrapedAt, startedAt }: CounterOptions,
): number | undefined {
  if (firstMs === undefined) return undefined;
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

function evenly(sampledMs: Float64Array, { timesMs, total, restarted }: Growth, options: CounterOptions): Accrual {
  const pieces = collectPieces(sampledMs.length);
  for (let at = 1; at < timesMs.length; at++) {
    const [from = 0, to = 0] = [timesMs[at - 1], timesMs[at]];
    const amount = (total[at] ?? 0) - (total[at - 1] ?? 0);
    // What a restarted counter shows was added since the restart, and after the last scrape that did not have it.
    const since = restarted[at] === 1 ? bornAfterMs(to, { ...options, fromMs: from }) : undefined;
    pieces.add(since === undefined ? from : Math.max(from, since), to, amount);
  }
  return pieces.accrual();
}
