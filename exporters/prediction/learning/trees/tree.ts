/**
 * A decision tree as columns of its nodes; the root is node 0 and children come after their parent. A value goes left if it is at or below the
 * threshold; a threshold of +Infinity is met by every value that is there.
 */
export interface Tree {
  /** The column that decides; -1 in a leaf. */
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  /** The last bin of training that goes left; for those who compare with the binned rows. */
  readonly bin: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** 1 if a missing value goes left. */
  readonly missingLeft: Uint8Array;
  /** What a leaf adds; 0 in other nodes. */
  readonly value: Float64Array;
  /** Training rows that came by. */
  readonly cover: Float64Array;
}

export function createTree(nodes: number): Tree {
  return {
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float64Array(nodes),
    bin: new Uint8Array(nodes),
    left: new Int32Array(nodes).fill(-1),
    right: new Int32Array(nodes).fill(-1),
    missingLeft: new Uint8Array(nodes),
    value: new Float64Array(nodes),
    cover: new Float64Array(nodes),
  };
}

/** The first nodes of a tree that was made with room for more. */
export function cutTree(tree: Tree, nodes: number): Tree {
  return {
    feature: tree.feature.slice(0, nodes),
    threshold: tree.threshold.slice(0, nodes),
    bin: tree.bin.slice(0, nodes),
    left: tree.left.slice(0, nodes),
    right: tree.right.slice(0, nodes),
    missingLeft: tree.missingLeft.slice(0, nodes),
    value: tree.value.slice(0, nodes),
    cover: tree.cover.slice(0, nodes),
  };
}

export function isLeaf({ feature }: Tree, node: number): boolean {
  return (feature[node] ?? -1) < 0;
}

export function goesLeft({ threshold, missingLeft }: Tree, node: number, value: number): boolean {
  return value <= (threshold[node] ?? 0) || (missingLeft[node] === 1 && Number.isNaN(value));
}

/** The value of the leaf of the row that begins at `offset`. */
export function leafValue(tree: Tree, values: Float32Array, offset: number, root = 0): number {
  let node = root;
  for (let feature = tree.feature[node] ?? -1; feature >= 0; feature = tree.feature[node] ?? -1) {
    const isLeft = goesLeft(tree, node, values[offset + feature] ?? 0);
    node = (isLeft ? tree.left[node] : tree.right[node]) ?? 0;
  }
  return tree.value[node] ?? 0;
}

/** The mean of the leaves, each counting as often as training rows came to it. */
export function expectedValue({ value, cover }: Tree): number {
  let sum = 0;
  for (let node = 0; node < value.length; node++) sum += (value[node] ?? 0) * (cover[node] ?? 0);
  return sum / (cover[0] ?? 1);
}
