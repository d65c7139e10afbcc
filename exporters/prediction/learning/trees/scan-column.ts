import { foundLanes, lanes, type Workspace } from './workspace.ts';

/** What is known of a node before it is split. `low` and `high` bound what its leaves may say; they are infinite without monotone columns. */
export interface NodeTotals {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
  readonly low: number;
  readonly high: number;
}

/** Less is noise of the arithmetic, not something learned. */
const minGain = 1e-10;

/**
 * The best cut of one column in one node, written to `found`: gain, last bin on the left, whether missing goes left, and gradient, hessian and rows on
 * the left. Gain 0 if there is none. Missing rows are tried on both sides; on the right alone they may face all that have a value. Of equal gains the
 * lowest bin wins, and missing on the right.
 */
export function scanColumn(workspace: Workspace, at: number, column: number, node: NodeTotals, to: number): void {
  const { histograms, found, edgeCounts } = workspace;
  const lastBin = (edgeCounts[column] ?? 0) + 1;
  const [missingGradient = 0, missingHessian = 0, missingRows = 0] = histograms.subarray(at, at + lanes);
  const present = node.rows - missingRows;
  let gradient = 0;
  let hessian = 0;
  let rows = 0;
  found.fill(0, to, to + foundLanes);
  for (let bin = 1; rows < present; bin++) {
    const lane = at + bin * lanes;
    const added = histograms[lane + 2] ?? 0;
    if (added === 0) continue;
    gradient += histograms[lane] ?? 0;
    hessian += histograms[lane + 1] ?? 0;
    rows += added;
    tryCut(workspace, column, node, to, rows === present ? lastBin : bin, 0, gradient, hessian, rows);
    if (missingRows === 0) continue;

    tryCut(
      workspace,
      column,
      node,
      to,
      bin,
      1,
      gradient + missingGradient,
      hessian + missingHessian,
      rows + missingRows,
    );
  }
}

/** Keeps a cut that is allowed and gains more than the best so far. Takes plain numbers: it is called for every bin of every column of every node. */
function tryCut(
  { rules, found, monotone, edgeCounts }: Workspace,
  column: number,
  node: NodeTotals,
  to: number,
  bin: number,
  missingLeft: number,
  gradient: number,
  hessian: number,
  rows: number,
): void {
  const { l2, minRows, minHessian } = rules;
  if (rows < minRows || node.rows - rows < minRows) return;
  const otherHessian = node.hessian - hessian;
  if (hessian < minHessian || otherHessian < minHessian) return;
  const otherGradient = node.gradient - gradient;
  const { low, high } = node;
  const gain =
    scoreOf(gradient, hessian + l2, low, high) +
    scoreOf(otherGradient, otherHessian + l2, low, high) -
    scoreOf(node.gradient, node.hessian + l2, low, high);
  if (!(gain > Math.max(minGain, found[to] ?? 0))) return;
  const rise = stepOf(otherGradient, otherHessian, node, rules) - stepOf(gradient, hessian, node, rules);
  if (rise * directionOf(monotone, edgeCounts, column, bin) < 0) return;
  found[to] = gain;
  found[to + 1] = bin;
  found[to + 2] = missingLeft;
  found[to + 3] = gradient;
  found[to + 4] = hessian;
  found[to + 5] = rows;
}

/** Which way a cut has to go; 0 for either way, as where all that is there goes left and no value is told from another. */
export function directionOf(monotone: Int8Array, edgeCounts: Int32Array, column: number, bin: number): number {
  return bin > (edgeCounts[column] ?? 0) ? 0 : (monotone[column] ?? 0);
}

/** Twice how much lower the loss is at the best step within the bounds: G² / H without bounds. */
function scoreOf(gradient: number, hessian: number, low: number, high: number): number {
  const step = -gradient / hessian;
  if (step >= low && step <= high) return (gradient * gradient) / hessian;
  const bounded = Math.min(high, Math.max(low, step));
  return -(2 * gradient + hessian * bounded) * bounded;
}

/** The Newton step of a leaf with these sums, clipped and within the bounds of the node: what the leaf says before the learning rate. */
export function stepOf(
  gradient: number,
  hessian: number,
  { low, high }: { readonly low: number; readonly high: number },
  { l2, leafClip }: { readonly l2: number; readonly leafClip: number },
): number {
  const step = Math.min(leafClip, Math.max(-leafClip, -gradient / (hessian + l2)));
  return Math.min(high, Math.max(low, step));
}
