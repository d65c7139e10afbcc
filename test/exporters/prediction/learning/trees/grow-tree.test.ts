import type { LabelledMatrix } from '../../../../../exporters/prediction/learning/matrix.ts';
import { activateAll, binAll } from '../../../../../exporters/prediction/learning/prepare.ts';
import { choose, createRandom } from '../../../../../exporters/prediction/learning/random.ts';
import type { Monotone } from '../../../../../exporters/prediction/learning/settings.ts';
import { soloCrew } from '../../../../../exporters/prediction/learning/trees/column-task.ts';
import { type GrownTree, growTree } from '../../../../../exporters/prediction/learning/trees/grow-tree.ts';
import { expectedValue, leafValue } from '../../../../../exporters/prediction/learning/trees/tree.ts';
import { createWorkspace } from '../../../../../exporters/prediction/learning/trees/workspace.ts';
import { matrixOf, riskRows } from '../../../../support/risk-rows.ts';

interface Grow {
  readonly leaves?: number;
  readonly l2?: number;
  readonly minRows?: number;
  readonly minHessian?: number;
  readonly leafClip?: number;
  readonly slots?: number;
  readonly monotone?: readonly Monotone[];
}

/** One tree towards the labels: gradients are -label, hessians 1, so a leaf says the mean label where there is no L2. */
function grow(matrix: LabelledMatrix, { leaves = 8, slots = leaves, monotone = [], ...rules }: Grow = {}): GrownTree {
  const workspace = createWorkspace(matrix, {
    rules: { l2: 0, minRows: 1, minHessian: 0, leafClip: Number.POSITIVE_INFINITY, ...rules },
    monotone,
    slots,
    sample: choose(matrix.rows, 100_000, createRandom(1)),
    allocate: (bytes) => new ArrayBuffer(bytes),
  });
  const crew = soloCrew(workspace);
  binAll(workspace, crew);
  for (let row = 0; row < matrix.rows; row++) {
    workspace.order[row] = row;
    workspace.gradients[row] = -(matrix.labels[row] ?? 0);
    workspace.hessians[row] = 1;
  }
  const room = new Int32Array(matrix.rows);
  return growTree(
    { workspace, room, crew },
    {
      rows: matrix.rows,
      sums: { gradient: -matrix.labels.reduce((sum, label) => sum + label, 0), hessian: matrix.rows },
      maxLeaves: leaves,
      rate: 1,
      activate: () => activateAll(workspace),
      activatesPerNode: false,
    },
  );
}

const valuesOf = (matrix: LabelledMatrix, { tree }: GrownTree): readonly number[] =>
  Array.from({ length: matrix.rows }, (_, row) => leafValue(tree, matrix.values, row * matrix.columns) + 0);

test('the first cut is where the labels change', () => {
  const matrix = matrixOf(
    [
      [5, 1],
      [5, 2],
      [5, 3],
      [5, 4],
    ],
    [0, 0, 1, 1],
  );
  const { tree, leaves } = grow(matrix);
  expect([tree.feature[0], tree.threshold[0]]).toEqual([1, 2.5]);
  expect([...tree.cover]).toEqual([4, 2, 2]);
  expect(leaves.map(({ start, end, value }) => [start, end, value + 0])).toEqual([
    [0, 2, 0],
    [2, 4, 1],
  ]);
});

test('a constant column and one without readings never decide', () => {
  const rows = Array.from({ length: 60 }, (_, row) => [7, Number.NaN, row % 7]);
  const { tree } = grow(
    matrixOf(
      rows,
      rows.map((_, row) => Number(row % 7 > 3)),
    ),
  );
  expect(new Set(tree.feature)).toEqual(new Set([-1, 2]));
});

test('nothing is cut where no column tells anything', () => {
  expect(grow(matrixOf([[1], [1], [1]], [0, 1, 0])).leaves).toHaveLength(1);
  expect(grow(matrixOf([[1], [2], [3]], [1, 1, 1])).leaves).toHaveLength(1);
});

test('missing goes to the side that gains more', () => {
  const readings = [[1], [1], [Number.NaN], [2], [2]];
  expect(grow(matrixOf(readings, [1, 1, 1, 0, 0])).tree.missingLeft[0]).toBe(1);
  expect(grow(matrixOf(readings, [1, 1, 0, 0, 0])).tree.missingLeft[0]).toBe(0);
});

test('missing may face all that is there, and then every value goes left', () => {
  const matrix = matrixOf([[1], [2], [3], [Number.NaN], [Number.NaN]], [0, 0, 0, 1, 1]);
  const grown = grow(matrix);
  expect([grown.tree.threshold[0], grown.tree.missingLeft[0]]).toEqual([Infinity, 0]);
  expect(valuesOf(matrix, grown)).toEqual([0, 0, 0, 1, 1]);
  expect(leafValue(grown.tree, Float32Array.of(Infinity), 0)).toBeCloseTo(0);
});

test('of equal gains the first column and the lowest bin win', () => {
  const matrix = matrixOf(
    [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ],
    [1, 0, 0, 1],
  );
  const { tree } = grow(matrix, { leaves: 2 });
  expect([tree.feature[0], tree.threshold[0]]).toEqual([0, 1.5]);
});

test('leaves have at least so many rows and so large a hessian', () => {
  const matrix = riskRows({ rows: 400, columns: 3 });
  for (const { start, end } of grow(matrix, { minRows: 30 }).leaves) expect(end - start).toBeGreaterThanOrEqual(30);
  for (const { start, end } of grow(matrix, { minHessian: 45 }).leaves) expect(end - start).toBeGreaterThanOrEqual(45);
  expect(grow(matrix, { minRows: 30 }).leaves.length).toBeGreaterThan(4);
});

test('there are at most so many leaves, those that gain most', () => {
  const matrix = riskRows({ rows: 500, columns: 3 });
  const errors = [2, 4, 8].map((leaves) => {
    const grown = grow(matrix, { leaves });
    expect(grown.leaves).toHaveLength(leaves);
    return valuesOf(matrix, grown).reduce((sum, value, row) => sum + (value - (matrix.labels[row] ?? 0)) ** 2, 0);
  });
  expect(errors).toEqual(errors.toSorted((a, b) => b - a));
});

test('L2 draws leaves towards 0 and the clip bounds them', () => {
  const matrix = matrixOf([[1], [1], [2], [2]], [0, 0, 1, 1]);
  expect(Math.max(...grow(matrix, { l2: 2 }).tree.value)).toBeCloseTo(0.5);
  expect(Math.max(...grow(matrix, { leafClip: 0.25 }).tree.value)).toBe(0.25);
});

test('histograms by subtraction give the tree that histograms of the rows give', () => {
  const matrix = riskRows({ rows: 600, columns: 4, missing: 0.2 });
  const direct = grow(matrix, { slots: 1, minRows: 5 });
  const subtracted = grow(matrix, { minRows: 5 });
  expect(subtracted.tree).toEqual(direct.tree);
  expect(direct.leaves).toHaveLength(8);
});

test('every row is in the leaf that the raw values lead to', () => {
  const matrix = riskRows({ rows: 300, columns: 3, missing: 0.3, seed: 4 });
  const grown = grow(matrix, { minRows: 3 });
  const byLeaf = (value: number): number => valuesOf(matrix, grown).filter((each) => each === value).length;
  const rowsOf = (value: number): number =>
    grown.leaves.filter((leaf) => leaf.value === value).reduce((sum, { start, end }) => sum + end - start, 0);
  for (const { value } of grown.leaves) expect(byLeaf(value)).toBe(rowsOf(value));
  const mean = matrix.labels.reduce((sum, label) => sum + label, 0) / matrix.rows;
  expect(expectedValue(grown.tree)).toBeCloseTo(mean, 12);
});

test.each([1, -1] as const)('a column that must go %p never goes the other way', (direction) => {
  // A hump: the way up is learned by one, the way down by the other.
  const logOdds = ([first = 0, second = 0]: readonly number[]): number => 2 - 8 * first * first + 2 * second;
  const matrix = riskRows({ rows: 800, columns: 2, logOdds });
  const free = grow(matrix, { leaves: 12, minRows: 10 });
  const bound = grow(matrix, { leaves: 12, minRows: 10, monotone: [direction, 0] });
  const risesOf = ({ tree }: GrownTree): readonly number[] =>
    [-0.9, -0.3, 0.3, 0.9].flatMap((second) => {
      const along = Array.from({ length: 41 }, (_, at) => leafValue(tree, Float32Array.of(at / 20 - 1, second), 0));
      return along.slice(1).map((value, at) => direction * (value - (along[at] ?? 0)));
    });
  expect(Math.min(...risesOf(bound))).toBeGreaterThanOrEqual(0);
  expect(Math.max(...risesOf(bound))).toBeGreaterThan(0);
  expect(Math.min(...risesOf(free))).toBeLessThan(0);
});

test('what is missing only later goes with the larger part', () => {
  const labels = Array.from({ length: 100 }, (_, row) => (row >= 80 ? 1 : 0));
  const rising = grow(
    matrixOf(
      labels.map((_, row) => [row]),
      labels,
    ),
    { leaves: 2 },
  );
  const falling = grow(
    matrixOf(
      labels.map((_, row) => [-row]),
      labels,
    ),
    { leaves: 2 },
  );
  const unseen = Float32Array.of(Number.NaN);
  expect([rising, falling].map(({ tree }) => leafValue(tree, unseen, 0) + 0)).toEqual([0, 0]);
});
