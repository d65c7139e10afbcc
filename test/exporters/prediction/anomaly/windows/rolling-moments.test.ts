import fc from 'fast-check';
import { newCells } from '../../../../../exporters/prediction/anomaly/cells.ts';
import {
  cellsOfRollingMoments,
  createRollingMoments,
  type RollingMoments,
} from '../../../../../exporters/prediction/anomaly/windows/rolling-moments.ts';
import { closeTo, isThere, meanAndDeviation, noiseOf } from '../generated.ts';

function rolling(size: number, minimum: number): RollingMoments {
  const settings = { size, minimum };
  return createRollingMoments(settings, newCells(cellsOfRollingMoments(settings)).cells);
}

const reading = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
  { weight: 1, arbitrary: fc.constantFrom(1e12, -1e12, 0, 7, 7) },
);

test('is what the last values give when they are counted anew', () => {
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 120 }), fc.integer({ min: 1, max: 17 }), (values, size) => {
      const moments = rolling(size, 1);
      values.forEach((value, at) => {
        moments.push(value);
        const window = values.slice(Math.max(0, at + 1 - size), at + 1).filter(isThere);
        const { mean, deviation } = meanAndDeviation(window);
        const scale = Math.max(...window.map(Math.abs), 0);
        if (window.length === 0) expect(moments.mean()).toBeNaN();
        else expect(Math.abs(moments.mean() - mean)).toBeLessThanOrEqual(1e-9 * scale);
        if (window.length > 0)
          expect(Math.abs(moments.deviation() - deviation)).toBeLessThanOrEqual(1e-6 * deviation + 1e-12 * scale);
      });
    }),
    { numRuns: 200, seed: 1 },
  );
});

test('noise of 1 on an offset of 1e12 keeps its deviation, after many samples and after a spike of 1e12', () => {
  const noise = noiseOf(3);
  const moments = rolling(100, 2);
  const last: number[] = [];
  for (let at = 0; at < 100_000; at++) {
    const value = at === 99_800 ? 2e12 : 1e12 + noise();
    moments.push(value);
    last.push(value);
    if (last.length > 100) last.shift();
  }
  expect(closeTo(moments.deviation(), meanAndDeviation(last).deviation, 1e-6)).toBe(true);
});

test('a level that moved far leaves no trace once it filled the window', () => {
  const noise = noiseOf(4);
  const moments = rolling(50, 2);
  const last: number[] = [];
  for (let at = 0; at < 400; at++) {
    const value = (at < 200 ? 0 : 1e9) + 1e-3 * noise();
    moments.push(value);
    last.push(value);
    if (last.length > 50) last.shift();
  }
  expect(closeTo(moments.deviation(), meanAndDeviation(last).deviation, 1e-6)).toBe(true);
});

test('equal values have a deviation of exactly 0, whatever they are', () => {
  for (const value of [0.1, 1e12 + 0.3, -7, 1e150]) {
    const moments = rolling(10, 2);
    for (let at = 0; at < 35; at++) moments.push(value);
    expect([moments.mean(), moments.deviation()]).toEqual([value, 0]);
  }
});

test('nothing is said until the minimum is there, nor after it is gone', () => {
  const moments = rolling(5, 3);
  moments.push(1);
  moments.push(2);
  expect(moments.mean()).toBeNaN();
  moments.push(3);
  expect(moments.mean()).toBe(2);
  for (let at = 0; at < 5; at++) moments.push(Number.NaN);
  expect(moments.deviation()).toBeNaN();
  for (const value of [4, 5, 6]) moments.push(value);
  expect(moments.mean()).toBe(5);
});
