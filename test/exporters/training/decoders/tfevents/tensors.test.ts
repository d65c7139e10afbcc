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

test('metadata without a plugin, and a class of data, are heeded', () => {
  const tensor = '42 0c 08 01 12 00 2a 04 00000040 2a 00'.replaceAll(' ', '');
  const tag = '0a04 6c6f7373'.replaceAll(' ', '');
  const valueWith = (metadata: string) => {
    const fields = Buffer.from(tag + tensor + metadata.replaceAll(' ', ''), 'hex');
    const value = Buffer.concat([Buffer.from([0x0a, fields.length]), fields]);
    return Buffer.concat([Buffer.from([0x2a, value.length]), value]);
  };
  const told = (metadata: string) => {
    const { decoder, calls, problems } = recorded();
    decoder.push(eventFile([valueWith(metadata)]));
    expect(problems).toEqual([]);
    return calls.length;
  };
  // A display name only; class 1 (scalar) and class 2 (tensor) of the plugin "p"; a plugin with an empty name.
  expect(told('4a 03 12 01 78')).toBe(1);
  expect(told('4a 07 0a 03 0a 01 70 20 01')).toBe(1);
  expect(told('4a 07 0a 03 0a 01 70 20 02')).toBe(0);
  expect(told('4a 05 0a 03 0a 01 70')).toBe(0);
  expect(told('4a 04 0a 02 0a 00')).toBe(1);
});
