import { createPushQueue, queueLimits } from '../../../../exporters/training/client/push-queue.ts';
import { pushLimits } from '../../../../exporters/training/decoders/push/protocol.ts';

const head = () => ({ run: 'exp1' });

test('records are taken in order, as one message', () => {
  const queue = createPushQueue({ head });
  queue.add({ step: 1 });
  queue.add({ step: 2, values: { loss: Number.NaN, grad_norm: -Infinity } });
  expect(queue.take()?.body).toBe(
    '{"run":"exp1","records":[{"step":1},{"step":2,"values":{"loss":"NaN","grad_norm":"-Infinity"}}]}',
  );
  expect(queue.take()).toBeUndefined();
});

test('what is put back comes first', () => {
  const queue = createPushQueue({ head });
  queue.add({ step: 1 });
  const batch = queue.take();
  queue.add({ step: 2 });
  queue.putBack(batch?.records ?? []);
  expect(queue.take()?.records).toEqual(['{"step":1}', '{"step":2}']);
});

test('a message is never larger than the exporter takes, whatever the characters', () => {
  const queue = createPushQueue({ head });
  const name = 'é'.repeat(250);
  for (let step = 0; step < 3000; step++) queue.add({ step, values: { [name]: step } });
  let records = 0;
  for (let batch = queue.take(); batch !== undefined; batch = queue.take()) {
    expect(Buffer.byteLength(batch.body)).toBeLessThanOrEqual(pushLimits.bodyBytes);
    records += batch.records.length;
  }
  expect(records).toBe(3000);
});

test('no message has more records than the exporter takes', () => {
  const queue = createPushQueue({ head });
  for (let step = 0; step < 12_000; step++) queue.add({ step });
  expect(queue.take()?.records).toHaveLength(pushLimits.records);
});

test('where there is no room the oldest is left out and counted', () => {
  const queue = createPushQueue({ head });
  for (let step = 0; step < queueLimits.records + 5; step++) queue.add({ step });
  expect(queue.dropped()).toBe(5);
  expect(queue.take()?.records[0]).toBe('{"step":5}');
  const large = 'x'.repeat(100_000);
  for (let step = 0; step < 100; step++) queue.add({ enter: large });
  expect(queue.dropped()).toBeGreaterThan(5 + 100 - queueLimits.characters / 100_000);
});

test('what cannot be written or is too large for any message is left out', () => {
  const queue = createPushQueue({ head });
  const loop: { self?: unknown } = {};
  loop.self = loop;
  queue.add({ values: { loss: loop as never } });
  queue.add({ values: { loss: 1n as never } });
  queue.add({ enter: 'x'.repeat(pushLimits.bodyBytes) });
  expect([queue.dropped(), queue.take()]).toEqual([3, undefined]);
});
