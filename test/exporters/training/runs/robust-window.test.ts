import fc from 'fast-check';
import {
  addToWindow,
  createWindow,
  madOf,
  medianOf,
  windowLength,
} from '../../../../exporters/training/runs/robust-window.ts';

function plainMedian(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.length === 0 ? undefined : middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

test('median and MAD are those of the last values, however many came before', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), {
        minLength: 1,
        maxLength: 400,
      }),
      (values) => {
        const window = createWindow();
        for (const value of values) addToWindow(window, value);
        const last = values.slice(-windowLength);
        const median = plainMedian(last);
        expect(medianOf(window)).toBeCloseTo(median ?? Number.NaN, 6);
        const distances = last.map((value) => Math.abs(value - (median ?? 0)));
        expect(madOf(window)).toBeCloseTo(plainMedian(distances) ?? Number.NaN, 6);
      },
    ),
  );
});

test('an empty window has neither', () => {
  expect(medianOf(createWindow())).toBeUndefined();
  expect(madOf(createWindow())).toBeUndefined();
});

test('a window that was saved goes on', () => {
  const window = createWindow(Array.from({ length: 300 }, (_, index) => index));
  expect(window.values).toHaveLength(windowLength);
  addToWindow(window, 1000);
  expect(window.values[0]).toBe(300 - windowLength + 1);
  expect(window.sorted.at(-1)).toBe(1000);
});
