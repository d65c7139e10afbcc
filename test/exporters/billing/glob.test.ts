import fc from 'fast-check';
import { globOf } from '../../../exporters/billing/glob.ts';

test.each([
  ['train', 'train', true],
  ['train', 'trainer', false],
  ['train-*', 'train-1', true],
  ['train-*', 'train', false],
  ['*-prod', 'a-prod', true],
  ['a*b*c', 'abc', true],
  ['a*b*c', 'aXbYc', true],
  ['a*b*c', 'acb', false],
  ['ab*ba', 'aba', false],
  ['*', '', true],
  ['a.c', 'abc', false],
  ['a*b*b', 'ab', false],
])('%s and %s: %s', (glob, text, matches) => {
  expect(globOf(glob).matches(text)).toBe(matches);
});

test('agrees with the regular expression', () => {
  const short = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  fc.assert(
    fc.property(short, texts, (glob, text) => {
      expect(globOf(glob).matches(text)).toBe(new RegExp(`^${glob.replaceAll('*', '.*')}$`).test(text));
    }),
    { numRuns: 2000 },
  );
});
