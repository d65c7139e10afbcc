import type { HistogramPlace } from './histogram.ts';
import { foundLanes, lanes, type SplitRules, type Workspace } from './workspace.ts';

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
 * the left. Gain 0 if there is none. Missing rows are tried on both sides; on the right alone they may face all that have a value. Of equal gains
 * missing on the right wins, then the lowest bin. Where nothing was missing in training, what is missing later goes with the larger part, as in
 * scikit-learn: the other side may be one that only the rarest values have reached.
 */
export function scanColumn(workspace: Workspace, of: HistogramPlace, node: NodeTotals, to: number): void {
  const { found, histograms } = workspace;
  found.fill(0, to, to + foundLanes);
  scanSide(workspace, of, node, to, 0);
  if (histograms[of.at + 2] !== 0) scanSide(workspace, of, node, to, 1);
  else found[to + 2] = Number(2 * (found[to + 5] as number) >= node.rows);
}

/** Keeps the best cut that gains more than what is found already. It is run for every bin of every column of every node, so numbers stay in registers. */
function scanSide(
  workspace: Workspace,
  { at, column }: HistogramPlace,
  node: NodeTotals,
  to: number,
  missingLeft: 0 | 1,
): void {
  const { rules, histograms, found, edgeCounts } = workspace;
  const { l2 } = rules;
  const { rows: allRows, gradient: allGradient, hessian: allHessian } = node;
  const isFree = hasNoBounds(workspace, column, node);
  const scoreBefore = scoreOf(allGradient, allHessian + l2, node.low, node.high);
  const [missingGradient = 0, missingHessian = 0, missingRows = 0] = histograms.subarray(at, at + lanes);
  const present = allRows - missingRows;
  const rowsWith = missingLeft * missingRows;
  let gradient = missingLeft * missingGradient;
  let hessian = missingLeft * missingHessian;
  let seen = 0;
  let best = Math.max(minGain, found[to] as number);
  for (let bin = 1; seen < present; bin++) {
    const lane = at + bin * lanes;
    const added = histograms[lane + 2] as number;
    if (added === 0) continue;
    gradient += histograms[lane] as number;
    hessian += histograms[lane + 1] as number;
    seen += added;
    const rows = seen + rowsWith;
    const otherGradient = allGradient - gradient;
    const otherHessian = allHessian - hessian;
    if (isTooSmall(rows, hessian, rules) || isTooSmall(allRows - rows, otherHessian, rules)) continue;
    const lastBin = seen === present ? (edgeCounts[column] as number) + 1 : bin;
    const score = isFree
      ? (gradient * gradient) / (hessian + l2) + (otherGradient * otherGradient) / (otherHessian + l2)
      : boundScore(workspace, directionOf(workspace, column, lastBin), node, gradient, hessian);
    if (!(score - scoreBefore > best)) continue;
    best = score - scoreBefore;
    found[to] = best;
    found[to + 1] = lastBin;
    found[to + 2] = missingLeft;
    found[to + 3] = gradient;
    found[to + 4] = hessian;
    found[to + 5] = rows;
  }
}

function isTooSmall(rows: number, hessian: number, { minRows, minHessian }: SplitRules): boolean {
  return rows < minRows || hessian < minHessian;
}

function hasNoBounds({ monotone }: Workspace, column: number, { low, high }: NodeTotals): boolean {
  return monotone[column] === 0 && low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY;
}

/** Of both sides of a cut; NaN for one that goes the wrong way. */
function boundScore(
  { rules }: Workspace,
  direction: number,
  node: NodeTotals,
  gradient: number,
  hessian: number,
): number {
  const { low, high } = node;
  const otherGradient = node.gradient - gradient;
  const otherHessian = node.hessian - hessian;
  const rise = stepOf(otherGradient, otherHessian, node, rules) - stepOf(gradient, hessian, node, rules);
  if (rise * direction < 0) return Number.NaN;
  return scoreOf(gradient, hessian + rules.l2, low, high) + scoreOf(otherGradient, otherHessian + rules.l2, low, high);
}

/** Which way a cut has to go; 0 for either way, as where all that is there goes left and no value is told from another. */
export function directionOf({ monotone, edgeCounts }: Workspace, column: number, bin: number): number {
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
