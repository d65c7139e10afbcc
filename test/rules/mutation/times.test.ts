import { timesOf } from './times.ts';

test.each([
  { at: 540, wait: 0, keep: 0, times: [540] },
  { at: 300, wait: 120, keep: 0, times: [180, 240, 300] },
  { at: 300, wait: 120, keep: 120, times: [60, 120, 180, 240, 300] },
  { at: 120, wait: 300, keep: 0, times: [0, 60, 120] },
])('for $wait s and kept for $keep s: $times', ({ at, wait, keep, times }) => {
  expect(timesOf(at, { wait, keep })).toEqual(times);
});

test('a long wait is read at a few times, its beginning and its end among them', () => {
  const times = timesOf(200_000, { wait: 86_400, keep: 0 });
  expect(times.length).toBeLessThan(20);
  expect([times[0], times.at(-1)]).toEqual([200_000 - 86_400, 200_000]);
});
