import type { InferenceName } from '../../../metrics/engines/engine.ts';

/** A histogram with the bounds of the engine, not those of the catalogue. */
export interface NativeHistogram {
  /** Bounds in the unit of the catalogue, ascending, with their cumulative counts; the last bound is infinite. */
  readonly buckets: readonly (readonly [bound: number, count: number])[];
  readonly sum: number;
  readonly count: number;
}

/** A series of the catalogue as one engine tells it. */
export interface UnifiedSeries {
  readonly name: InferenceName;
  /** Without those that are the same for all series of the engine. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | NativeHistogram;
}
