import fc from 'fast-check';
import type { PushBody, PushRecord } from '../../../../../exporters/training/decoders/push/protocol.ts';
import { parsePush } from '../../../../../exporters/training/decoders/push/push-message.ts';
import { tellMessage } from '../../../../../exporters/training/decoders/push/tell-message.ts';
import { quantityNames } from '../../../../../exporters/training/schema/quantities.ts';
import { createFakeStream, type Told } from '../../../../support/fake-journal.ts';
import { fakeTagMap } from '../../../../support/fake-tag-map.ts';

const now = 1_700_000_000;

function told(records: readonly PushRecord[]): { readonly told: readonly Told[]; readonly unknown: readonly string[] } {
  const { stream, told } = createFakeStream();
  const unknown: string[] = [];
  const body: PushBody = { run: 'exp1', framework: null, records };
  tellMessage(parsePush(JSON.stringify(body), now), {
    stream,
    tags: fakeTagMap,
    onUnknown: (name) => unknown.push(name),
  });
  return { told, unknown };
}

const moment = { step: 7, timeSeconds: now };

test('everything of a record is told once, what begins first and what ends last', () => {
  const record: PushRecord = {
    step: 7,
    time: now,
    alive: true,
    session_start: true,
    values: { loss: 2 },
    loss_missing: true,
    phases: [{ phase: 'forward', seconds: 0.5 }],
    checkpoint: {},
    enter: 'finished',
    exit_code: 0,
  };
  expect(told([record]).told).toEqual([
    { call: 'writerAlive', alive: true },
    { call: 'sessionStart', step: undefined, timeSeconds: now },
    { call: 'value', quantity: 'loss', value: 2, ...moment },
    { call: 'lossMissing', ...moment },
    { call: 'phaseTime', phase: 'forward', seconds: 0.5, rank: undefined, memoryDeltaBytes: undefined, ...moment },
    { call: 'checkpoint', outcome: 'complete', ...moment },
    { call: 'enter', phase: 'finished', exitCode: 0, ...moment },
  ]);
});

test('names are those of the schema, then tags of the map, then tags that it allows; others are named', () => {
  const values = {
    learning_rate: 0.1,
    'time/forward_ms': 250,
    'loss vs samples': 1,
    'my/tag': 3,
    toString: 4,
    lerning_rate: 5,
  };
  const { told: calls, unknown } = told([{ step: 7, time: now, values }]);
  expect(calls).toEqual([
    { call: 'value', quantity: 'learning_rate', value: 0.1, ...moment },
    { call: 'value', quantity: 'forward_seconds', value: 0.25, ...moment },
    { call: 'scalar', tag: 'my/tag', value: 3 },
  ]);
  expect(unknown).toEqual(['toString', 'lerning_rate']);
});

test('phases of the source documents are those of the schema; the change of memory is that of the last time', () => {
  const phases = [
    { phase: 'data_loading', seconds: 1 },
    { phase: 'model_forward', seconds: [2, 3], memory_delta_bytes: 10 },
    { phase: 'backward_pass', seconds: 4, rank: 1 },
    { phase: 'augment', seconds: [] },
  ];
  const heard = told([{ phases }]).told;
  expect(
    heard.map((one) => (one.call === 'phaseTime' ? [one.phase, one.seconds, one.rank, one.memoryDeltaBytes] : one)),
  ).toEqual([
    ['data_loading', 1, undefined, undefined],
    ['forward', 2, undefined, undefined],
    ['forward', 3, undefined, 10],
    ['backward', 4, 1, undefined],
  ]);
});

test('a step alone says that the run trains', () => {
  expect(told([{ step: 7, time: now }, {}, { time: now }]).told).toEqual([
    { call: 'enter', phase: 'training', ...moment },
  ]);
});

test('any values of the schema give exactly their calls', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  const records = fc.array(
    fc.record({
      step: fc.nat(),
      values: fc.dictionary(fc.constantFrom(...quantityNames), finite, { noNullPrototype: true, minKeys: 1 }),
    }),
  );
  fc.assert(
    fc.property(records, (given) => {
      const expected = given.flatMap(({ step, values }) =>
        Object.entries(values).map(([quantity, value]) => ({
          call: 'value',
          quantity,
          // JSON has no negative zero.
          value: value + 0,
          step,
          timeSeconds: undefined,
        })),
      );
      expect(told(given).told).toEqual(expected);
    }),
  );
});
