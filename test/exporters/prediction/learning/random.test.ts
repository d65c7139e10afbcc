import { bootstrap, choose, createRandom } from '../../../../exporters/prediction/learning/random.ts';

test('a seed gives the same stream always, and another seed another', () => {
  const first = Array.from({ length: 3 }, createRandom(7).next);
  expect(Array.from({ length: 3 }, createRandom(7).next)).toEqual(first);
  expect(Array.from({ length: 3 }, createRandom(8).next)).not.toEqual(first);
});

test('the stream fills the unit interval evenly', () => {
  const random = createRandom(1);
  const counts = new Array(10).fill(0);
  for (let draw = 0; draw < 20_000; draw++) counts[random.below(10)]++;
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
});

test('a choice has as many as wanted, ascending, each once, and none of them more often than others', () => {
  const random = createRandom(3);
  const hits = new Array(20).fill(0);
  for (let round = 0; round < 4000; round++) {
    const chosen = [...choose(20, 5, random)];
    expect(chosen).toHaveLength(5);
    expect([...new Set(chosen)].sort((a, b) => a - b)).toEqual(chosen);
    for (const each of chosen) hits[each]++;
  }
  for (const count of hits) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('a choice of more than there are is all of them', () => {
  expect([...choose(4, 9, createRandom(1))]).toEqual([0, 1, 2, 3]);
});

test('a bootstrap draws with replacement', () => {
  const drawn = [...bootstrap(1000, createRandom(2))];
  expect(drawn).toHaveLength(1000);
  expect(drawn).toEqual(drawn.toSorted((a, b) => a - b));
  // 1 - 1 / e of the rows are drawn at least once.
  expect(Math.abs(new Set(drawn).size - 632)).toBeLessThan(60);
});
