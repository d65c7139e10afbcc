import { createPrefixCache } from '../../../../cli/simulate/inference/engine/prefix-cache.ts';

const words = (count: number, from = 0): readonly string[] =>
  Array.from({ length: count }, (_, index) => `word${from + index}`);

test('whole blocks at the beginning that were seen before are hits', () => {
  const cache = createPrefixCache();
  const system = words(40);
  expect(cache.look([...system, ...words(30, 100)])).toBe(0);
  // 40 tokens hold two whole blocks of 16.
  expect(cache.look([...system, ...words(30, 200)])).toBe(32);
});

test('the same words in another place are none', () => {
  const cache = createPrefixCache();
  cache.look([...words(16), ...words(16, 100)]);
  expect(cache.look([...words(16, 200), ...words(16, 100)])).toBe(0);
});

test('of a prompt that is known as a whole its last token is computed', () => {
  const cache = createPrefixCache();
  cache.look(words(32));
  expect(cache.look(words(32))).toBe(31);
});

test('what was not used for long is forgotten', () => {
  const cache = createPrefixCache();
  cache.look(words(16));
  for (let index = 0; index < 2100; index++) cache.look(words(16, 1000 + index));
  expect(cache.look(words(20))).toBe(0);
});
