import { isLeaf, type Tree } from '../trees/tree.ts';
import { createPaths, type Paths } from './path.ts';

/** Adds to `contributions`, by column, what each column does to the value of the tree. `isLeft` tells the way of the row at each node. */
export type ShapOfTree = (tree: Tree, isLeft: Uint8Array, contributions: Float64Array) => void;

/**
 * Exact Shapley values of one tree where a column that is not known sends a row both ways in the shares of the training rows: Lundberg et al., Consistent
 * Individualized Feature Attribution for Tree Ensembles, 2018, algorithm 2.
 */
export function createShapOfTree(maxDepth: number): ShapOfTree {
  const paths = createPaths(maxDepth);
  return (tree, isLeft, contributions) => visit({ paths, tree, isLeft, contributions }, 0, 0, 0, 1, 1, -1);
}

interface Walk {
  readonly paths: Paths;
  readonly tree: Tree;
  readonly isLeft: Uint8Array;
  readonly contributions: Float64Array;
}

/** `from` is where the path of the parent begins, which has `length` parts. */
function visit(
  walk: Walk,
  node: number,
  from: number,
  length: number,
  zero: number,
  one: number,
  column: number,
): void {
  const { paths, tree, contributions } = walk;
  const at = from + length;
  paths.extend(from, at, length, zero, one, column);
  if (isLeaf(tree, node)) paths.addLeaf(at, length, tree.value[node] ?? 0, contributions);
  else visitChildren(walk, node, at, length, tree.feature[node] ?? 0);
}

/** A column that was asked for before is taken out of the path and comes back with the shares of both decisions. */
function visitChildren(walk: Walk, node: number, at: number, length: number, column: number): void {
  const { paths, tree } = walk;
  const earlier = paths.find(at, length, column);
  const isNew = earlier === -1;
  const zero = isNew ? 1 : paths.zero(at + earlier);
  const one = isNew ? 1 : paths.one(at + earlier);
  if (!isNew) paths.unwind(at, length, earlier);
  const parts = isNew ? length + 1 : length;
  const toLeft = walk.isLeft[node] ?? 0;
  const [left, right] = [tree.left[node] ?? 0, tree.right[node] ?? 0];
  visit(walk, left, at, parts, zero * shareOf(tree, node, left), one * toLeft, column);
  visit(walk, right, at, parts, zero * shareOf(tree, node, right), one * (1 - toLeft), column);
}

/** Of the training rows of a node, how many went to the child. */
function shareOf({ cover }: Tree, node: number, child: number): number {
  return (cover[child] ?? 0) / (cover[node] ?? 1);
}
