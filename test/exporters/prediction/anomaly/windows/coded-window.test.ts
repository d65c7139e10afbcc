import fc from 'fast-check';
import { newCells } from '../../../../../exporters/prediction/anomaly/cells.ts';
import { codedFloorError, codedTailError } from '../../../../../exporters/prediction/anomaly/windows/coded-tail.ts';
import { createCodedWindow } from '../../../../../exporters/prediction/anomaly/windows/coded-window.ts';
import { isThere, quantileOf } from '../generated.ts';

const score = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: 0, max: 50, noNaN: true }) },
  { weight: 3, arbitrary: fc.double({ min: 0, max: 3, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 0, 1.5, 50) },
);

function codedOf(metrics: number, window: number, minimum: number) {
  const coded = createCodedWindow(window, minimum, 2);
  const { cells } = newCells({ f64: 2 + metrics, u16: metrics * coded.u16, u8: metrics * coded.u8 });
  return { coded, cells };
}

test('is off by no more than it states, for each metric apart', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(score, score), { maxLength: 80 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(0.5, 0.9, 0.995, 1),
      (pairs, window, share) => {
        const { coded, cells } = codedOf(2, window, 1);
        pairs.forEach((pair, slot) => {
          for (const metric of [0, 1]) {
            coded.push(cells, metric, slot, pair[metric] as number);
            const values = pairs.slice(Math.max(0, slot + 1 - window), slot + 1).map((each) => each[metric] as number);
            const known = values.filter(isThere);
            const quantile = coded.quantile(cells, metric, share);
            if (known.length === 0) expect(quantile).toBeNaN();
            else {
              const exact = quantileOf(known, share);
              expect(Math.abs(quantile - exact)).toBeLessThanOrEqual(codedTailError * exact + codedFloorError + 1e-12);
            }
          }
        });
      },
    ),
    { numRuns: 200, seed: 3 },
  );
  expect(codedTailError).toBeLessThan(0.013);
});

test('says nothing below its minimum, and counts only what is there', () => {
  const { coded, cells } = codedOf(1, 4, 3);
  [9, Number.NaN, 9].forEach((value, slot) => {
    coded.push(cells, 0, slot, value);
  });
  expect(coded.quantile(cells, 0, 0.5)).toBeNaN();
  coded.push(cells, 0, 3, 9);
  expect(Math.abs(coded.quantile(cells, 0, 0.5) / 9 - 1)).toBeLessThanOrEqual(codedTailError);
});
