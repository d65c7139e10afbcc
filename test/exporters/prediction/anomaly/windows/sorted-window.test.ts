import fc from 'fast-check';
import { newCells } from '../../../../../exporters/prediction/anomaly/cells.ts';
import {
  cellsOfSortedWindow,
  createSortedWindow,
} from '../../../../../exporters/prediction/anomaly/windows/sorted-window.ts';
import { isThere, quantileOf } from '../generated.ts';

const reading = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -8, max: 8 }) },
  { weight: 3, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);

function windowOf(size: number, minimum: number) {
  const settings = { size, minimum };
  return createSortedWindow(settings, newCells(cellsOfSortedWindow(settings)).cells);
}

test('quantiles and median distance are exactly those of the last values sorted anew', () => {
  fc.assert(
    fc.property(
      fc.array(reading, { maxLength: 100 }),
      fc.integer({ min: 1, max: 15 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, size, share) => {
        const sorted = windowOf(size, 1);
        values.forEach((value, at) => {
          sorted.push(value);
          const window = values.slice(Math.max(0, at + 1 - size), at + 1).filter(isThere);
          expect(sorted.count()).toBe(window.length);
          if (window.length === 0) return;
          const median = quantileOf(window, 0.5);
          expect(sorted.quantile(share)).toBeCloseTo(quantileOf(window, share), 9);
          expect(sorted.medianDistance()).toBeCloseTo(
            quantileOf(
              window.map((each) => Math.abs(each - median)),
              0.5,
            ),
            9,
          );
        });
      },
    ),
    { numRuns: 300, seed: 2 },
  );
});

test('is cold below its minimum', () => {
  const sorted = windowOf(4, 2);
  sorted.push(1);
  expect([sorted.quantile(0.5), sorted.medianDistance()]).toEqual([Number.NaN, Number.NaN]);
  sorted.push(3);
  expect([sorted.quantile(0.5), sorted.medianDistance()]).toEqual([2, 1]);
});
