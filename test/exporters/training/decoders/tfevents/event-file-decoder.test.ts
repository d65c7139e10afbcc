import {
  encodeEvent,
  encodeOtherValue,
  eventFile,
  frame,
  sessionStart,
  versionEvent,
} from '../../../../support/tfevents-writer.ts';
import { recorded, tagMap } from './recorded.ts';

const time = 1_700_000_000.25;

function callsOf(events: readonly Uint8Array[]) {
  const all = recorded();
  all.decoder.push(eventFile(events));
  return all;
}

test('tells a value of the schema with its step and time', () => {
  const { calls, problems } = callsOf([versionEvent(), encodeEvent({ wallTime: time, step: 7, values: [loss(2.5)] })]);
  expect(calls).toEqual([
    ['sessionStart', { timeSeconds: 1_700_000_000 }],
    ['value', 'loss', 2.5, 7, time],
  ]);
  expect(problems).toEqual([]);
});

test('reads a file without a version record, as CatBoost writes', () => {
  expect(callsOf([encodeEvent({ wallTime: time, step: 1, values: [loss(1)] })]).calls).toHaveLength(1);
});

test('an event without a step is of step 0, and one without a time has none', () => {
  expect(callsOf([encodeEvent({ values: [loss(1)] })]).calls).toEqual([['value', 'loss', 1, 0, undefined]]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('%d is no time', (wallTime) => {
  expect(callsOf([encodeEvent({ wallTime, values: [loss(1)] })]).calls).toEqual([['value', 'loss', 1, 0, undefined]]);
});

test.each([0, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 41 + 3, 2 ** 53 - 1, -1, -(2 ** 40)])(
  'reads step %d',
  (step) => {
    expect(callsOf([encodeEvent({ wallTime: time, step, values: [loss(1)] })]).calls[0]?.[3]).toBe(step);
  },
);

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('passes %d on', (value) => {
  expect(callsOf([encodeEvent({ step: 1, values: [loss(value)] })]).calls[0]?.[2]).toBe(value);
});

test('makes base units', () => {
  const { calls } = callsOf([encodeEvent({ wallTime: time, step: 3, values: [{ tag: 'mfu(%)', value: 40 }] })]);
  expect(calls).toEqual([
    ['framework', 'torchtitan'],
    ['value', 'mfu_ratio', 0.4, 3, time],
  ]);
});

test('tells the framework once, also by a scalar that says nothing else', () => {
  const ignored = encodeEvent({ step: 64, values: [{ tag: 'lm loss vs samples', value: 1 }] });
  const { calls, counts } = callsOf([
    ignored,
    ignored,
    encodeEvent({ step: 1, values: [{ tag: 'mfu(%)', value: 40 }] }),
  ]);
  expect(calls).toEqual([
    ['framework', 'megatron'],
    ['value', 'mfu_ratio', 0.4, 1, undefined],
  ]);
  expect(counts).toEqual([1]);
});

test('takes a step that counts samples as samples, once for each', () => {
  const at = (step: number, tag: string) => encodeEvent({ wallTime: time, step, values: [{ tag, value: 0.5 }] });
  const [first, second] = ['Train/Samples/train_loss', 'Train/Samples/lr'];
  const { calls } = callsOf([at(32, first), at(32, second), at(64, first), at(32, first)]);
  expect(calls).toEqual([
    ['framework', 'deepspeed'],
    ['value', 'loss', 0.5, undefined, time],
    ['value', 'samples', 32, undefined, time],
    ['value', 'learning_rate', 0.5, undefined, time],
    ['value', 'loss', 0.5, undefined, time],
    ['value', 'samples', 64, undefined, time],
    ['value', 'loss', 0.5, undefined, time],
    ['value', 'samples', 32, undefined, time],
  ]);
});

test('tells a tag in no table only if it is allowed', () => {
  const values = [
    { tag: 'my/score', value: 0.5 },
    { tag: 'yours/score', value: 0.25 },
  ];
  const { calls, counts } = callsOf([encodeEvent({ step: 1, values })]);
  expect(calls).toEqual([['scalar', 'my/score', 0.5]]);
  expect(counts).toEqual([1]);
});

test('tells starts of sessions with their step', () => {
  const { calls, counts } = callsOf([sessionStart(40, time), sessionStart(0, time)]);
  expect(calls).toEqual([
    ['sessionStart', { step: 40, timeSeconds: time }],
    ['sessionStart', { step: 0, timeSeconds: time }],
  ]);
  expect(counts).toEqual([2]);
});

test('an event that only has a step tells nothing', () => {
  const { calls, counts } = callsOf([encodeEvent({ wallTime: time, step: 99 })]);
  expect([calls, counts]).toEqual([[], []]);
});

test('counts the events of a push together, each once', () => {
  const { decoder, counts } = recorded();
  const event = encodeEvent({ step: 1, values: [loss(1), { tag: 'eval/loss', value: 2 }] });
  decoder.push(eventFile([versionEvent(), event, event]));
  decoder.push(eventFile([event]));
  decoder.push(eventFile([versionEvent()]));
  expect(counts).toEqual([2, 1]);
});

test.each([
  [4, 'images'],
  [5, 'histograms'],
  [6, 'sounds'],
])('passes over values with field %i, %s', (field) => {
  const other = encodeOtherValue({ step: 1 }, 'loss', field, Buffer.alloc(5000, 0xff));
  const { calls, problems } = callsOf([other, encodeEvent({ step: 2, values: [loss(1)] })]);
  expect(calls).toEqual([['value', 'loss', 1, 2, undefined]]);
  expect(problems).toEqual([]);
});

test.each([
  ['unknown fields of all kinds', '7801 8101 0000000000000000 8a01 03 010203 9501 00000000'],
  ['known fields of another kind', '0801 12 02 0101 2d 00000000 38 01'],
])('passes over %s', (_what, hex) => {
  const before = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  const { calls, problems } = callsOf([Buffer.concat([before, encodeEvent({ step: 4, values: [loss(1)] })])]);
  expect(calls).toEqual([['value', 'loss', 1, 4, undefined]]);
  expect(problems).toEqual([]);
});

test('finds the step behind the values, and values in a second summary', () => {
  const [early, late] = [
    encodeEvent({ values: [loss(1)] }),
    encodeEvent({ wallTime: time, step: 9, values: [loss(2)] }),
  ];
  expect(callsOf([Buffer.concat([early, late])]).calls).toEqual([
    ['value', 'loss', 1, 9, time],
    ['value', 'loss', 2, 9, time],
  ]);
});

test.each([
  ['zeros', '0000000000000000'],
  ['a field without its value', '09 0000'],
  ['a varint without end', '10 ffffffffffffffffffffff01'],
  ['a message longer than the record', '2a 7f 0a'],
  ['a value longer than its summary', '2a 03 0a 7f 0a'],
  ['a tag longer than its value', '2a 04 0a 02 0a 7f'],
  ['a tensor that is cut', '2a 07 0a 05 42 03 0a 7f 01'],
  ['metadata that are cut', '2a 07 0a 05 4a 03 0a 7f 01'],
  ['a group', '2b 2c'],
  ['a wire type that does not exist', '2f'],
])('counts garbage and goes on: %s', (_what, hex) => {
  const garbage = frame(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  const { decoder, calls, problems } = recorded();
  decoder.push(Buffer.concat([garbage, eventFile([encodeEvent({ step: 4, values: [loss(1)] })])]));
  expect(problems).toEqual(['bad_record']);
  expect(calls).toEqual([['value', 'loss', 1, 4, undefined]]);
});

test('tells tags that are no text with replacement characters', () => {
  const tag = Buffer.concat([Buffer.from('my/"quoted"\n'), Buffer.from([0xff, 0xfe])]);
  expect(callsOf([encodeEvent({ values: [{ tag, value: 1 }] })]).calls).toEqual([
    ['scalar', 'my/"quoted"\n\ufffd\ufffd', 1],
  ]);
});

test('counts tags that are too long to be shown', () => {
  const { calls, problems } = callsOf([
    encodeEvent({ step: 1, values: [{ tag: `my/${'x'.repeat(2 ** 20)}`, value: 1 }, loss(2)] }),
  ]);
  expect(problems).toEqual(['too_long']);
  expect(calls).toEqual([['value', 'loss', 2, 1, undefined]]);
});

test('a value without a tag does not take the tag of the value before', () => {
  const untagged = Buffer.from('2a070a051500000040', 'hex');
  const { decoder, calls } = recorded({ tags: { resolve: () => undefined, isAllowed: () => true } });
  decoder.push(eventFile([encodeEvent({ step: 1, values: [loss(1)] }), untagged]));
  expect(calls).toEqual([
    ['scalar', 'loss', 1],
    ['scalar', '', 2],
  ]);
});

test('looks a tag up once', () => {
  const looked: string[] = [];
  const { decoder } = recorded({
    tags: {
      ...tagMap,
      resolve: (tag) => {
        looked.push(tag);
        return tagMap.resolve(tag);
      },
    },
  });
  const event = encodeEvent({ values: [loss(1), { tag: 'my/score', value: 1 }, { tag: 'other', value: 1 }] });
  decoder.push(eventFile([event, event, encodeEvent({ values: [{ tag: 'other', value: 1 }, loss(1)] }), event]));
  expect(looked).toEqual(['loss', 'my/score', 'other']);
});

test('passes settle on', () => {
  const { decoder, calls } = recorded();
  decoder.settle(12);
  decoder.settle(undefined);
  expect(calls).toEqual([
    ['settle', 12],
    ['settle', undefined],
  ]);
});

function loss(value: number) {
  return { tag: 'loss', value };
}
