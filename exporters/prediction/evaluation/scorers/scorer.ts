import type { FeatureTable } from '../../features/feature-table.ts';
import type { Horizon } from '../../horizon.ts';

/** What was known when a model was made. */
export interface Past {
  readonly table: FeatureTable;
  /** Of every row of the table; those that were not known yet are `unusable`. */
  readonly labels: Uint8Array;
  /** The rows with a label. */
  readonly rows: Uint32Array;
  readonly horizon: Horizon;
  /** The moment that the model is made; all horizons of its rows are over then. */
  readonly cutMs: number;
}

/** Probabilities of rows of the same table, in their order. What it says of a row may rest on what was known at its moment, and on nothing later. */
export type Score = (rows: Uint32Array) => Float64Array;

/** A way to learn and to predict. */
export interface Scorer {
  readonly name: string;
  /** Undefined where so little was known that nothing can be learned. */
  readonly fit: (past: Past) => Score | undefined;
}

/** A scorer whose learning takes so long that it is done elsewhere. */
export interface LaterScorer {
  readonly name: string;
  readonly fit: (past: Past) => Promise<Score | undefined>;
}
