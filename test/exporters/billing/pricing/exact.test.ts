import fc from 'fast-check';
import { ceiling, compare, exact, minus, over, plus, times } from '../../../../exporters/billing/exact.ts';
import { decimal, decimalText } from '../../../../exporters/billing/pricing/decimal.ts';
import { decimalOf, exactOf, timesQuantity } from '../../../../exporters/billing/pricing/exact-decimal.ts';

const numbers = fc
  .tuple(fc.bigInt({ min: -1_000_000n, max: 1_000_000n }), fc.bigInt({ min: 1n, max: 1_000_000n }))
  .map(([num, den]) => exact(num, den));

test('sums and products of fractions are exact', () => {
  fc.assert(
    fc.property(numbers, numbers, numbers, (a, b, c) => {
      expect(plus(plus(a, b), c)).toEqual(plus(a, plus(b, c)));
      expect(times(a, plus(b, c))).toEqual(plus(times(a, b), times(a, c)));
      expect(minus(plus(a, b), b)).toEqual(a);
      fc.pre(b.num !== 0n);
      expect(over(times(a, b), b)).toEqual(a);
      expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)));
    }),
  );
});

test('4g and 3g of one GPU, normalised, are one GPU', () => {
  expect(plus(exact(8n, 15n), exact(7n, 15n))).toEqual({ num: 1n, den: 1n });
});

test.each([
  ['0.25', 1n, 4n],
  ['-1.5', -3n, 2n],
  ['1000', 1000n, 1n],
])('%s is %s/%s', (text, num, den) => {
  expect(exactOf(text)).toEqual({ num, den });
});

test.each([
  [0n, 1n, 0n],
  [1n, 3n, 1n],
  [3n, 3n, 1n],
  [4n, 3n, 2n],
  [-1n, 3n, 0n],
])('%s/%s begins %s', (num, den, whole) => {
  expect(ceiling({ num, den })).toBe(whole);
});

test('a price times a fraction is divided once', () => {
  expect(decimalText(timesQuantity(decimal('0.03'), exact(1n, 3n)))).toBe('0.01');
  expect(decimalText(decimalOf(exact(1n, 3n)))).toBe('0.33333333333333333333');
});

test('nothing is divided by 0', () => {
  expect(() => over(exact(1n), exact(0n))).toThrow(RangeError);
});
