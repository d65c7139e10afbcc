import { topColumns } from '../../../../../exporters/prediction/learning/explain/top-columns.ts';

test('the columns that move a row most come first, whichever way, and those that do not are left out', () => {
  const contributions = Float64Array.of(9, 9, 9, 9, 0.1, -0.5, 0, 0.5);
  expect(topColumns(contributions, 1, 4, 5)).toEqual([1, 3, 0]);
  expect(topColumns(contributions, 1, 4, 2)).toEqual([1, 3]);
  expect(topColumns(contributions, 1, 4, 1)).toEqual([1]);
});
