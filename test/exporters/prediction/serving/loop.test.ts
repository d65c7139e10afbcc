import { startLoop } from '../../../../exporters/prediction/serving/loop.ts';
import type { Log } from '../../../../kit/log.ts';
import { eventually } from '../../../support/eventually.ts';
import { quietLog } from '../../../support/stores.ts';

const rounds = (count: () => number, wanted: number) =>
  eventually(`${wanted} rounds`, () => (count() >= wanted ? true : undefined));

test('rounds never overlap, and one that fails is followed by the next', async () => {
  let [begun, running, most] = [0, 0, 0];
  const said: string[] = [];
  const log: Log = { ...quietLog, warn: (message) => said.push(message), info: (message) => said.push(message) };
  const loop = startLoop({
    name: 'test',
    everySeconds: 0.01,
    log,
    round: async () => {
      begun += 1;
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      if (begun <= 3) throw new Error('no answer');
    },
  });
  await rounds(() => begun, 6);
  await loop.stop();
  expect([most, running]).toEqual([1, 0]);
  // A failure that goes on is told once, and so is its end.
  expect(said).toEqual(['failed, and is tried again', 'works again']);
});

test('what is woken while it is under way goes on once more', async () => {
  let begun = 0;
  let release: () => void = () => undefined;
  const loop = startLoop({
    name: 'test',
    everySeconds: 3600,
    log: quietLog,
    round: () => {
      begun += 1;
      return new Promise((resolve) => {
        release = resolve;
      });
    },
  });
  loop.wake();
  loop.wake();
  release();
  await rounds(() => begun, 2);
  release();
  await loop.stop();
  expect(begun).toBe(2);
});

test('stopping ends a round that is under way, and none follows', async () => {
  let begun = 0;
  const loop = startLoop({
    name: 'test',
    everySeconds: 0.001,
    log: quietLog,
    round: (signal) => {
      begun += 1;
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  });
  await rounds(() => begun, 1);
  await loop.stop();
  loop.wake();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(begun).toBe(1);
});
