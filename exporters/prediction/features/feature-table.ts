import type { Entity } from '../entity.ts';

/** Which columns a table has. Two tables with the same hash may be put together; a model refuses any other. */
export interface FeatureSchema {
  /** Grows when the meaning of a column changes though its name stays. */
  readonly version: number;
  /** In the order of the columns. From a fixed list of specs, so they are safe as label values. */
  readonly names: readonly string[];
}

/**
 * What was known of entities at moments. A row uses only samples whose time is at or before its moment, so it can be trained with and asked in the
 * same way.
 */
export interface FeatureTable {
  readonly schema: FeatureSchema;
  readonly entities: readonly Entity[];
  /** Of each row: which of `entities`. */
  readonly entity: Uint32Array;
  /** Of each row: its moment, in ms since 1970. Rows ascend by moment, then by entity; no pair comes twice. */
  readonly atMs: Float64Array;
  /** Rows × columns, row by row. NaN is a reading that is not there; 0 is one that is 0. */
  readonly values: Float32Array;
}
