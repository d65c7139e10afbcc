import { mapConcurrently } from '../../kit/map-concurrently.ts';

test('results come in the order of the items, and no more than the limit are in work', async () => {
  const waiting: (() => void)[] = [];
  let [inWork, most] = [0, 0];
  const all = mapConcurrently([1, 2, 3, 4, 5], 2, async (item) => {
    inWork++;
    most = Math.max(most, inWork);
    await new Promise<void>((resolve) => waiting.push(resolve));
    inWork--;
    return item * 10;
  });
  for (let ended = 0; ended < 5; ended++) {
    // The one that came last ends first.
    waiting.pop()?.();
    await new Promise(setImmediate);
  }
  expect(await all).toEqual([10, 20, 30, 40, 50]);
  expect(most).toBe(2);
});

test('a failure is that of the whole, and no items make no results', async () => {
  await expect(mapConcurrently([1, 2], 2, (item) => Promise.reject(new Error(`no ${item}`)))).rejects.toThrow('no 1');
  expect(await mapConcurrently([], 4, () => Promise.resolve(1))).toEqual([]);
});
