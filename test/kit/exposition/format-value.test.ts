import fc from 'fast-check';
import { formatValue } from '../../../kit/exposition/format-value.ts';

const numbers = fc.oneof(
  fc.double(),
  fc.double({ min: 0, max: 5000 }),
  fc.integer(),
  fc.maxSafeNat(),
  fc.integer({ min: 0, max: 2_000_000_000 }).map((thousandths) => thousandths / 1000),
  fc.integer({ min: 0, max: 2_000_000_000 }).map((thousandths) => thousandths / 1000 + 2 ** 31 - 1000),
  fc.constantFrom(
    0,
    -0,
    1e-9,
    0.1 + 0.2,
    1e21,
    2 ** 31,
    2 ** 31 - 0.001,
    2 ** 53,
    2 ** 53 + 2,
    1e300,
    5e-324,
    Number.NaN,
  ),
);

test('a finite number is written as JavaScript writes it, which is the shortest text that reads back as the same number', () => {
  fc.assert(
    fc.property(numbers, (value) => {
      fc.pre(Number.isFinite(value) || Number.isNaN(value));
      expect(formatValue(value)).toBe(String(value));
    }),
    { numRuns: 20_000 },
  );
});

test('infinities are written as Prometheus reads them', () => {
  expect(formatValue(Number.POSITIVE_INFINITY)).toBe('+Inf');
  expect(formatValue(Number.NEGATIVE_INFINITY)).toBe('-Inf');
});

test('a bigint is exact', () => {
  expect(formatValue(2n ** 64n - 1n)).toBe('18446744073709551615');
});
