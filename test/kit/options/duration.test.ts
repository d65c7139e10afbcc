import fc from 'fast-check';
import { parseDuration, seconds } from '../../../kit/options/duration.ts';

test.each([
  ['500ms', 0.5],
  ['5s', 5],
  ['1h30m', 5400],
  ['1.5s', 1.5],
  ['1d', 86_400],
  ['2w', 1_209_600],
  ['0s', 0],
])('%s is %d seconds', (text, value) => {
  expect(parseDuration(text)).toBeCloseTo(value, 9);
});

test.each(['', '5', 's', '-5s', '5 s', '5s ', '5S', '5us', '1y', '5s5', '٥s', '5s\n'])(
  '"%s" is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test('parts add up', () => {
  const units = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  const part = fc.tuple(fc.nat(10_000), fc.constantFrom(...Object.entries(units)));
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const text = parts.map(([amount, [unit]]) => `${amount}${unit}`).join('');
      const sum = parts.reduce((total, [amount, [, size]]) => total + amount * size, 0);
      expect(parseDuration(text)).toBeCloseTo(sum, 6);
    }),
  );
});

test('a bad default in a table is our own mistake', () => {
  expect(() => seconds('soon')).toThrow(RangeError);
});
