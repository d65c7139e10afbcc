import type { Horizon } from '../horizon';
import type { Layer, RiskRow } from './risk-row';

/** How good statements of a horizon have been; what nobody told is missing. */
export interface TrackRecord {
  /** `prequential`: of models that did not know the time. `said`: what the service really said. */
  readonly source: string;
  readonly statements?: number;
  readonly failedRatio?: number;
  readonly precision?: number;
  readonly recall?: number;
  readonly leadSeconds?: number;
}

export interface Fleet {
  readonly rows: readonly RiskRow[];
  readonly baseProbability: Readonly<Partial<Record<Horizon, number>>>;
  /** The layer of most devices. */
  readonly layer: Readonly<Partial<Record<Horizon, Layer>>>;
  /** Failures of GPUs that the service knows; undefined where it does not say. */
  readonly knownFailures: number | undefined;
  readonly trackRecords: Readonly<Partial<Record<Horizon, readonly TrackRecord[]>>>;
  /** When the service last told something. */
  readonly forecastAtMs: number | undefined;
  readonly modelsMadeAtMs: number | undefined;
  /** Values that are no probability: not a number, below 0 or above 1. */
  readonly unusableValues: number;
  /** What came instead of the series that the panel needs. */
  readonly otherSeries: readonly string[];
}
