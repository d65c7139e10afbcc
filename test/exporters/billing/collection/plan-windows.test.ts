import fc from 'fast-check';
import { uncovered, windowsFrom, windowsWithin } from '../../../../exporters/billing/collection/plan-windows.ts';
import type { Span } from '../../../../exporters/billing/span.ts';

const span = (startMs: number, endMs: number): Span => ({ startMs, endMs });
const noCuts = (): readonly number[] => [];

test('windows go from border to border of the grid, whatever the span begins with', () => {
  expect(windowsWithin(span(25, 110), { windowMs: 50, cuts: noCuts })).toEqual([
    span(25, 50),
    span(50, 100),
    span(100, 110),
  ]);
  expect(windowsFrom(span(25, 110), { windowMs: 50, cuts: noCuts })).toEqual([
    span(25, 50),
    span(50, 100),
    span(100, 150),
  ]);
  expect(windowsFrom(span(100, 100), { windowMs: 50, cuts: noCuts })).toEqual([]);
  expect(windowsWithin(span(100, 90), { windowMs: 50, cuts: noCuts })).toEqual([]);
});

test('windows are cut where something changes, and nowhere else', () => {
  const cuts = ({ startMs, endMs }: Span) =>
    [10, 60, 60, 75.4, 100, 149, 9000].filter((at) => at >= startMs - 50 && at <= endMs + 50);
  expect(windowsWithin(span(50, 110), { windowMs: 50, cuts })).toEqual([
    span(50, 60),
    span(60, 75),
    span(75, 100),
    span(100, 110),
  ]);
  // The window that is not over yet is cut as well.
  expect(windowsFrom(span(100, 110), { windowMs: 50, cuts })).toEqual([span(100, 149)]);
});

test('windows fill a span without a hole, and none is longer than the grid', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 500 }),
      fc.integer({ min: 1, max: 500 }),
      fc.constantFrom(1, 7, 50, 60),
      fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 5 }),
      (startMs, length, windowMs, cuts) => {
        const whole = span(startMs, startMs + length);
        const windows = windowsWithin(whole, { windowMs, cuts: () => cuts });
        expect(windows[0]?.startMs).toBe(whole.startMs);
        expect(windows.at(-1)?.endMs).toBe(whole.endMs);
        for (const [index, window] of windows.entries()) {
          expect(window.endMs - window.startMs).toBeGreaterThan(0);
          expect(Math.floor(window.startMs / windowMs)).toBe(Math.floor((window.endMs - 1) / windowMs));
          if (index > 0) expect(window.startMs).toBe(windows[index - 1]?.endMs);
        }
      },
    ),
  );
});

test('what is not covered and what is covered make up the whole', () => {
  expect(uncovered(span(0, 100), [span(-10, 20), span(30, 40), span(40, 50), span(90, 200)])).toEqual([
    span(20, 30),
    span(50, 90),
  ]);
  expect(uncovered(span(0, 100), [])).toEqual([span(0, 100)]);
  expect(uncovered(span(0, 100), [span(0, 100)])).toEqual([]);
  expect(uncovered(span(0, 100), [span(100, 200)])).toEqual([span(0, 100)]);
  expect(uncovered(span(5, 5), [])).toEqual([]);
});
