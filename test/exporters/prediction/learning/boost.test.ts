import { learnerOf } from '../../../../exporters/prediction/learning/learner-of.ts';
import { type LabelledMatrix, probabilityOf } from '../../../../exporters/prediction/learning/matrix.ts';
import type { BoostedBody } from '../../../../exporters/prediction/learning/model-body.ts';
import { type BoostedSettings, boostedDefaults } from '../../../../exporters/prediction/learning/settings.ts';
import { train } from '../../../../exporters/prediction/learning/train.ts';
import { matrixOf, riskRows } from '../../../support/risk-rows.ts';

function boosted(
  matrix: LabelledMatrix,
  changes: Partial<BoostedSettings> = {},
  validation?: LabelledMatrix,
): BoostedBody {
  const body = train({ matrix, validation, settings: { ...boostedDefaults, trees: 40, ...changes }, seed: 5 });
  if (body.kind !== 'boosted') throw new TypeError('another kind');
  return body;
}

function lossOf(body: BoostedBody, { rows, columns, values, labels }: LabelledMatrix): number {
  const { logOdds } = learnerOf(body, columns).explain({ rows, columns, values });
  return logOdds.reduce((sum, odds, row) => sum - Math.log(probabilityOf(labels[row] === 1 ? odds : -odds)), 0) / rows;
}

test('it starts at the log-odds of the base rate', () => {
  const constant = matrixOf([[1], [1], [1], [1]], [1, 0, 0, 0]);
  const body = boosted(constant, { minRows: 1 });
  expect(body.base).toBeCloseTo(Math.log(1.5 / 3.5), 12);
  expect(body.trees).toHaveLength(0);
});

test('the first leaf is a damped Newton step', () => {
  // 40 rows on each side: at the base rate of 1/2 each has the gradient 1/2 and the hessian 1/4.
  const rows = Array.from({ length: 80 }, (_, row) => [Number(row >= 40)]);
  const matrix = matrixOf(
    rows,
    rows.map(([side = 0]) => side),
  );
  const [tree] = boosted(matrix, { minRows: 10, l2: 30, trees: 1 }).trees;
  expect([...(tree?.value ?? [])].map((value) => value + 0)).toEqual([0, -0.05 * (20 / 40), 0.05 * (20 / 40)]);
  const [clipped] = boosted(matrix, { minRows: 10, l2: 0, trees: 1 }).trees;
  expect(Math.max(...(clipped?.value ?? []))).toBe(0.05);
});

test('each tree makes the loss on its own rows smaller', () => {
  const matrix = riskRows({ rows: 800, columns: 4 });
  const losses = [1, 10, 40].map((trees) => lossOf(boosted(matrix, { trees }), matrix));
  expect(losses).toEqual(losses.toSorted((a, b) => b - a));
});

test('what two columns do only together is learned', () => {
  const logOdds = ([first = 0, second = 0]: readonly number[]): number => (first * second > 0 ? 3 : -3);
  const [matrix, later] = [1, 2].map((seed) => riskRows({ rows: 2000, columns: 2, seed, logOdds }));
  if (matrix === undefined || later === undefined) throw new TypeError('no rows');
  expect(lossOf(boosted(matrix, { trees: 100, l2: 1 }), later)).toBeLessThan(0.35);
});

test('without patience no tree is left out; with it the trees end where later rows are told best', () => {
  const [matrix, later] = [1, 2].map((seed) =>
    riskRows({ rows: 300, columns: 6, seed, logOdds: ([first = 0]) => first }),
  );
  if (matrix === undefined || later === undefined) throw new TypeError('no rows');
  const eager = { trees: 150, learningRate: 0.3, minRows: 5, l2: 0.1 };
  const all = boosted(matrix, eager, later);
  const stopped = boosted(matrix, { ...eager, patienceTrees: 10 }, later);
  expect(all.trees).toHaveLength(150);
  expect(stopped.trees.length).toBeLessThan(60);
  expect(stopped.trees).toEqual(all.trees.slice(0, stopped.trees.length));
  const best = Math.min(
    ...all.trees.map((_, at) => lossOf({ ...all, trees: all.trees.slice(0, at) }, later)).slice(0, 60),
  );
  expect(lossOf(stopped, later)).toBeCloseTo(best, 12);
});

test('a share of rows and columns for each tree, chosen by the seed', () => {
  const matrix = riskRows({ rows: 900, columns: 6 });
  const some = boosted(matrix, { rowShare: 0.5, columnShare: 0.34 });
  expect(some).toEqual(boosted(matrix, { rowShare: 0.5, columnShare: 0.34 }));
  for (const tree of some.trees) {
    expect(tree.cover[0]).toBe(450);
    expect(new Set(tree.feature.filter((column) => column >= 0)).size).toBeLessThanOrEqual(2);
  }
  const whole = lossOf(boosted(matrix), matrix);
  expect(lossOf(some, matrix)).toBeLessThan(whole + 0.15);
  expect(some.trees).not.toEqual(boosted(matrix).trees);
});

test('a column that must go up does so in the whole model', () => {
  const matrix = riskRows({
    rows: 1500,
    columns: 2,
    logOdds: ([first = 0, second = 0]) => 2 - 6 * first * first + second,
  });
  const { logOdds } = learnerOf(boosted(matrix, { monotone: [1, 0] }), 2);
  for (const second of [-0.5, 0.5]) {
    const along = Array.from({ length: 81 }, (_, at) => logOdds(Float32Array.of(at / 40 - 1, second), 0));
    expect(along).toEqual(along.toSorted((a, b) => a - b));
    expect(along.at(-1)).toBeGreaterThan(along[0] ?? 0);
  }
});
