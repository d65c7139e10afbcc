import { quoted } from '../../../cli/training-inspect/next-steps.ts';
import {
  formatAge,
  formatBytes,
  formatNumber,
  formatSeconds,
  formatTime,
  formatValue,
} from '../../../cli/training-inspect/text/units.ts';

test.each([
  [0, '0'],
  [2.3456789, '2.346'],
  [0.5, '0.5'],
  [1234.56, '1,235'],
  [30_000, '30,000'],
  [0.00032, '3.2e-4'],
  [1e20, '1e20'],
  [-0.5, '-0.5'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'infinite'],
])('the number %d is %s', (value, text) => expect(formatNumber(value)).toBe(text));

test.each([
  [0, '0 s'],
  [0.0123, '12.3 ms'],
  [1.25, '1.25 s'],
  [61, '1 min 1 s'],
  [3600, '1 h'],
  [90_061, '1 d 1 h'],
])('%d seconds are %s', (value, text) => expect(formatSeconds(value)).toBe(text));

test.each([
  [12, '12 B'],
  [1536, '1.5 KiB'],
  [50 * 2 ** 30, '50 GiB'],
])('%d bytes are %s', (value, text) => expect(formatBytes(value)).toBe(text));

test('values by their units', () => {
  expect(formatValue(0.4123, 'ratio')).toBe('41.2 %');
  expect(formatValue(391e12, 'flops')).toBe('391 TFLOP/s');
  expect(formatValue(Number.NaN, 'bytes')).toBe('NaN');
});

test('times', () => {
  expect(formatTime(1_700_000_000.9)).toBe('2023-11-14 22:13:20 UTC');
  expect(formatTime(1e300)).toBe('unknown');
  expect(formatAge(90)).toBe('1 min 30 s ago');
  expect(formatAge(-90)).toBe('1 min 30 s in the future');
});

test.each([
  ['/data/a-b_c.1', '/data/a-b_c.1'],
  ['/data/*', "'/data/*'"],
  ["it's", "'it'\\''s'"],
  ['a\nb', "$'a\\x0ab'"],
])('a shell reads %j as %s', (word, text) => expect(quoted(word)).toBe(text));
