import { bitsOf, codeNamed, noInstance, valueTypes } from './answer-json.ts';
import {
  type Answer,
  maxProcesses,
  type Output,
  oldestSample,
  processEntrySizes,
  type RecordedProcess,
  type RecordedSample,
} from './capture.ts';
import { asArray, asBoolean, asInteger, asObject, asText, type JsonObject, wrong } from './json-shape.ts';

const maxValues = 16;
const maxStructBytes = 64 * 1024;
const maxText = 1024;
const maxU64 = 2n ** 64n - 1n;
const maxU32 = 2 ** 32 - 1;
const typeNumbers = new Map<string, number>(valueTypes.map((name, number) => [name, number]));

/** What one call answered in one round. Throws ShapeError with the place. */
export function parseAnswer(value: unknown, place: string): Answer {
  if (value === 'untouched') return { code: 0, output: { kind: 'untouched' } };
  if (typeof value === 'string') {
    const code = codeNamed(value);
    if (code === undefined) throw wrong(place, 'a return code of NVML in snake_case, such as not_supported', value);
    return { code };
  }
  return { code: 0, output: parseOutput(asObject(value, place), place) };
}

function parseOutput(value: JsonObject, place: string): Output {
  if ('text' in value) return { kind: 'text', text: asText(value['text'], `${place}.text`, maxText) };
  if ('handle' in value) return { kind: 'handle', device: asDevice(value['handle'], `${place}.handle`) };
  if ('values' in value)
    return { kind: 'values', values: parseList(value['values'], `${place}.values`, maxValues, parseValue) };
  if ('processes' in value) return parseProcesses(value, place);
  if ('samples' in value)
    return { kind: 'samples', list: parseList(value['samples'], `${place}.samples`, maxProcesses, parseSample) };
  if ('type' in value) return parseField(value, place);
  if ('value' in value) return { kind: 'metric', bits: parseDouble(value['value'], `${place}.value`) };
  throw wrong(place, 'an object with text, values, handle, type, value, processes or samples', value);
}

export function asDevice(value: unknown, place: string): string {
  if (typeof value === 'string' && /^(system|gpu\d{1,2}(\/mig\d{1,2})?)$/.test(value)) return value;
  throw wrong(place, 'a device such as gpu0 or gpu0/mig1', value);
}

function parseList<T>(
  value: unknown,
  place: string,
  most: number,
  parse: (item: unknown, place: string) => T,
): readonly T[] {
  return asArray(value, place, most).map((item, position) => parse(item, `${place}[${position}]`));
}

function parseValue(value: unknown, place: string): bigint | Buffer {
  if (typeof value !== 'string' || !value.startsWith('0x')) return parseInteger(value, place);
  const digits = value.slice(2);
  if (!/^([0-9a-f]{2})*$/.test(digits)) throw wrong(place, 'whole bytes in hexadecimal digits after 0x', value);
  if (digits.length > 2 * maxStructBytes) throw wrong(place, `at most ${maxStructBytes} bytes`, value);
  return Buffer.from(digits, 'hex');
}

function parseInteger(value: unknown, place: string): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  const number = typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : undefined;
  if (number === undefined || number > maxU64) throw wrong(place, 'an integer from 0 to 2^64 - 1', value);
  return number;
}

function parseDouble(value: unknown, place: string): bigint {
  if (typeof value === 'number') return bitsOf(value);
  if (typeof value === 'string' && /^0x[0-9a-f]{1,16}$/.test(value)) return BigInt(value);
  throw wrong(place, 'a number, or the bits of a double in hexadecimal digits after 0x', value);
}

function parseField(value: JsonObject, place: string): Output {
  const type = typeof value['type'] === 'string' ? typeNumbers.get(value['type']) : value['type'];
  if (typeof type !== 'number' || !Number.isInteger(type) || type < 0 || type > maxU32)
    throw wrong(`${place}.type`, `one of ${valueTypes.join(', ')} or a number`, value['type']);
  const parse = type === 0 ? parseDouble : parseInteger;
  const bits = parse(value['value'], `${place}.value`);
  return {
    kind: 'field',
    type,
    bits,
    isBlank: value['blank'] !== undefined && asBoolean(value['blank'], `${place}.blank`),
  };
}

function parseProcesses(value: JsonObject, place: string): Output {
  const list = parseList(value['processes'], `${place}.processes`, maxProcesses, parseProcess);
  const entrySize = processEntrySizes.find((size) => size === value['entrySize']);
  if (entrySize === undefined)
    throw wrong(`${place}.entrySize`, `one of ${processEntrySizes.join(', ')}`, value['entrySize']);
  return { kind: 'processes', entrySize, list };
}

function parseProcess(value: unknown, place: string): RecordedProcess {
  const process = asObject(value, place);
  const instance = (name: string) =>
    process[name] === undefined ? noInstance : asInteger(process[name], `${place}.${name}`, maxU32);
  return {
    pid: asInteger(process['pid'], `${place}.pid`, maxU32),
    usedBytes: parseInteger(process['usedBytes'], `${place}.usedBytes`),
    gpuInstance: instance('gpuInstance'),
    computeInstance: instance('computeInstance'),
  };
}

function parseSample(value: unknown, place: string): RecordedSample {
  const sample = asObject(value, place);
  const number = (name: keyof RecordedSample, most = maxU32) => asInteger(sample[name], `${place}.${name}`, most);
  return {
    pid: number('pid'),
    age: number('age', oldestSample),
    sm: number('sm'),
    memory: number('memory'),
    encoder: number('encoder'),
    decoder: number('decoder'),
  };
}
