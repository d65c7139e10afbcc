import { nameOf } from '../nvml/return-codes.ts';
import type { Answer, Output, RecordedProcess, RecordedSample } from './capture.ts';

/** Names of nvmlValueType_t by number; the value of a double is written as a number, of the others as an unsigned integer. */
export const valueTypes = ['double', 'u32', 'ulong', 'u64', 'i64', 'i32', 'u16'] as const;
/** For processes that run on no MIG instance. */
export const noInstance = 0xffff_ffff;

/** What stands in the file for an answer: the name of its code, or its output, which comes with success. */
export function answerToJson({ code, output }: Answer): unknown {
  return output === undefined ? nameOf(code) : outputToJson(output);
}

export function codeNamed(name: string): number | undefined {
  return codes.get(name) ?? (/^code_\d{1,10}$/.test(name) ? Number(name.slice('code_'.length)) : undefined);
}

// nvmlReturn_t ends with 999.
const codes = new Map(Array.from({ length: 1000 }, (_, code) => [nameOf(code), code]));

function outputToJson(output: Output): unknown {
  switch (output.kind) {
    case 'text':
      return { text: output.text };
    case 'values':
      return { values: output.values.map((value) => (typeof value === 'bigint' ? integer(value) : hex(value))) };
    case 'handle':
      return { handle: output.device };
    case 'untouched':
      return 'untouched';
    case 'field':
      return {
        type: valueTypes[output.type] ?? output.type,
        value: output.type === 0 ? double(output.bits) : integer(output.bits),
        ...(output.isBlank ? { blank: true } : {}),
      };
    case 'metric':
      return { value: double(output.bits) };
    case 'processes':
      return { processes: output.list.map(processToJson), entrySize: output.entrySize };
    case 'samples':
      return { samples: output.list satisfies readonly RecordedSample[] };
  }
}

function processToJson({ pid, usedBytes, gpuInstance, computeInstance }: RecordedProcess): unknown {
  return {
    pid,
    usedBytes: integer(usedBytes),
    ...(gpuInstance === noInstance ? {} : { gpuInstance }),
    ...(computeInstance === noInstance ? {} : { computeInstance }),
  };
}

/** In decimal digits where a JSON number would not be exact. */
function integer(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}

/** As the hexadecimal digits of its bits where a JSON number would not be exact. */
function double(bits: bigint): number | string {
  const value = doubleOf(bits);
  return Number.isFinite(value) && !Object.is(value, -0) ? value : `0x${bits.toString(16)}`;
}

export function doubleOf(bits: bigint): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(bits);
  return bytes.readDoubleLE();
}

export function bitsOf(value: number): bigint {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes.readBigUInt64LE();
}

function hex(bytes: Buffer): string {
  return `0x${bytes.toString('hex')}`;
}
