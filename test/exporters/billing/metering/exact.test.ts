import fc from 'fast-check';
import {
  absExact,
  addExact,
  compareExact,
  divideExact,
  exactOf,
  exactOfShare,
  multiplyExact,
  shareOf,
  subtractExact,
} from '../../../../exporters/billing/metering/exact.ts';

const fractions = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 6n }))
  .map(([num, den]) => exactOf(num, den));

test('fractions are in lowest terms with the sign above the line', () => {
  expect(exactOf(6n, -4n)).toEqual({ num: -3n, den: 2n });
  expect(exactOf(0n, -7n)).toEqual({ num: 0n, den: 1n });
  expect(exactOf(5n)).toEqual({ num: 5n, den: 1n });
  expect(() => exactOf(1n, 0n)).toThrow(RangeError);
});

test('3 thirds are 1, and 4/7 + 1/2 is 15/14', () => {
  const third = exactOf(1n, 3n);
  expect(addExact(addExact(third, third), third)).toEqual({ num: 1n, den: 1n });
  expect(addExact(exactOf(4n, 7n), exactOf(1n, 2n))).toEqual({ num: 15n, den: 14n });
  expect(divideExact(exactOf(4n, 7n), exactOf(15n, 14n))).toEqual({ num: 8n, den: 15n });
});

test('what is added can be taken away, what is multiplied divided', () => {
  fc.assert(
    fc.property(fractions, fractions, (left, right) => {
      expect(subtractExact(addExact(left, right), right)).toEqual(left);
      if (right.num !== 0n) expect(divideExact(multiplyExact(left, right), right)).toEqual(left);
      expect(compareExact(left, right)).toBe(-compareExact(right, left) + 0);
      expect(Math.sign(compareExact(addExact(left, absExact(right)), left))).toBe(right.num === 0n ? 0 : 1);
    }),
  );
});

test('a share is the same as a fraction of numbers, as long as they are exact', () => {
  expect(shareOf(exactOf(8n, 15n))).toEqual({ num: 8, den: 15 });
  expect(exactOfShare({ num: 8, den: 56 })).toEqual({ num: 1n, den: 7n });
  expect(() => shareOf({ num: 1n, den: 2n ** 60n })).toThrow('1/1152921504606846976 is too long for a share');
});
