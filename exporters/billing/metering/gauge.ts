import type { Accrual, RawSeries } from './accrual.ts';

/** 2.5 scrape intervals: one missed scrape is bridged, two are a gap. */
export declare function holdOf(scrapeIntervalMs: number): number;
export declare function scrapeIntervalOf(timesMs: Float64Array): number | undefined;
export interface GaugeOptions {
  readonly scale: number;
  readonly holdMs: number;
}
export interface GaugeAccrual {
  readonly accrual: Accrual;
  readonly problems: { readonly unusable: number };
}
/** Integral over time in base units x ms. */
export declare function accrualOfGauge(series: RawSeries, options: GaugeOptions): GaugeAccrual;
/** 1 ms in each ms for which the series was there with a value above 0. */
export declare function accrualOfPresence(series: RawSeries, options: { readonly holdMs: number }): Accrual;
