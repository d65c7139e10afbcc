import fc from 'fast-check';
import { accrualOfGauge, accrualOfPresence } from '../../../../exporters/billing/metering/gauge.ts';
import { withinSpan } from '../../../../exporters/billing/metering/within-span.ts';
import { seriesOf } from '../../../support/billing-counter.ts';
import { accrual, span } from '../../../support/billing-device.ts';

const all = span(0, 10_000_000);

test('each sample holds until the next one, for so long at most', () => {
  const series = seriesOf([
    [0, 2],
    [15_000, 3],
    [100_000, 1],
  ]);
  expect(accrualOfGauge(series, { scale: 10, holdMs: 37_500 }).accrual).toEqual(
    accrual([0, 15_000, 300_000], [15_000, 52_500, 1_125_000], [100_000, 137_500, 375_000]),
  );
});

test('the same value for a long time is one piece, and 0 is none', () => {
  const series = seriesOf([
    [0, 2],
    [10, 2],
    [20, 0],
    [30, 2],
  ]);
  expect(accrualOfGauge(series, { scale: 1, holdMs: 10 }).accrual).toEqual(accrual([0, 20, 40], [30, 40, 20]));
});

test('terabytes over minutes are exact, in pieces that fit a number', () => {
  const bytes = 3_000_000_000_001;
  const { accrual: pieces, problems } = accrualOfGauge(seriesOf([[0, bytes]]), { scale: 1, holdMs: 600_000 });
  expect(Math.max(...pieces.amounts)).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
  expect(withinSpan(pieces, all)).toBe(BigInt(bytes) * 600_000n);
  expect(problems).toEqual({ unusable: 0, tooLarge: 0 });
});

test('what no number holds exactly is left out and told', () => {
  const { accrual: pieces, problems } = accrualOfGauge(
    seriesOf([
      [0, 1e17],
      [10, Number.NaN],
    ]),
    { scale: 1, holdMs: 10 },
  );
  expect(pieces.amounts).toHaveLength(0);
  expect(problems).toEqual({ unusable: 1, tooLarge: 1 });
});

test('a presence is 1 ms in each ms while it is above 0; two scrapers see it once', () => {
  const series = seriesOf([
    [0, 1],
    [0, 0],
    [7_000, 5],
    [15_000, 1],
    [22_000, 0],
    [30_000, 1],
  ]);
  expect(accrualOfPresence(series, { holdMs: 37_500 })).toEqual(accrual([0, 22_000], [30_000, 67_500]));
});

test('order and duplicates of samples do not matter', () => {
  const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 1000 })), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(samples, fc.array(fc.nat(), { maxLength: 10 }), (list, again) => {
      const doubled = [...list.toReversed(), ...again.flatMap((at) => list.slice(at % list.length).slice(0, 1))];
      expect(accrualOfGauge(seriesOf(doubled), { scale: 1, holdMs: 500 }).accrual).toEqual(
        accrualOfGauge(seriesOf(list), { scale: 1, holdMs: 500 }).accrual,
      );
    }),
  );
});
