import fc from 'fast-check';
import { createTreeExplainer } from '../../../../../exporters/prediction/learning/explain/explain-trees.ts';
import { createRandom, type Random } from '../../../../../exporters/prediction/learning/random.ts';
import {
  createTree,
  expectedValue,
  goesLeft,
  isLeaf,
  leafValue,
  type Tree,
} from '../../../../../exporters/prediction/learning/trees/tree.ts';

/** Any tree: columns may come twice on a way, thresholds may be infinite, covers are what random splits of the rows leave. */
function randomTree(leaves: number, columns: number, random: Random): Tree {
  const tree = createTree(2 * leaves - 1);
  const open = [0];
  tree.cover[0] = 10_000;
  let nodes = 1;
  while (nodes < 2 * leaves - 1) {
    const [node = 0] = open.splice(random.below(open.length), 1);
    const cover = tree.cover[node] ?? 0;
    const left = Math.max(1, Math.floor(cover * random.next()));
    if (cover < 2) break;
    tree.feature[node] = random.below(columns);
    tree.threshold[node] = random.below(10) === 0 ? Number.POSITIVE_INFINITY : random.next();
    tree.missingLeft[node] = random.below(2);
    tree.left[node] = nodes;
    tree.right[node] = nodes + 1;
    tree.cover[nodes] = left;
    tree.cover[nodes + 1] = cover - left;
    open.push(nodes, nodes + 1);
    nodes += 2;
  }
  for (const node of open) tree.value[node] = random.next() * 2 - 1;
  return tree;
}

/** What the tree says where only the columns in `known` are: both ways in the shares of the training rows elsewhere. */
function valueOfSet(tree: Tree, row: Float32Array, known: number, node = 0): number {
  if (isLeaf(tree, node)) return tree.value[node] ?? 0;
  const column = tree.feature[node] ?? 0;
  const [left, right] = [tree.left[node] ?? 0, tree.right[node] ?? 0];
  if ((known >> column) & 1) return valueOfSet(tree, row, known, goesLeft(tree, node, row[column] ?? 0) ? left : right);
  const share = (tree.cover[left] ?? 0) / (tree.cover[node] ?? 1);
  return share * valueOfSet(tree, row, known, left) + (1 - share) * valueOfSet(tree, row, known, right);
}

/** Shapley's definition, over all sets of the other columns. */
function shapley(tree: Tree, row: Float32Array, column: number): number {
  const columns = row.length;
  let sum = 0;
  for (let set = 0; set < 2 ** columns; set++) {
    if ((set >> column) & 1) continue;
    const size = set.toString(2).replaceAll('0', '').length;
    const weight = (factorial(size) * factorial(columns - size - 1)) / factorial(columns);
    sum += weight * (valueOfSet(tree, row, set | (1 << column)) - valueOfSet(tree, row, set));
  }
  return sum;
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

function rowsOf(rows: number, columns: number, random: Random): Float32Array {
  return Float32Array.from({ length: rows * columns }, () => (random.below(6) === 0 ? Number.NaN : random.next()));
}

// 12 leaves are asked by pattern, 30 row by row.
test.each([1, 2, 5, 12, 30])(
  'the contributions to a tree of %p leaves are Shapley values by their definition',
  (leaves) => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 4 }), (seed, columns) => {
        const random = createRandom(seed);
        const tree = randomTree(leaves, columns, random);
        const values = rowsOf(4, columns, random);
        const contributions = new Float64Array(4 * columns);
        createTreeExplainer([tree]).add({ rows: 4, columns, values }, contributions);
        for (let row = 0; row < 4; row++) {
          const one = values.subarray(row * columns, (row + 1) * columns);
          for (let column = 0; column < columns; column++)
            expect(contributions[row * columns + column]).toBeCloseTo(shapley(tree, one, column), 9);
        }
      }),
      { numRuns: 25 },
    );
  },
);

test('contributions and what is expected add up to what the trees say', () => {
  const random = createRandom(5);
  const columns = 12;
  const trees = [3, 15, 15, 40].map((leaves) => randomTree(leaves, columns, random));
  const explainer = createTreeExplainer(trees);
  const values = rowsOf(50, columns, random);
  const contributions = new Float64Array(50 * columns);
  explainer.add({ rows: 50, columns, values }, contributions);
  for (let row = 0; row < 50; row++) {
    const sum = contributions.subarray(row * columns, (row + 1) * columns).reduce((a, b) => a + b, 0);
    const said = trees.reduce((all, tree) => all + leafValue(tree, values, row * columns), 0);
    expect(Math.abs(explainer.expected + sum - said)).toBeLessThan(1e-9);
  }
});

test('what is expected is the mean of the leaves by training rows', () => {
  const tree = randomTree(9, 3, createRandom(8));
  expect(expectedValue(tree)).toBeCloseTo(valueOfSet(tree, new Float32Array(3), 0), 12);
});

test('a column that no tree asks for contributes nothing', () => {
  const tree = { ...randomTree(8, 1, createRandom(3)) };
  const contributions = new Float64Array(2);
  createTreeExplainer([tree]).add({ rows: 1, columns: 2, values: Float32Array.of(0.5, 0.5) }, contributions);
  expect(contributions[1]).toBe(0);
  expect(contributions[0]).not.toBe(0);
});
