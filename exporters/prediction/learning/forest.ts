import { failuresAmong } from './check-matrix.ts';
import type { LabelledMatrix } from './matrix.ts';
import type { ForestBody } from './model-body.ts';
import { bootstrap, choose, type Random } from './random.ts';
import type { ForestSettings } from './settings.ts';
import { type Grower, growTree } from './trees/grow-tree.ts';
import type { Sums } from './trees/open-leaf.ts';
import type { Tree } from './trees/tree.ts';
import type { Workspace } from './trees/workspace.ts';

export interface ForestInput {
  readonly matrix: LabelledMatrix;
  readonly settings: ForestSettings;
  /** Added to the log-odds of the kept rows. */
  readonly correction: number;
  readonly random: Random;
  /** Called after each tree with the number of trees so far. */
  readonly onTree: (trees: number) => void;
}

/**
 * Trees that each see rows drawn with replacement, and at each node the root of the number of columns (Breiman 2001). Gradients are the base rate - label
 * and hessians 1, so the gain is that of the variance (of Gini's index, that is) and a leaf says how far its share of failures is from the base rate.
 */
export function growForest(grower: Grower, { matrix, settings, correction, random, onTree }: ForestInput): ForestBody {
  const { workspace } = grower;
  const base = failuresAmong(matrix) / matrix.rows;
  const columnsOfNode = Math.max(1, Math.round(Math.sqrt(matrix.columns)));
  const trees: Tree[] = [];
  while (trees.length < settings.trees) {
    workspace.order.set(bootstrap(matrix.rows, random));
    const sums = writeGradients(workspace, base, matrix.labels);
    const { tree } = growTree(grower, {
      rows: matrix.rows,
      sums,
      maxLeaves: settings.leaves,
      rate: 1,
      activate: () => activateSome(workspace, columnsOfNode, random),
      activatesPerNode: true,
    });
    trees.push(tree);
    onTree(trees.length);
  }
  return { kind: 'forest', base, shift: correction, trees };
}

function activateSome({ active, columns }: Workspace, wanted: number, random: Random): number {
  const chosen = choose(columns, wanted, random);
  active.set(chosen);
  return chosen.length;
}

function writeGradients({ order, gradients, hessians, rows }: Workspace, base: number, labels: Uint8Array): Sums {
  hessians.fill(1);
  let sum = 0;
  for (let place = 0; place < rows; place++) {
    const row = order[place] ?? 0;
    const gradient = base - (labels[row] ?? 0);
    gradients[row] = gradient;
    sum += gradient;
  }
  return { gradient: sum, hessian: rows };
}
