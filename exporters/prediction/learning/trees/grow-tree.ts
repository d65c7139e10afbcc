import { maxEdges } from '../binning/column-edges.ts';
import { chooseSplit, type Split } from './choose-split.ts';
import type { Crew } from './column-task.ts';
import { bestOf, childrenOf, type OpenLeaf, rootOf, type Sums } from './open-leaf.ts';
import { partition } from './partition.ts';
import { stepOf } from './scan-column.ts';
import { createTree, cutTree, type Tree } from './tree.ts';
import type { Workspace } from './workspace.ts';

/** A leaf of the tree, and where its rows are in the order of the workspace. */
export interface Leaf {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

export interface GrownTree {
  readonly tree: Tree;
  readonly leaves: readonly Leaf[];
}

export interface GrowOptions {
  /** How many places of the order the tree is to see. */
  readonly rows: number;
  /** Of their gradients and hessians, in the order of the places. */
  readonly sums: Sums;
  readonly maxLeaves: number;
  /** What the step of a leaf is multiplied with. */
  readonly rate: number;
  /** Writes the columns that may decide to `active` and tells how many there are. */
  readonly activate: () => number;
  /** Whether that is done anew for each node, so that no histogram can be taken from another. */
  readonly activatesPerNode: boolean;
}

export interface Grower {
  readonly workspace: Workspace;
  /** For as many rows as there are. */
  readonly room: Int32Array;
  readonly crew: Crew;
}

/** Grows one tree, the leaf with the most gain first. Needs order, gradients and hessians in the workspace, and leaves them by leaf. */
export function growTree({ workspace, room, crew }: Grower, options: GrowOptions): GrownTree {
  const { rules } = workspace;
  const { rows, sums, maxLeaves, rate, activate, activatesPerNode } = options;
  const subtracts = !activatesPerNode && workspace.slots >= maxLeaves;
  const tree = createTree(2 * maxLeaves - 1);
  let columns = activate();
  let nodes = 1;
  let leaves: readonly OpenLeaf[] = [searched(rootOf(sums, rows))];
  tree.cover[0] = rows;

  for (let leaf = bestOf(leaves); leaves.length < maxLeaves && leaf?.split !== undefined; leaf = bestOf(leaves)) {
    const children = split(leaf, leaf.split);
    const others = leaves.filter((each) => each !== leaf);
    leaves = [...others, ...(others.length + 2 < maxLeaves ? searchedChildren(...children) : children)];
  }
  for (const leaf of leaves) tree.value[leaf.id] = rate * stepOf(leaf.gradient, leaf.hessian, leaf, rules);
  return {
    tree: cutTree(tree, nodes),
    leaves: leaves.map(({ id, start, end }) => ({ start, end, value: tree.value[id] ?? 0 })),
  };

  function split(leaf: OpenLeaf, found: Split): readonly [OpenLeaf, OpenLeaf] {
    const middle = partition(workspace, room, found, leaf.start, leaf.end);
    const children = childrenOf(workspace, leaf, found, {
      id: nodes,
      middle,
      slot: subtracts ? leaves.length : leaf.slot,
    });
    writeSplit(workspace, tree, leaf.id, found, nodes);
    for (const child of children) tree.cover[child.id] = child.rows;
    nodes += 2;
    return children;
  }

  function canSplit(leaf: OpenLeaf): boolean {
    return leaf.rows >= 2 * rules.minRows && leaf.hessian >= 2 * rules.minHessian;
  }

  function searched(leaf: OpenLeaf): OpenLeaf {
    if (!canSplit(leaf)) return leaf;
    if (activatesPerNode) columns = activate();
    crew.run(columns, { kind: 'node', node: leaf });
    return { ...leaf, split: chooseSplit(workspace, columns, 0) };
  }

  function searchedChildren(left: OpenLeaf, right: OpenLeaf): readonly OpenLeaf[] {
    if (!subtracts) return [searched(left), searched(right)];
    if (!canSplit(left) && !canSplit(right)) return [left, right];
    const [smaller, larger] = left.rows <= right.rows ? [left, right] : [right, left];
    crew.run(columns, { kind: 'children', smaller, larger });
    return [left, right].map((leaf) => ({ ...leaf, split: chooseSplit(workspace, columns, leaf === smaller ? 0 : 1) }));
  }
}

function writeSplit({ edges, edgeCounts }: Workspace, tree: Tree, node: number, split: Split, left: number): void {
  const { column, bin, missingLeft } = split;
  const isAllPresent = bin > (edgeCounts[column] ?? 0);
  tree.feature[node] = column;
  tree.threshold[node] = isAllPresent ? Number.POSITIVE_INFINITY : (edges[column * maxEdges + bin - 1] ?? 0);
  tree.bin[node] = bin;
  tree.missingLeft[node] = missingLeft ? 1 : 0;
  tree.left[node] = left;
  tree.right[node] = left + 1;
}
