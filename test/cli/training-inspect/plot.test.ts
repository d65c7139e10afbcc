import fc from 'fast-check';
import { createCurve } from '../../../cli/training-inspect/read/curve.ts';
import type { PlotData } from '../../../cli/training-inspect/report.ts';
import { plot } from '../../../cli/training-inspect/text/plot.ts';
import { columnsOf, fitted, safeText } from '../../../cli/training-inspect/text/safe-text.ts';

const settings = { width: 70, height: 10, isUnicode: true };

function data(
  loss: readonly (readonly [number, number])[],
  evalLoss: readonly (readonly [number, number])[] = [],
): PlotData {
  return { axis: 'step', loss: curveOf(loss).parts(), evalLoss: curveOf(evalLoss).parts() };
}

function curveOf(values: readonly (readonly [number, number])[], limit?: number) {
  const curve = createCurve(limit);
  for (const [step, value] of values) curve.add(step, value);
  return curve;
}

test('a straight line from corner to corner, with three figures and steps', () => {
  const lines = plot(
    data([
      [0, 10],
      [1000, 0],
    ]),
    { ...settings, isUnicode: false },
  );
  expect(lines).toHaveLength(13);
  expect(lines[0]).toBe('Loss by step: * training');
  expect(lines[1]).toMatch(/^10\.0 \|\*/);
  expect(lines[10]).toMatch(/^0\.00 \| .*\*$/);
  expect(lines[12]).toMatch(/^ {6}0 +500 +1,000$/);
});

test('a spike of one step among a million is seen', () => {
  const curve = createCurve();
  for (let step = 0; step < 1_000_000; step++) curve.add(step, step === 500_001 ? 50 : 1);
  const parts = curve.parts();
  expect(parts.length).toBeLessThanOrEqual(4096);
  expect(Math.max(...parts.map(({ max }) => max ?? 0))).toBe(50);
  const [, top = ''] = plot({ axis: 'step', loss: parts, evalLoss: [] }, settings);
  expect(top).toMatch(/50\.0 ┤ {25,}[\u2801-\u28ff]/);
});

test('values over orders of magnitude have a logarithmic axis', () => {
  expect(
    plot(
      data([
        [1, 1000],
        [2, 1],
      ]),
      settings,
    )[0],
  ).toContain('logarithmic');
  expect(
    plot(
      data([
        [1, 10],
        [2, 1],
      ]),
      settings,
    )[0],
  ).not.toContain('logarithmic');
  expect(
    plot(
      data([
        [1, 1000],
        [2, -1],
      ]),
      settings,
    )[0],
  ).not.toContain('logarithmic');
});

test('NaN has a mark below its column, and no line leads over it', () => {
  const lines = plot(
    data([
      [0, 1],
      [1, Number.NaN],
      [2, 1],
    ]),
    { ...settings, isUnicode: false },
  );
  const row = lines.find((line) => line.trim().startsWith('NaN')) ?? '';
  expect(row.trim().split(/\s+/)).toEqual(['NaN', 'x']);
  expect(lines.join('\n').match(/\*/g)).toHaveLength(3);
});

test('no line leads on from a column in which there is NaN as well', () => {
  const values = [0, 5, 5, 10].map((step, at) => [step, at === 2 ? Number.NaN : 1] as const);
  const lines = plot(data(values), { ...settings, isUnicode: false });
  const row = lines.find((line) => line.includes('**')) ?? '';
  expect(row).toMatch(/\|\*{30,} {25,}\*$/);
});

test('evaluations have another mark', () => {
  expect(
    plot(
      data(
        [
          [0, 1],
          [9, 2],
        ],
        [[5, 1.5]],
      ),
      settings,
    )
      .join('\n')
      .match(/◆/g),
  ).toHaveLength(2);
});

test('one value, or the same value always, is drawn in the middle', () => {
  expect(plot(data([[7, 3]]), settings)[0]).toBe('Loss by step: ⠶ training');
  expect(
    plot(
      data([
        [7, 3],
        [8, 3],
      ]),
      settings,
    )[6],
  ).toMatch(/[\u2801-\u28ff]/);
});

test('nothing to draw', () => {
  expect(plot(data([]), settings)).toEqual([]);
  expect(plot(data([[1, Number.NaN]]), settings)).toEqual([]);
});

test('any curve fits its place and shows its ends', () => {
  const value = fc.oneof(fc.double(), fc.constant(Number.NaN), fc.double({ min: 0, max: 10 }));
  const step = fc.oneof(fc.nat(), fc.maxSafeNat());
  const points = fc.array(fc.tuple(step, value), { maxLength: 60 });
  fc.assert(
    fc.property(points, points, fc.integer({ min: 30, max: 120 }), fc.boolean(), (loss, evalLoss, width, isUnicode) => {
      for (const line of plot(data(loss, evalLoss), { width, height: 10, isUnicode }).slice(1)) {
        expect(line.length).toBeLessThanOrEqual(Math.max(width, 60));
        expect(line).not.toMatch(/undefined|\n/);
      }
    }),
  );
});

test('a curve keeps count, extremes and order, whatever comes and however little it may keep', () => {
  const points = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.double(), fc.constant(Number.NaN))), { minLength: 1 });
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 20 }), (values, limit) => {
      const parts = curveOf(values, limit).parts();
      const finite = values.map(([, value]) => value).filter(Number.isFinite);
      expect(parts.length).toBeLessThanOrEqual(limit);
      expect(parts.reduce((sum, part) => sum + part.values, 0)).toBe(values.length);
      expect(parts.reduce((sum, part) => sum + part.nonfinite, 0)).toBe(values.length - finite.length);
      if (finite.length === 0) return;
      expect(Math.min(...parts.map(({ min }) => min ?? Number.POSITIVE_INFINITY))).toBe(Math.min(...finite));
      expect(Math.max(...parts.map(({ max }) => max ?? Number.NEGATIVE_INFINITY))).toBe(Math.max(...finite));
    }),
  );
});

test('what is shown of a text cannot steer a terminal and fits', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 4, max: 40 }),
      fc.boolean(),
      (text, columns, isUnicode) => {
        const shown = fitted(safeText(text, isUnicode), columns, isUnicode);
        expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(columnsOf(shown)).toBeLessThanOrEqual(columns);
        if (!isUnicode) expect(shown).toMatch(/^[\x20-\x7e]*$/);
      },
    ),
  );
});
