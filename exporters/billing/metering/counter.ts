import type { Accrual, RawSeries } from './accrual.ts';

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
  /** When the process behind the target started, every time that is known, ascending. */
  readonly startedAt?: Float64Array | undefined;
  /** The base unit is ms and a ms adds 1 at most: seconds for which a holder had a GPU. */
  readonly growsWithTime?: boolean | undefined;
  /** Only with growsWithTime: how far what the series says may lag behind what is. See `defaultLagMs`. */
  readonly lagMs?: number | undefined;
}

/** gpu-exporter asks the kubelet every 5 s and shows it up to 6 s later. */
export const defaultLagMs = 12_000;

/** What was wrong with the samples of a series; all 0 for a sound one. */
export interface CounterProblems {
  /** NaN, infinite or negative values. */
  readonly unusable: number;
  /** Times at which it began again at 0. */
  readonly resets: number;
  /** Values that fell and were not a restart. */
  readonly regressions: number;
  /** Times at which it grew more than time allows, and was cut. */
  readonly clamped: number;
  /** What was cut, in base units. */
  readonly clampedAmount: number;
}

export interface CounterAccrual {
  readonly accrual: Accrual;
  readonly problems: CounterProblems;
}

/** How far before and after a window samples must reach so that the window is metered as it would be in any other partition. */
export declare function marginOf(lagMs: number, scrapeIntervalMs: number): number;
export declare function accrualOfCounter(series: RawSeries, options: CounterOptions): CounterAccrual;
