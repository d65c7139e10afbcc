import { changedValues, eachValue } from './values.ts';

test.each([
  ['70 85x5', '* 2', '140 170x5'],
  ['0+30x10 300x20', '* 0.5', '0+15x10 150x20'],
  ['40e9-9.5e6x3', '* 0.1', '4000000000-950000x3'],
  ['-2-0.5x3', '+ 1', '-1-0.5x3'],
  ['0+30x10', '= 7', '7x10'],
  ['1 _ _x3 stale 1x2', '* 0', '0 _ _x3 stale 0x2'],
] as const)('%s %s is %s', (values, change, changed) => {
  expect(changedValues(values, change)).toBe(changed);
});

test('nothing is changed without a change', () => {
  expect(changedValues('0x3 _', undefined)).toBe('0x3 _');
});

test.each([
  ['70 85x2', ['70', '85', '85', '85']],
  ['0+30x2 _ stale', ['0', '30', '60', '_', 'stale']],
  ['2-0.5x2 _x2', ['2', '1.5', '1', '_', '_']],
  ['-2+1x1', ['-2', '-1']],
] as const)('%s is %j', (values, each) => {
  expect(eachValue(values)).toEqual(each);
});
