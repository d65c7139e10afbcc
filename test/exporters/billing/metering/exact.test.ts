import fc from 'fast-check';
import {
  absolute,
  compare,
  exact,
  exactShare,
  minus,
  over,
  plus,
  shareOf,
  times,
} from '../../../../exporters/billing/exact.ts';

const fractions = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 6n }))
  .map(([num, den]) => exact(num, den));

test('fractions are in lowest terms with the sign above the line', () => {
  expect(exact(6n, -4n)).toEqual({ num: -3n, den: 2n });
  expect(exact(0n, -7n)).toEqual({ num: 0n, den: 1n });
  expect(exact(5n)).toEqual({ num: 5n, den: 1n });
  expect(() => exact(1n, 0n)).toThrow(RangeError);
});

test('3 thirds are 1, and 4/7 + 1/2 is 15/14', () => {
  const third = exact(1n, 3n);
  expect(plus(plus(third, third), third)).toEqual({ num: 1n, den: 1n });
  expect(plus(exact(4n, 7n), exact(1n, 2n))).toEqual({ num: 15n, den: 14n });
  expect(over(exact(4n, 7n), exact(15n, 14n))).toEqual({ num: 8n, den: 15n });
});

test('what is added can be taken away, what is multiplied divided', () => {
  fc.assert(
    fc.property(fractions, fractions, (left, right) => {
      expect(minus(plus(left, right), right)).toEqual(left);
      if (right.num !== 0n) expect(over(times(left, right), right)).toEqual(left);
      expect(compare(left, right)).toBe(-compare(right, left) + 0);
      expect(Math.sign(compare(plus(left, absolute(right)), left))).toBe(right.num === 0n ? 0 : 1);
    }),
  );
});

test('a share is the same as a fraction of numbers, as long as they are exact', () => {
  expect(shareOf(exact(8n, 15n))).toEqual({ num: 8, den: 15 });
  expect(exactShare({ num: 8, den: 56 })).toEqual({ num: 1n, den: 7n });
  expect(() => shareOf({ num: 1n, den: 2n ** 60n })).toThrow('1/1152921504606846976 is too long for a share');
});
