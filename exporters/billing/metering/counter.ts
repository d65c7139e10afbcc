import type { Accrual, RawSeries } from './accrual.ts';
import { bornAfterMs, defaultLagMs, type Growth, growthOf, usualHoldOf } from './growth.ts';
import { collectPieces } from './pieces.ts';
import { cleanSamples, withoutTooLarge } from './samples.ts';
import { placeWallTime } from './wall-time.ts';

export { defaultLagMs } from './growth.ts';

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
  /**
   * The base unit is ms, and in each ms it gains 1 or nothing: time for which a holder had a GPU. Not for time that is divided among holders, which
   * gains less than 1.
   */
  readonly growsWithTime?: boolean | undefined;
  /** Only with growsWithTime: how far what the series says may lag behind what is. */
  readonly lagMs?: number | undefined;
  /**
   * Only with growsWithTime: what is missing around a restart of the counter is taken as held if it is no more than this. Default: `holdOf` the
   * usual time between samples.
   */
  readonly holdMs?: number | undefined;
}

/** What was wrong with the samples of a series; all 0 for a sound one. */
export interface CounterProblems {
  /** NaN, infinite or negative values. */
  readonly unusable: number;
  /** Values above 2^53 base units: they cannot be counted exactly and are left out. A larger base unit helps. */
  readonly tooLarge: number;
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

/**
 * How much a counter grew, from its raw samples alone: differences of rounded values, so that errors of rounding never add up.
 *
 * A value that falls is a restart, and the new value was added since. A series that was not there when its target was scraped before began at 0
 * since then; if it was there at the first scrape of all, its value is a baseline, unless the process started within what was asked for. What was
 * added between two samples is spread evenly over the time between them, also over a gap: the counter knows. For wall time see `placeWallTime`.
 */
export function accrualOfCounter(series: RawSeries, options: CounterOptions): CounterAccrual {
  const { samples, tooLarge } = withoutTooLarge(cleanSamples(series), options.scale);
  const growth = growthOf(samples, options);
  const problems = { unusable: samples.unusable, tooLarge, ...growth.problems };
  if (options.growsWithTime !== true) return { accrual: evenly(growth, options), problems };
  const { lagMs = defaultLagMs } = options;
  const holdMs = options.holdMs ?? (growth.problems.resets > 0 ? usualHoldOf(samples.timesMs) : lagMs);
  const isOver = (options.scrapedAt?.at(-1) ?? 0) > (samples.timesMs.at(-1) ?? 0);
  const { accrual, clamped, clampedAmount } = placeWallTime(growth, { lagMs, holdMs, isOver });
  return {
    accrual,
    problems: {
      ...problems,
      clamped: problems.clamped + clamped,
      clampedAmount: problems.clampedAmount + clampedAmount,
    },
  };
}

/**
 * How far before and after a window samples must reach so that it is metered as in any other partition of the period. Where there is no sample
 * within that, the nearest one beyond is needed, too.
 */
export function marginOf(scrapeIntervalMs: number, lagMs = defaultLagMs): number {
  return 3 * lagMs + 10 * scrapeIntervalMs;
}

function evenly({ timesMs, total, restarted }: Growth, options: CounterOptions): Accrual {
  const pieces = collectPieces(timesMs.length);
  for (let at = 1; at < timesMs.length; at++) {
    const [from = 0, to = 0] = [timesMs[at - 1], timesMs[at]];
    const amount = (total[at] ?? 0) - (total[at - 1] ?? 0);
    // What a restarted counter shows was added since the restart, and after the last scrape that did not have it.
    const since = restarted[at] === 1 ? bornAfterMs(to, { ...options, fromMs: from }) : undefined;
    pieces.add(since === undefined ? from : Math.max(from, since), to, amount);
  }
  return pieces.accrual();
}
