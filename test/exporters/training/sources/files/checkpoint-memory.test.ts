import { createCheckpointMemory, maxOld } from '../../../../../exporters/training/sources/files/checkpoint-memory.ts';
import type { CheckpointSighting } from '../../../../../exporters/training/sources/files/checkpoint-sighting.ts';

const seen = (step: number, completeAt: number | undefined, touchedAt = completeAt ?? 0): CheckpointSighting => ({
  key: `s ${step}`,
  path: `/c/${step}`,
  series: 's',
  family: 'huggingface',
  step,
  completeAt,
  touchedAt,
  mayGrow: false,
});
const complete = (step: number, timeSeconds: number) => ({ step, timeSeconds, outcome: 'complete' });
const failed = (step: number, timeSeconds: number) => ({ step, timeSeconds, outcome: 'failed' });

test('those that are there are told in the order of their time, and once', () => {
  const { takeNews } = createCheckpointMemory();
  const there = [seen(300, 30), seen(100, 10), seen(200, 20)];
  expect(takeNews(there, 100)).toEqual([complete(100, 10), complete(200, 20), complete(300, 30)]);
  expect(takeNews(there, 100)).toEqual([]);
});

test('of many that are there at first only the newest are told', () => {
  const { takeNews } = createCheckpointMemory();
  const there = Array.from({ length: 200 }, (_, index) => seen(index, index));
  expect(takeNews(there, 1000)).toHaveLength(maxOld);
  expect(takeNews([...there, seen(200, 200)], 1000)).toEqual([complete(200, 200)]);
});

test('one that is complete later is told then', () => {
  const { takeNews } = createCheckpointMemory();
  expect(takeNews([seen(100, 10), seen(200, undefined, 12)], 100)).toEqual([complete(100, 10)]);
  expect(takeNews([seen(100, 10), seen(200, 15)], 100)).toEqual([complete(200, 15)]);
});

test('one that is incomplete when a newer one is complete has failed, once', () => {
  const { takeNews } = createCheckpointMemory();
  takeNews([seen(100, 10), seen(200, undefined, 12)], 100);
  const there = [seen(100, 10), seen(200, undefined, 12), seen(300, 30)];
  expect(takeNews(there, 100)).toEqual([failed(200, 12), complete(300, 30)]);
  expect(takeNews(there, 100)).toEqual([]);
});

test('one that failed and is written again is complete', () => {
  const { takeNews } = createCheckpointMemory();
  takeNews([seen(200, undefined, 12), seen(300, 30)], 100);
  expect(takeNews([seen(200, 40), seen(300, 30)], 100)).toEqual([complete(200, 40)]);
});

test('one that was complete and is being deleted has not failed', () => {
  const { takeNews } = createCheckpointMemory();
  takeNews([seen(100, 10)], 100);
  expect(takeNews([seen(100, undefined, 11), seen(200, 20)], 100)).toEqual([complete(200, 20)]);
});

test('one that changed after the newest was complete is still being written or deleted', () => {
  const { takeNews } = createCheckpointMemory();
  expect(takeNews([seen(100, undefined, 25), seen(200, 20)], 100)).toEqual([complete(200, 20)]);
});

test('one that is written anew under its name is a new one', () => {
  const { takeNews } = createCheckpointMemory();
  takeNews([seen(100, 10), seen(200, 20)], 100);
  expect(takeNews([seen(100, 30), seen(200, 20)], 100)).toEqual([complete(100, 30)]);
});

test('one without a marker counts when it is quiet', () => {
  const { takeNews } = createCheckpointMemory();
  const file = { ...seen(100, 90), mayGrow: true };
  expect(takeNews([file], 100)).toEqual([]);
  expect(takeNews([file], 111)).toEqual([complete(100, 90)]);
});

test('what an earlier exporter told is not told again', () => {
  const before = createCheckpointMemory();
  before.takeNews([seen(100, 10), seen(150, undefined, 11), seen(200, 20)], 100);
  expect(before.toldUntil()).toBe(20);
  const { takeNews } = createCheckpointMemory(before.toldUntil());
  const there = [seen(100, 10), seen(150, undefined, 11), seen(200, 20)];
  expect(takeNews([...there, seen(300, 30)], 100)).toEqual([complete(300, 30)]);
});

test('what is passed over is not told later', () => {
  const { takeNews, passOver } = createCheckpointMemory();
  const there = [seen(100, 10), seen(150, undefined, 11), seen(200, 20)];
  passOver(there);
  expect(takeNews([...there, seen(300, 30)], 100)).toEqual([complete(300, 30)]);
});
