import { encodeEvent, eventFile, type WrittenValue } from '../../../../support/tfevents-writer.ts';
import { recorded } from './recorded.ts';

function valuesOf(values: readonly WrittenValue[]): readonly unknown[] {
  const { decoder, calls, problems } = recorded();
  decoder.push(eventFile(values.map((value) => encodeEvent({ step: 1, values: [value] }))));
  expect(problems).toEqual([]);
  return calls.map(([, , value]) => value);
}

test.each([
  ['tensor-content', 0.5],
  ['double-content', 0.1],
  ['int32-content', -3],
  ['int64-content', 2 ** 41],
  ['float-val', 0.5],
  ['float-val-unpacked', 0.5],
  ['double-val', 0.1],
  ['double-val-unpacked', 0.1],
  ['int-val', -3],
  ['int64-val', 2 ** 41],
] as const)('reads a number written as %s', (as, value) => {
  expect(valuesOf([{ tag: 'loss', value, as, plugin: 'scalars' }])).toEqual([value]);
});

test.each([
  ['half', 0x3c00, 1],
  ['half', 0xc100, -2.5],
  ['half', 0x0001, 2 ** -24],
  ['half', 0x7c00, Number.POSITIVE_INFINITY],
  ['half', 0xfc00, Number.NEGATIVE_INFINITY],
  ['half', 0x7e00, Number.NaN],
  ['bfloat16', 0x3f80, 1],
  ['bfloat16', 0xc020, -2.5],
  ['bfloat16', 0x7f80, Number.POSITIVE_INFINITY],
] as const)('reads %s with the bits %i as %d', (type, bits, value) => {
  const written = [`${type}-content`, `${type}-val`] as const;
  expect(valuesOf(written.map((as) => ({ tag: 'loss', value: bits, as })))).toEqual([value, value]);
});

test.each([Number.NaN, Number.NEGATIVE_INFINITY])('passes %d on', (value) => {
  expect(valuesOf([{ tag: 'loss', value, as: 'tensor-content' }])).toEqual([value]);
});

test('takes a tensor with dimensions of one element', () => {
  expect(valuesOf([{ tag: 'loss', value: 2, as: 'float-val', shape: [1, 1] }])).toEqual([2]);
});

test.each([[[2]], [[1000, 1000]], [[0]], [[1, 0]]])('a tensor of shape %j is no scalar', (shape) => {
  expect(valuesOf([{ tag: 'loss', value: 2, as: 'float-val', shape }])).toEqual([]);
});

test('takes tensors for scalars until a plugin claims the tag for something else', () => {
  const value = { tag: 'loss', value: 2, as: 'tensor-content' } as const;
  expect(valuesOf([value, { ...value, plugin: 'pr_curves' }, value])).toEqual([2]);
});

test('remembers that a tag is one of scalars, and what other tags are', () => {
  const scalar = { tag: 'loss', value: 2, as: 'tensor-content' } as const;
  const other = { tag: 'eval/loss', value: 3, as: 'tensor-content' } as const;
  expect(valuesOf([{ ...scalar, plugin: 'scalars' }, { ...other, plugin: 'hparams' }, scalar, other])).toEqual([2, 2]);
});

test('a plain value is a scalar whatever plugin claims the tag', () => {
  expect(valuesOf([{ tag: 'loss', value: 2, plugin: 'my_plugin' }])).toEqual([2]);
});

/** Tensors by their bytes: 08 is the type, 12 the shape, 22 the memory, 2a and 2d floats. */
test.each([
  ['two floats in a list', '08 01 12 00 2a 08 00000040 00000040', 0],
  ['two floats one by one', '08 01 12 00 2d 00000040 2d 00000040', 0],
  ['no element', '08 01 12 00 2a 00', 0],
  ['a float of three bytes in memory', '08 01 12 00 22 03 000040', 0],
  ['text', '08 07 12 00 42 01 78', 0],
  ['a type that nobody knows', '08 63 22 04 00000040', 0],
  ['no shape', '08 01 2a 04 00000040', 1],
  ['a dimension without a size', '08 01 12 02 12 00 2a 04 00000040', 0],
  ['a shape with a name of its dimension', '08 01 12 07 12 05 08 01 12 01 78 2a 04 00000040', 1],
])('a tensor with %s', (_what, hex, count) => {
  const { decoder, calls, problems } = recorded();
  const many: WrittenValue = { tag: 'eval/loss', value: 1, as: 'float-val', shape: [2] };
  decoder.push(eventFile([encodeEvent({ values: [many] }), eventOf(tensorOf(hex))]));
  expect(problems).toEqual([]);
  expect(calls).toHaveLength(count);
});

test.each([
  ['a list of floats that ends within one', '08 01 12 00 2a 06 00000040 0000'],
  ['a list of floats that begins within one', '08 01 12 00 2a 03 000000'],
  ['a shape that is cut', '08 01 12 02 12 05'],
])('a tensor with %s is garbage', (_what, hex) => {
  const { decoder, problems } = recorded();
  decoder.push(eventFile([eventOf(tensorOf(hex))]));
  expect(problems).toEqual(['bad_record']);
});

test.each([
  ['a display name only', '12 01 78', 1],
  ['a plugin of somebody', '0a 03 0a 01 70', 0],
  ['a plugin of somebody that shows scalars', '0a 03 0a 01 70 20 01', 1],
  ['a plugin of somebody that shows tensors', '0a 03 0a 01 70 20 02', 0],
  ['a plugin without a name', '0a 02 0a 00', 1],
  ['a plugin that only has content', '0a 03 12 01 70', 1],
])('metadata with %s', (_what, hex, count) => {
  const { decoder, calls, problems } = recorded();
  decoder.push(eventFile([eventOf(tensorOf('08 01 12 00 2a 04 00000040'), message(0x4a, bytesOf(hex)))]));
  expect(problems).toEqual([]);
  expect(calls).toHaveLength(count);
});

function tensorOf(hex: string): Buffer {
  return message(0x42, bytesOf(hex));
}

/** An event with one value of the tag `loss`. */
function eventOf(...fields: readonly Buffer[]): Buffer {
  return message(0x2a, message(0x0a, Buffer.concat([message(0x0a, Buffer.from('loss')), ...fields])));
}

function message(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field, content.length]), content]);
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}
