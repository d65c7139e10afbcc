import { keyOfEntity } from '../entity.ts';
import { quantileOf } from '../evaluation/quantile.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { peerMedianOf } from '../features/peer-deviation.ts';

const fewestPeers = 3;

/** Median of a column among the peers of a row; undefined where it has too few. */
export type PeerMedian = (row: number, column: number) => number | undefined;

/**
 * Where the table has how far a column is from those of the same workload, that is used; else the median of the rows of the same cluster and product. Rows
 * are of one moment, one for each entity.
 */
export function peerMedians(table: FeatureTable, productOf: (key: string) => string): PeerMedian {
  const { names } = table.schema;
  const columns = names.length;
  const byWorkload = names.map((name) => names.indexOf(`${name}_vs_workload`));
  const groupOf = table.entities.map((each) => JSON.stringify([each.cluster, productOf(keyOfEntity(each))]));
  const rowsOf = new Map<string, number[]>();
  for (const [row, who] of table.entity.entries()) {
    const group = groupOf[who] ?? '';
    const rows = rowsOf.get(group);
    if (rows === undefined) rowsOf.set(group, [row]);
    else rows.push(row);
  }
  const known = new Map<string, number | undefined>();
  const readingOf = (row: number, column: number): number => table.values[row * columns + column] ?? Number.NaN;
  const medianOf = (group: string, column: number): number | undefined => {
    const key = `${column} ${group}`;
    if (!known.has(key)) known.set(key, median((rowsOf.get(group) ?? []).map((row) => readingOf(row, column))));
    return known.get(key);
  };
  return (row, column) => {
    const difference = byWorkload[column] ?? -1;
    const own = difference < 0 ? undefined : peerMedianOf(readingOf(row, column), readingOf(row, difference));
    return own ?? medianOf(groupOf[table.entity[row] ?? 0] ?? '', column);
  };
}

function median(values: readonly number[]): number | undefined {
  const there = values.filter((value) => !Number.isNaN(value));
  return there.length < fewestPeers ? undefined : quantileOf(there, 0.5);
}
