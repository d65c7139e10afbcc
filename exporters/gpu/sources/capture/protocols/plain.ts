import { returnCode } from '../../nvml/return-codes.ts';
import type { SymbolName } from '../../nvml/symbols.ts';
import { type Call, keyOf } from '../call.ts';
import type { Answer, Output } from '../capture.ts';
import { badHandle, deviceOf, type Protocol, tooSmall } from '../protocol.ts';

/** Structs that are as short as a number. */
const shortStructs: ReadonlySet<string> = new Set([
  'nvmlDeviceGetUtilizationRates',
  'nvmlGpmQueryDeviceSupport',
] satisfies readonly SymbolName[]);

/** A call that writes a text, numbers or a struct. */
export const plain: Protocol = {
  record(call, make, { handles, keep }) {
    // Before the call, which may write over what the key is made of.
    const key = keyOf(call);
    const code = make();
    const device = deviceOf(call, handles);
    if (device !== undefined) keep(device, key, { code, output: code === returnCode.success ? read(call) : undefined });
    return code;
  },
  replay(call, { handles, answer, missing }) {
    const device = deviceOf(call, handles);
    if (device === undefined) return badHandle;
    const kept = answer(device, keyOf(call));
    return kept === undefined ? missing(call.symbol) : write(call, kept);
  },
};

function read({ symbol, buffers, isText }: Call): Output | undefined {
  const [first] = buffers;
  if (first === undefined) return undefined;
  if (isText) return { kind: 'text', text: textIn(first) };
  return { kind: 'values', values: buffers.map((buffer) => valueIn(buffer, shortStructs.has(symbol))) };
}

function textIn(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
}

function valueIn(buffer: Buffer, isStruct: boolean): bigint | Buffer {
  if (buffer.length === 4) return BigInt(buffer.readUInt32LE());
  if (buffer.length === 8 && !isStruct) return buffer.readBigUInt64LE();
  return Buffer.from(buffer);
}

function write({ buffers }: Call, { code, output }: Answer): number {
  if (output?.kind === 'text') return writeText(buffers[0], output.text, code);
  if (output?.kind !== 'values') return code;
  const { values } = output;
  const fits = values.every((value, position) => fitsInto(buffers[position], value));
  if (!fits) return tooSmall;
  values.forEach((value, position) => {
    put(buffers[position], value);
  });
  return code;
}

function writeText(buffer: Buffer | undefined, text: string, code: number): number {
  const bytes = Buffer.from(`${text}\0`);
  if (buffer === undefined || bytes.length > buffer.length) return tooSmall;
  bytes.copy(buffer);
  return code;
}

function fitsInto(buffer: Buffer | undefined, value: bigint | Buffer): boolean {
  if (buffer === undefined) return false;
  if (typeof value !== 'bigint') return value.length <= buffer.length;
  return buffer.length >= 8 || (buffer.length === 4 && value < 1n << 32n);
}

function put(buffer: Buffer | undefined, value: bigint | Buffer): void {
  if (typeof value !== 'bigint') value.copy(buffer ?? value);
  else if (buffer?.length === 4) buffer.writeUInt32LE(Number(value));
  else buffer?.writeBigUInt64LE(value);
}
