import { parseQuantity } from '../../../../../exporters/cmdb/sources/kubernetes/quantity.ts';

test.each([
  ['8', 8],
  ['1500m', 1.5],
  ['2113424Ki', 2_164_146_176],
  ['1.5Gi', 1_610_612_736],
  ['.5', 0.5],
  ['2T', 2e12],
  ['1e3', 1000],
  ['12E2', 1200],
  ['+4', 4],
  [4, 4],
  ['3E', 3e18],
])('%p is %p', (text, value) => {
  expect(parseQuantity(text)).toBeCloseTo(value);
});

test.each([
  '',
  'x',
  '-1',
  '1 Gi',
  '1gi',
  'NaN',
  'Infinity',
  '1e999',
  '1..2',
  '9'.repeat(400),
  null,
  undefined,
  {},
  -1,
  Number.NaN,
])('%p is no quantity', (text) => {
  expect(parseQuantity(text)).toBeUndefined();
});
