import { daysOf } from '../evaluation/days.ts';
import type { FeatureTable } from '../features/feature-table.ts';

/**
 * One row of each entity and day, its first, and of the days each second, third, … so that there are at most `mostRows`. Whole days are left out, so that
 * an alert budget sees each day as it was. Days are counted from 1970, so that tables of different lengths keep the same ones.
 */
export function thinRows(table: FeatureTable, mostRows: number): FeatureTable {
  const days = daysOf(table, Uint32Array.from(table.atMs.keys()));
  const all = days.reduce((sum, { rows }) => sum + rows.length, 0);
  const every = Math.max(1, Math.ceil(all / mostRows));
  const kept = days.filter(({ day }) => day % every === 0).flatMap(({ rows }) => [...rows]);
  return kept.length === table.atMs.length ? table : takeRows(table, Uint32Array.from(kept));
}

/** Some rows of a table, ascending. */
export function takeRows(table: FeatureTable, rows: Uint32Array): FeatureTable {
  const columns = table.schema.names.length;
  const values = new Float32Array(rows.length * columns);
  for (const [index, row] of rows.entries())
    values.set(table.values.subarray(row * columns, (row + 1) * columns), index * columns);
  return {
    ...table,
    entity: Uint32Array.from(rows, (row) => table.entity[row] ?? 0),
    atMs: Float64Array.from(rows, (row) => table.atMs[row] ?? Number.NaN),
    values,
  };
}

/** Rows spread evenly over a table, at most so many. */
export function sampleRows(rows: Uint32Array, most: number): Uint32Array {
  const every = Math.max(1, Math.ceil(rows.length / most));
  return rows.filter((_, index) => index % every === 0);
}
