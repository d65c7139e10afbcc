import { failuresAmong } from './check-matrix.ts';
import { createEarlyStop } from './early-stop.ts';
import { type LabelledMatrix, probabilityOf } from './matrix.ts';
import type { BoostedBody } from './model-body.ts';
import { activateAll } from './prepare.ts';
import { choose, type Random } from './random.ts';
import type { BoostedSettings } from './settings.ts';
import { type Grower, growTree, type Leaf } from './trees/grow-tree.ts';
import type { Sums } from './trees/open-leaf.ts';
import { leafValue, type Tree } from './trees/tree.ts';
import type { Workspace } from './trees/workspace.ts';

export interface BoostInput {
  readonly matrix: LabelledMatrix;
  /** Of a later time than the rows that are learned from; used only for `patienceTrees`. */
  readonly validation: LabelledMatrix | undefined;
  readonly settings: BoostedSettings;
  /** Added to the log-odds of the kept rows. */
  readonly correction: number;
  readonly random: Random;
  /** Called after each tree with the number of trees so far. */
  readonly onTree: (trees: number) => void;
}

/** Keeps the step of a row whose probability has come to 0 or 1 finite. */
const minHessianOfRow = 1e-16;

/** Boosted trees by log-loss, each a Newton step from what those before say. The workspace is binned. */
export function boost(
  grower: Grower,
  { matrix, validation, settings, correction, random, onTree }: BoostInput,
): BoostedBody {
  const { workspace } = grower;
  const failures = failuresAmong(matrix);
  const base = Math.log((failures + 0.5) / (matrix.rows - failures + 0.5));
  const scores = new Float64Array(matrix.rows).fill(base);
  const early = createEarlyStop(validation, base + correction, settings.patienceTrees);
  const isWhole = settings.rowShare === 1 && settings.columnShare === 1;
  const trees: Tree[] = [];
  for (let nth = 0; nth < settings.trees && !early.isOver(); nth++) {
    const rows = chooseRows(workspace, settings.rowShare, random);
    const sums = writeGradients(workspace, rows, scores, matrix.labels);
    const columns = chooseColumns(workspace, settings.columnShare, random);
    const { tree, leaves } = growTree(grower, {
      rows,
      sums,
      maxLeaves: settings.leaves,
      rate: settings.learningRate,
      activate: () => columns,
      activatesPerNode: false,
    });
    // Without a split the next tree would see the same and find none either.
    if (leaves.length === 1 && isWhole) break;
    if (rows === matrix.rows) addLeaves(scores, workspace.order, leaves);
    else addTree(scores, matrix, tree);
    trees.push(tree);
    early.see(tree);
    onTree(trees.length);
  }
  return { kind: 'boosted', base: base + correction, trees: trees.slice(0, early.best() ?? trees.length) };
}

/** Writes the rows of the tree to the order. */
function chooseRows({ order, rows }: Workspace, share: number, random: Random): number {
  if (share < 1) {
    const chosen = choose(rows, Math.max(1, Math.round(share * rows)), random);
    order.set(chosen);
    return chosen.length;
  }
  for (let row = 0; row < rows; row++) order[row] = row;
  return rows;
}

function chooseColumns(workspace: Workspace, share: number, random: Random): number {
  if (share >= 1) return activateAll(workspace);
  const chosen = choose(workspace.columns, Math.max(1, Math.round(share * workspace.columns)), random);
  workspace.active.set(chosen);
  return chosen.length;
}

/** Sums them on the way, while they are at hand. */
function writeGradients(
  { order, gradients, hessians }: Workspace,
  rows: number,
  scores: Float64Array,
  labels: Uint8Array,
): Sums {
  let [sumOfGradients, sumOfHessians] = [0, 0];
  for (let place = 0; place < rows; place++) {
    const row = order[place] ?? 0;
    const probability = probabilityOf(scores[row] ?? 0);
    const gradient = probability - (labels[row] ?? 0);
    const hessian = Math.max(probability * (1 - probability), minHessianOfRow);
    gradients[row] = gradient;
    hessians[row] = hessian;
    sumOfGradients += gradient;
    sumOfHessians += hessian;
  }
  return { gradient: sumOfGradients, hessian: sumOfHessians };
}

function addLeaves(scores: Float64Array, order: Int32Array, leaves: readonly Leaf[]): void {
  for (const { start, end, value } of leaves) {
    for (let place = start; place < end; place++) {
      const row = order[place] ?? 0;
      scores[row] = (scores[row] ?? 0) + value;
    }
  }
}

function addTree(scores: Float64Array, { rows, columns, values }: LabelledMatrix, tree: Tree): void {
  for (let row = 0; row < rows; row++) scores[row] = (scores[row] ?? 0) + leafValue(tree, values, row * columns);
}
