import { forestDefaults } from '../../../../exporters/prediction/learning/settings.ts';
import { train } from '../../../../exporters/prediction/learning/train.ts';
import { riskRows } from '../../../support/risk-rows.ts';

const settings = { ...forestDefaults, trees: 20, leaves: 16 };

test('trees see other rows and columns, and leaves have at least so many rows', () => {
  const matrix = riskRows({ rows: 400, columns: 9 });
  const body = train({ matrix, settings: { ...settings, minRows: 12 }, seed: 1 });
  if (body.kind !== 'forest') throw new TypeError('another kind');
  expect(body.base).toBeCloseTo(matrix.labels.reduce((sum, label) => sum + label, 0) / 400, 12);
  expect(new Set(body.trees.map(({ feature }) => feature[0])).size).toBeGreaterThan(2);
  for (const tree of body.trees) {
    expect(tree.cover[0]).toBe(400);
    expect(Math.min(...tree.cover)).toBeGreaterThanOrEqual(12);
    expect(Math.max(...tree.value.map((value) => body.base + value))).toBeLessThan(1);
    expect(Math.min(...tree.value.map((value) => body.base + value))).toBeGreaterThan(0);
  }
});

test('another seed grows another forest', () => {
  const matrix = riskRows({ rows: 300, columns: 4 });
  expect(train({ matrix, settings, seed: 1 })).not.toEqual(train({ matrix, settings, seed: 2 }));
});
