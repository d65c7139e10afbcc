import { lanes, lanesOfColumn, type Workspace } from './workspace.ts';

/** Where the histogram of a column begins. */
export function histogramAt(columns: number, slot: number, column: number): number {
  return (slot * columns + column) * lanesOfColumn;
}

/** Sums gradients, hessians and rows of the rows from `start` to `end` of the order, bin by bin. The order of rows makes the result the same always. */
export function fillHistogram(workspace: Workspace, at: number, column: number, start: number, end: number): void {
  const { histograms, bins, order, gradients, hessians, rows } = workspace;
  const from = column * rows;
  histograms.fill(0, at, at + lanesOfColumn);
  for (let place = start; place < end; place++) {
    const lane = at + (bins[from + (order[place] ?? 0)] ?? 0) * lanes;
    histograms[lane] = (histograms[lane] ?? 0) + (gradients[place] ?? 0);
    histograms[lane + 1] = (histograms[lane + 1] ?? 0) + (hessians[place] ?? 0);
    histograms[lane + 2] = (histograms[lane + 2] ?? 0) + 1;
  }
}

/** Leaves in the histogram of a node that of one child, by taking away that of the other. */
export function subtractHistogram(histograms: Float64Array, at: number, other: number): void {
  for (let lane = 0; lane < lanesOfColumn; lane++)
    histograms[at + lane] = (histograms[at + lane] ?? 0) - (histograms[other + lane] ?? 0);
}
