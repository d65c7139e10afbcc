import fc from 'fast-check';
import { nearest } from '../../../kit/options/nearest.ts';

test.each([
  ['log.levle', 'log.level'],
  ['loglevel', 'log.level'],
  ['log.leve', 'log.level'],
  ['web', 'log'],
  ['xxxxxxxx', undefined],
  ['', 'log'],
])('%s → %s', (word, expected) => {
  expect(nearest(word, ['log.level', 'log', 'pool.size'])).toBe(expected);
});

test('the first of equals wins, and an exact hit beats all', () => {
  expect(nearest('ab', ['ax', 'bb', 'ab'])).toBe('ab');
  expect(nearest('ab', ['ax', 'bb'])).toBe('ax');
});

test('whatever the word, the answer is a candidate or nothing', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (word, candidates) => {
      const answer = nearest(word, candidates);
      return answer === undefined || candidates.includes(answer);
    }),
  );
});
