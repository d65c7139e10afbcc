import fc from 'fast-check';
import { parsePushJson } from '../../../../../exporters/training/decoders/push/push-json.ts';

test('what Python writes for floats that are not finite is understood', () => {
  // json.dumps({'a': float('nan'), 'b': [float('inf'), -float('inf')], 'c': 'NaN "Infinity'})
  const text = '{"a": NaN, "b": [Infinity, -Infinity], "c": "NaN \\"Infinity"}';
  expect(parsePushJson(text)).toEqual({ a: 'NaN', b: ['Infinity', '-Infinity'], c: 'NaN "Infinity' });
});

test.each(['{"a": NaN', 'NaNs', '{"a": Nan}', '{"a": "NaN}', '--Infinity', '"\\', ''])(
  '%s is still no JSON',
  (text) => {
    expect(() => parsePushJson(text)).toThrow(SyntaxError);
  },
);

test('any text gives a value or a SyntaxError', () => {
  const piece = fc.constantFrom('NaN', 'Infinity', '-', '"', '\\', '{', '}', '[', ']', ',', ':', 'a', '1', ' ', '\n');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (text) => {
        try {
          parsePushJson(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      },
    ),
  );
});

test('JSON is what JSON.parse makes of it, whatever its strings hold', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('NaN', '"', '\\', '-Infinity'), (value, text) => {
      const json = JSON.stringify({ value, text });
      expect(parsePushJson(`[${json}, NaN]`)).toEqual([JSON.parse(json), 'NaN']);
    }),
  );
});

test('a quarter of a MiB of quotes or brackets is looked at once', () => {
  const size = 256 * 1024;
  expect(() => parsePushJson(`NaN${'"\\'.repeat(size / 2)}`)).toThrow(SyntaxError);
  expect(() => parsePushJson(`NaN${'\\"'.repeat(size / 2)}`)).toThrow(SyntaxError);
  expect(() => parsePushJson('['.repeat(size))).toThrow(SyntaxError);
  expect(() => parsePushJson(`{"run": ${'['.repeat(size / 2)}${']'.repeat(size / 2)}}`)).not.toThrow();
});
