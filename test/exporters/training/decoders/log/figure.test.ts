import fc from 'fast-check';
import { figureIn, parseCount, parseFigure } from '../../../../../exporters/training/decoders/log/figure.ts';

test.each([
  ['1.363', 1.363],
  ['  5120 ', 5120],
  ['5e-05', 5e-5],
  ['1.500000E-05', 1.5e-5],
  ['1e+300', 1e300],
  ['-0.5', -0.5],
  ['+3', 3],
  ['.5', 0.5],
  ['0', 0],
  ['1,412.30', 1412.3],
  ['nan', Number.NaN],
  ['NaN', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['Infinity', Number.POSITIVE_INFINITY],
])('%j is a number', (text, value) => {
  expect(parseFigure(text)).toBe(value);
});

test.each(['', ' ', 'N/A', 'None', 'True', '0x10', '1.2.3', '1e', '1e-', 'e5', '-', '--1', '1 2', '45GiB', "'1'", '.'])(
  '%j is none',
  (text) => {
    expect(parseFigure(text)).toBeUndefined();
  },
);

test('agrees with Number to the last bit for whatever a double is written as', () => {
  const written = fc
    .tuple(fc.double({ noNaN: true }), fc.constantFrom(0, 1, 6, 15))
    .chain(([value, digits]) =>
      fc.constantFrom(String(value), value.toExponential(digits), value.toPrecision(digits + 1)),
    );
  fc.assert(
    fc.property(written, (text) => {
      expect(parseFigure(text)).toBe(Number(text));
    }),
    { numRuns: 2000 },
  );
});

test('a part of a text', () => {
  expect(figureIn('loss: 2.5 |', 6, 9)).toBe(2.5);
  expect(figureIn('loss: 2.5 |', 5, 10)).toBe(2.5);
});

test('a count is whole and not negative', () => {
  expect(['12', '99.00', '1.5', '-1', 'nan', '1e30', undefined].map(parseCount)).toEqual([
    12,
    99,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
