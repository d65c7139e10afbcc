import fc from 'fast-check';
import { createDatagramReader } from '../../../../../exporters/training/decoders/push/datagram-reader.ts';
import { createSourceLedger } from '../../../../../exporters/training/source-ledger.ts';
import { createFakeJournal } from '../../../../support/fake-journal.ts';
import { fakeTagMap } from '../../../../support/fake-tag-map.ts';

const now = 1_700_000_000;
const clock = { now: () => now, monotonic: () => 0 };

function startReader(maxRuns?: number) {
  const ledger = createSourceLedger();
  const { journal, streams, only } = createFakeJournal(maxRuns === undefined ? {} : { maxRuns });
  const read = createDatagramReader({ journal, ledger, tags: fakeTagMap, clock });
  return {
    read: (text: string) => read(Buffer.from(text)),
    readBytes: read,
    only,
    journalStreams: streams,
    bad: () => ledger.counts().problems.get('push')?.get('bad_record') ?? 0,
    records: () => ledger.counts().records.get('push') ?? 0,
    bytes: () => ledger.counts().bytes.get('push') ?? 0,
  };
}

/** What a text makes the run `default` hear, without the calls that every datagram makes. */
function heard(text: string) {
  const reader = startReader();
  reader.read(text);
  return reader.only('push').told.filter(({ call }) => call !== 'framework' && call !== 'settle');
}

const value = { call: 'value', step: undefined, timeSeconds: undefined };
const phase = { call: 'phaseTime', step: undefined, timeSeconds: undefined, rank: undefined, times: 1 };

test('tags say which run it is, where it is and which step', () => {
  const reader = startReader();
  const text = `training.loss:1.5|g|T${now}|#run:exp1,job_id:77,step:100,host:node1,namespace:ml,pod:p-0`;
  reader.read(text);
  const { identity, id, told } = reader.only('push', 'exp1');
  const key = 'push:77:exp1';
  expect(id).toBe(key);
  expect(identity).toEqual({
    key,
    run: 'exp1',
    longName: key,
    jobId: '77',
    host: 'node1',
    namespace: 'ml',
    pod: 'p-0',
  });
  expect(told).toEqual([
    { call: 'framework', name: 'custom' },
    { call: 'value', quantity: 'loss', value: 1.5, step: 100, timeSeconds: now },
    { call: 'settle', readAtSeconds: now },
  ]);
  expect([reader.records(), reader.bad(), reader.bytes()]).toEqual([1, 0, text.length]);
});

test.each<readonly [text: string, calls: readonly object[]]>([
  ['loss:nan|g', [{ ...value, quantity: 'loss', value: Number.NaN }]],
  ['training.grad_norm:1:2|h', [{ ...value, quantity: 'grad_norm', value: 2 }]],
  ['time/forward_ms:250|g', [{ ...value, quantity: 'forward_seconds', value: 0.25 }]],
  ['my/tag:3|g', [{ call: 'scalar', tag: 'my/tag', value: 3 }]],
  ['training.phase.forward:12|ms', [{ ...phase, phase: 'forward', seconds: 0.012 }]],
  ['phase.augment:0.5|h', [{ ...phase, phase: 'augment', seconds: 0.5 }]],
  ['training.backward_pass:0.5|d', [{ ...phase, phase: 'backward', seconds: 0.5 }]],
  ['forward_seconds:500|ms', [{ ...phase, phase: 'forward', seconds: 0.5 }]],
  ['forward:1:2|h|#rank:3', [1, 2].map((seconds) => ({ ...phase, phase: 'forward', seconds, rank: 3 }))],
  ['forward:1|h|@0.5', [{ ...phase, phase: 'forward', seconds: 1, times: 2 }]],
  ['training.step_seconds:1500|ms', [{ ...value, quantity: 'step_seconds', value: 1.5 }]],
  ['step_time:1.5|h', [{ ...value, quantity: 'step_seconds', value: 1.5 }]],
  ['training.step:12|g', [{ call: 'enter', phase: 'training', step: 12, timeSeconds: undefined }]],
  ['training.skipped_steps:1|c', [{ ...value, quantity: 'skipped_steps', value: 1 }]],
])('%s', (text, calls) => {
  expect(heard(text)).toEqual(calls);
});

test('a duration that is sampled away counts no more than a hundred times', () => {
  expect(heard('forward:1|h|@0.000001')).toEqual([{ ...phase, phase: 'forward', seconds: 1, times: 100 }]);
});

test('a datagram of sampled durations is told no more often than it has values', () => {
  expect(heard(`forward${':1'.repeat(1000)}|h|@0.01`)).toHaveLength(1000);
});

test('counters add up over datagrams, each run for itself', () => {
  const reader = startReader();
  reader.read('training.tokens:100|c|#run:a\nsteps:1|c|#run:a\nsamples:8|c|#run:b');
  reader.read('tokens:10|c|@0.1|#run:a\nsteps:2|c|#run:a\nsamples:8|c|#run:b');
  const a = reader.only('push', 'a').told;
  expect(
    a.flatMap((one) => (one.call === 'value' ? [`${one.value}`] : one.call === 'enter' ? [`step ${one.step}`] : [])),
  ).toEqual(['100', 'step 1', '200', 'step 3']);
  expect(
    reader
      .only('push', 'b')
      .toldAs('value')
      .map((one) => one.value),
  ).toEqual([8, 16]);
});

test('what comes without a step belongs to the one that was counted or told', () => {
  const reader = startReader();
  reader.read('loss:1|g\nsteps:3|c\nloss:2|g\nloss:3|g|#step:9');
  reader.read('step:20|g\nloss:4|g\nforward:1|h');
  const { toldAs } = reader.only('push');
  expect(toldAs('value').map(({ value: loss, step }) => [loss, step])).toEqual([
    [1, undefined],
    [2, 3],
    [3, 9],
    [4, 20],
  ]);
  expect(toldAs('phaseTime')[0]?.step).toBe(20);
});

test.each([
  'nobody_knows:1|g',
  'loss:1|ms',
  'loss:1|c',
  'tokens:-1|c',
  'tokens:nan|c',
  'phase.forward:-1|ms',
  'phase.forward:inf|ms',
  'training.:1|g',
  'a\u0000b:1|g',
  `phase.${'x'.repeat(65)}:1|ms`,
  'loss:1|g|#step:-1',
  'loss:1|g|#step:1e3',
  'loss:1|g|#rank:x',
  'loss:1|g|T1',
  'loss:1|g|#run:a\u001b[31m',
  `loss:1|g|#run:${'x'.repeat(257)}`,
  'loss:1|g|#run:',
])('%j is counted and tells nothing', (text) => {
  const reader = startReader();
  reader.read(`${text}\nloss:2|g`);
  expect(reader.bad()).toBe(1);
  expect(reader.records()).toBe(1);
  expect(reader.only('push').toldAs('value')).toHaveLength(1);
});

test('runs beyond the limit are left alone, the others go on', () => {
  const reader = startReader(1);
  reader.read('loss:1|g|#run:a\nloss:2|g|#run:b\nloss:3|g|#run:a');
  expect(
    reader
      .only('push')
      .toldAs('value')
      .map((one) => one.value),
  ).toEqual([1, 3]);
  expect(reader.bad()).toBe(0);
});

test('any bytes are taken', () => {
  const reader = startReader();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      reader.readBytes(bytes);
    }),
  );
  expect(reader.bytes()).toBeGreaterThan(0);
});
