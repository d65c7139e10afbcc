import fc from 'fast-check';
import { withinSpan } from '../../../../exporters/billing/metering/within-span.ts';
import { accrual, span } from '../../../support/billing-device.ts';

test('a cut piece counts with what has been added by then, rounded down', () => {
  const piece = accrual([0, 3, 10]);
  expect([withinSpan(piece, span(0, 1)), withinSpan(piece, span(1, 2)), withinSpan(piece, span(2, 3))]).toEqual([
    3n,
    3n,
    4n,
  ]);
});

test('spans are half-open: what touches does not count', () => {
  const piece = accrual([10, 20]);
  expect(withinSpan(piece, span(0, 10))).toBe(0n);
  expect(withinSpan(piece, span(20, 30))).toBe(0n);
  expect(withinSpan(piece, span(19, 20))).toBe(1n);
});

test('sums beyond 2^53 are exact', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const large = accrual([0, 1000, most], [1000, 2000, most], [2000, 3000, 1]);
  expect(withinSpan(large, span(0, 3000))).toBe(2n * BigInt(most) + 1n);
  expect(withinSpan(large, span(1, 1999)) + withinSpan(large, span(0, 1)) + withinSpan(large, span(1999, 9999))).toBe(
    2n * BigInt(most) + 1n,
  );
  expect(withinSpan(large, span(0, 999))).toBe((BigInt(most) * 999n) / 1000n);
});

test('any partition of a period has the same total', () => {
  const pieces = fc
    .array(
      fc.tuple(
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 2 ** 53 - 1 }),
      ),
      { maxLength: 20 },
    )
    .map((list) => {
      let at = 0;
      return accrual(
        ...list.map(([gap, length, amount]): [number, number, number] => {
          const from = at + gap;
          at = from + length;
          return [from, at, amount];
        }),
      );
    });
  fc.assert(
    fc.property(pieces, fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 20 }), (list, cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), 300_000];
      const parts = edges.slice(1).map((end, at) => withinSpan(list, span(edges[at] ?? 0, end)));
      const whole = [...list.amounts].reduce((sum, amount) => sum + BigInt(amount), 0n);
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(whole);
      expect(parts.every((part) => part >= 0n)).toBe(true);
    }),
  );
});
