import { leafValue, type Tree } from './trees/tree.ts';

/** Sum of the leaves of all trees for the row that begins at `offset`. The trees are laid out as one, to be walked without going from object to object. */
export function createTreeSum(trees: readonly Tree[]): (values: Float32Array, offset: number) => number {
  const roots = rootsOf(trees);
  const one: Tree = {
    feature: joined(trees, (tree) => tree.feature, Int32Array),
    threshold: joined(trees, (tree) => tree.threshold, Float64Array),
    bin: joined(trees, (tree) => tree.bin, Uint8Array),
    missingLeft: joined(trees, (tree) => tree.missingLeft, Uint8Array),
    value: joined(trees, (tree) => tree.value, Float64Array),
    cover: joined(trees, (tree) => tree.cover, Float64Array),
    left: joined(trees, (tree, at) => tree.left.map((child) => child + (roots[at] ?? 0)), Int32Array),
    right: joined(trees, (tree, at) => tree.right.map((child) => child + (roots[at] ?? 0)), Int32Array),
  };
  return (values, offset) => {
    let sum = 0;
    for (let at = 0; at < roots.length; at++) sum += leafValue(one, values, offset, roots[at]);
    return sum;
  };
}

function rootsOf(trees: readonly Tree[]): Int32Array {
  const roots = new Int32Array(trees.length);
  let at = 0;
  trees.forEach(({ feature }, nth) => {
    roots[nth] = at;
    at += feature.length;
  });
  return roots;
}

function joined<T extends Int32Array | Float64Array | Uint8Array>(
  trees: readonly Tree[],
  part: (tree: Tree, at: number) => T,
  Kind: new (length: number) => T,
): T {
  const parts = trees.map(part);
  const all = new Kind(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of parts) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}
