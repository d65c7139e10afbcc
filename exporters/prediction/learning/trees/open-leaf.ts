import type { Split } from './choose-split.ts';
import type { TaskNode } from './column-task.ts';
import { directionOf, stepOf } from './scan-column.ts';
import type { Workspace } from './workspace.ts';

/** A leaf that may still be split. */
export interface OpenLeaf extends TaskNode {
  /** Its node in the tree. */
  readonly id: number;
  readonly split: Split | undefined;
}

/** Of all rows of the tree. */
export interface Sums {
  readonly gradient: number;
  readonly hessian: number;
}

export function rootOf({ gradient, hessian }: Sums, rows: number): OpenLeaf {
  const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return { id: 0, slot: 0, start: 0, end: rows, rows, gradient, hessian, low, high, split: undefined };
}

/** The leaf whose split gains most, of equal ones the first; undefined if none can be split. */
export function bestOf(leaves: readonly OpenLeaf[]): OpenLeaf | undefined {
  let best: OpenLeaf | undefined;
  for (const leaf of leaves) if ((leaf.split?.gain ?? 0) > (best?.split?.gain ?? 0)) best = leaf;
  return best;
}

interface Placed {
  /** The node of the left child; the right one has the next. */
  readonly id: number;
  /** Where the rows of the right child begin. */
  readonly middle: number;
  /** For the histogram of the smaller child; the larger one keeps that of the parent. */
  readonly slot: number;
}

export function childrenOf(
  workspace: Workspace,
  leaf: OpenLeaf,
  split: Split,
  { id, middle, slot }: Placed,
): readonly [OpenLeaf, OpenLeaf] {
  const isLeftSmaller = split.rows <= leaf.rows - split.rows;
  const left = { start: leaf.start, end: middle, rows: split.rows, gradient: split.gradient, hessian: split.hessian };
  const right = {
    start: middle,
    end: leaf.end,
    rows: leaf.rows - split.rows,
    gradient: leaf.gradient - split.gradient,
    hessian: leaf.hessian - split.hessian,
  };
  const [leftBounds, rightBounds] = boundsOf(workspace, leaf, left, right, split);
  return [
    { id, slot: isLeftSmaller ? slot : leaf.slot, ...left, ...leftBounds, split: undefined },
    { id: id + 1, slot: isLeftSmaller ? leaf.slot : slot, ...right, ...rightBounds, split: undefined },
  ];
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** A cut of a monotone column keeps all leaves on one side below the middle of the two steps, and all on the other above: LightGBM's `basic` method. */
function boundsOf(
  workspace: Workspace,
  leaf: OpenLeaf,
  left: Sums,
  right: Sums,
  { column, bin }: Split,
): readonly [Bounds, Bounds] {
  const { low, high } = leaf;
  const { rules } = workspace;
  const direction = directionOf(workspace, column, bin);
  if (direction === 0)
    return [
      { low, high },
      { low, high },
    ];
  const middle =
    (stepOf(left.gradient, left.hessian, leaf, rules) + stepOf(right.gradient, right.hessian, leaf, rules)) / 2;
  const [below, above] = [
    { low, high: middle },
    { low: middle, high },
  ];
  return direction > 0 ? [below, above] : [above, below];
}
