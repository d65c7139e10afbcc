import fc from 'fast-check';
import { withoutFloatNoise } from '../../../../exporters/training/collectors/training-collector.ts';

test.each([
  [0.0001, 0.0001],
  [1.6666666666666667e-5, 0.000016666667],
  [3.6191933, 3.6191933],
  [0.5, 0.5],
])('%d in 32 bits is shown as %d', (value, shown) => {
  expect(withoutFloatNoise(Math.fround(value))).toBe(shown);
});

test('what needs 64 bits stays', () => {
  expect(withoutFloatNoise(1.6666666666666667e-5)).toBe(1.6666666666666667e-5);
});

test('it is the same number in 32 bits, of nine digits at most', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const shown = withoutFloatNoise(value);
      expect(Math.fround(shown)).toBe(value);
      if (!Number.isInteger(value)) expect(Number(shown.toPrecision(9))).toBe(shown);
    }),
  );
});
