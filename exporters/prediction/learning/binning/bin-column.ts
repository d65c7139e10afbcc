import type { Workspace } from '../trees/workspace.ts';
import { columnEdges, maxEdges } from './column-edges.ts';

/** At most so many rows are looked at to find the edges of bins. */
export const maxSampledRows = 100_000;

/** Finds the edges of a column among the sampled rows, and the bin of each of its cells. */
export function binColumn({ columns, rows, values, sample, edges, edgeCounts, bins }: Workspace, column: number): void {
  const edgesOfColumn = edges.subarray(column * maxEdges, (column + 1) * maxEdges);
  const count = columnEdges(sortedSample(values, columns, column, sample), edgesOfColumn);
  edgeCounts[column] = count;
  const to = column * rows;
  for (let row = 0; row < rows; row++)
    bins[to + row] = binOf(values[row * columns + column] ?? 0, edgesOfColumn, count);
}

/** Without missing values, ascending. */
function sortedSample(values: Float32Array, columns: number, column: number, sample: Int32Array): Float32Array {
  const found = new Float32Array(sample.length);
  let count = 0;
  for (const row of sample) {
    const value = values[row * columns + column] ?? 0;
    if (Number.isNaN(value)) continue;
    found[count] = value;
    count++;
  }
  return found.subarray(0, count).sort();
}

/** 0 for NaN, else 1 + the number of edges below the value. */
export function binOf(value: number, edges: Float64Array, count: number): number {
  if (Number.isNaN(value)) return 0;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (edges[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}
