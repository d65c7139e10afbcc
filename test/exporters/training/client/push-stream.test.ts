import fc from 'fast-check';
import { createPushQueue } from '../../../../exporters/training/client/push-queue.ts';
import { createPushStream } from '../../../../exporters/training/client/push-stream.ts';
import type { PushRecord } from '../../../../exporters/training/decoders/push/protocol.ts';
import { parsePush } from '../../../../exporters/training/decoders/push/push-message.ts';
import { tellMessage } from '../../../../exporters/training/decoders/push/tell-message.ts';
import type { RunStream } from '../../../../exporters/training/journal.ts';
import { quantityNames } from '../../../../exporters/training/schema/quantities.ts';
import { createFakeStream, type Told } from '../../../support/fake-journal.ts';
import { fakeTagMap } from '../../../support/fake-tag-map.ts';

const now = 1_700_000_000;

function recorded(tell: (stream: RunStream) => void): readonly PushRecord[] {
  const records: PushRecord[] = [];
  const stream = createPushStream({ record: (record) => records.push(record), setFramework: () => undefined });
  tell(stream);
  stream.settle(now);
  return records;
}

/** What arrives at the other end, through queue and protocol. */
function arrived(tell: (stream: RunStream) => void): readonly Told[] {
  const queue = createPushQueue({ head: () => ({ run: 'exp1', framework: null }) });
  for (const record of recorded(tell)) queue.add(record);
  const { stream, told } = createFakeStream();
  for (let batch = queue.take(); batch !== undefined; batch = queue.take()) {
    tellMessage(parsePush(batch.body, now), { stream, tags: fakeTagMap, onUnknown: () => undefined });
  }
  return told;
}

test('the values of one step are one record', () => {
  const records = recorded((stream) => {
    stream.value('loss', 1, 5, now);
    stream.value('grad_norm', 2, 5, now);
    stream.value('loss', 3, 6, now);
    stream.value('loss', 4, 6, now);
    stream.scalar('my/tag', 5);
  });
  expect(records).toEqual([
    { step: 5, time: now, values: { loss: 1, grad_norm: 2 } },
    { step: 6, time: now, values: { loss: 3 } },
    { step: 6, time: now, values: { loss: 4 } },
    { values: { 'my/tag': 5 } },
  ]);
});

test('a tag may have any name', () => {
  expect(JSON.stringify(recorded((stream) => stream.scalar('__proto__', 5)))).toBe('[{"values":{"__proto__":5}}]');
});

test('nothing is held back when all is told', () => {
  const records: PushRecord[] = [];
  const stream = createPushStream({ record: (record) => records.push(record), setFramework: () => undefined });
  stream.value('loss', 1, 5, now);
  stream.settle(now);
  stream.settle(now);
  expect(records).toHaveLength(1);
});

test('everything arrives as it was told, in order', () => {
  const moment = { step: 5, timeSeconds: now };
  const tell = (stream: RunStream): void => {
    stream.enter('starting', { timeSeconds: now });
    stream.writerAlive(true);
    stream.writerAlive(undefined);
    stream.sessionStart({ step: 4, timeSeconds: now });
    stream.sessionStart({});
    stream.value('loss', Number.NaN, 5, now);
    stream.lossMissing(moment);
    stream.phaseTime({ phase: 'forward', seconds: 1, rank: 2, memoryDeltaBytes: -5, ...moment });
    stream.checkpoint({ outcome: 'failed', ...moment });
    stream.enter('restarting', { exitCode: 137, timeSeconds: now });
  };
  const direct = createFakeStream();
  tell(direct.stream);
  const untold = { step: undefined, timeSeconds: undefined };
  const expected = direct.told
    .filter((one) => !(one.call === 'writerAlive' && one.alive === undefined))
    .map((one) =>
      one.call === 'enter'
        ? { ...untold, exitCode: undefined, ...one }
        : one.call === 'sessionStart'
          ? { ...untold, ...one }
          : one,
    );
  expect(arrived(tell)).toEqual(expected);
});

test('any values arrive, and no step that is none spoils a message', () => {
  const call = fc.tuple(
    fc.constantFrom(...quantityNames),
    fc.double(),
    fc.oneof(fc.nat(), fc.constant(undefined), fc.constantFrom(-1, 1.5, Number.NaN, 2 ** 60)),
  );
  fc.assert(
    fc.property(fc.array(call), (calls) => {
      const told = arrived((stream) => {
        for (const [quantity, value, step] of calls) stream.value(quantity, value, step, now);
      });
      expect(told.map((one) => (one.call === 'value' ? [one.quantity, one.value] : one))).toEqual(
        calls.map(([quantity, value]) => [quantity, value + 0]),
      );
    }),
  );
});
