import { classOf, returnCode } from './return-codes.ts';

/** One value that nvmlDeviceGetFieldValues can give. */
export interface Field {
  /** NVML_FI_* of nvml.h. */
  readonly id: number;
  /** What the id asks for besides: a link, a power scope, or nothing. */
  readonly scope: number;
  /** The value has 64 bits whatever type the driver claims. */
  readonly isWide?: boolean;
}

/** Scope of NVLink fields that asks for the sum over all links. */
export const allLinks = 0xffff_ffff;

export function field(id: number, scope = 0): Field {
  return { id, scope };
}

/** What one field said: its value, that the GPU lacks it, or the code with which it failed. */
export type FieldAnswer = number | 'unsupported' | { readonly code: number };

export interface FieldBatchOptions {
  /** After so many fills, the next one asks again for the fields that the GPU turned down. */
  readonly retryAfterFills: number;
}

export interface FieldBatch {
  /** Reads all fields that the GPU has, in one call. Returns that call's code. */
  fill(call: (count: number, entries: Buffer) => number): number;
  /** What the last `fill` brought. */
  answer(field: Field): FieldAnswer;
}

// nvmlFieldValue_t: 0 u32 fieldId, 4 u32 scopeId, 8 i64 timestamp, 16 i64 latency, 24 u32 valueType, 28 u32 nvmlReturn, 32 value.
const entrySize = 40;
const at = { id: 0, scope: 4, timestamp: 8, latency: 16, type: 24, code: 28, value: 32 } as const;
// No nvmlReturn_t has this value, so an entry that still holds it was not written.
const notWritten = 0xffff_fffe;

/**
 * Field values of one GPU that are read together. Fields that the GPU turned down are asked for again only now and then: most of them it
 * never has, but those of a link that is down come with the link.
 */
export function createFieldBatch(fields: readonly Field[], { retryAfterFills }: FieldBatchOptions): FieldBatch {
  const entries = Buffer.alloc(entrySize * fields.length);
  let wanted = fields;
  let fillsUntilRetry = retryAfterFills;
  const answers = new Map<Field, FieldAnswer>();

  return {
    fill(call) {
      answers.clear();
      if (fillsUntilRetry === 0) {
        wanted = fields;
        fillsUntilRetry = retryAfterFills;
      }
      fillsUntilRetry -= 1;
      if (wanted.length === 0) return returnCode.success;
      prepare(entries, wanted);
      const code = call(wanted.length, entries);
      if (code !== returnCode.success) return code;
      wanted.forEach((each, position) => {
        answers.set(each, parse(entries.subarray(position * entrySize), each));
      });
      wanted = wanted.filter((_, position) => !isTurnedDown(entries.readUInt32LE(position * entrySize + at.code)));
      return code;
    },
    answer: (each) => answers.get(each) ?? 'unsupported',
  };
}

function prepare(entries: Buffer, wanted: readonly Field[]): void {
  entries.fill(0);
  wanted.forEach(({ id, scope }, position) => {
    entries.writeUInt32LE(id, position * entrySize + at.id);
    entries.writeUInt32LE(scope, position * entrySize + at.scope);
    entries.writeUInt32LE(notWritten, position * entrySize + at.code);
  });
}

function parse(entry: Buffer, { isWide }: Field): FieldAnswer {
  const code = entry.readUInt32LE(at.code);
  if (code === notWritten || isTurnedDown(code) || isBlank(entry)) return 'unsupported';
  if (code !== returnCode.success) return { code };
  return isWide === true ? Number(entry.readBigUInt64LE(at.value)) : decode(entry);
}

/** A field id that the driver does not know is an invalid argument to it. */
function isTurnedDown(code: number): boolean {
  return classOf(code) === 'unsupported' || code === returnCode.invalidArgument;
}

// With ECC off, drivers report success for the ECC fields without filling them in (seen by DCGM, which checks the same marks).
function isBlank(entry: Buffer): boolean {
  const [timestamp, latency] = [entry.readBigInt64LE(at.timestamp), entry.readBigInt64LE(at.latency)];
  return timestamp === 0n && latency === 0n && entry.readUInt32LE(at.type) === 0;
}

function decode(entry: Buffer): FieldAnswer {
  switch (entry.readUInt32LE(at.type)) {
    case 0:
      return entry.readDoubleLE(at.value);
    case 1:
      return entry.readUInt32LE(at.value);
    case 2:
    case 3:
      return Number(entry.readBigUInt64LE(at.value));
    case 4:
      return Number(entry.readBigInt64LE(at.value));
    case 5:
      return entry.readInt32LE(at.value);
    case 6:
      return entry.readUInt16LE(at.value);
    default:
      return 'unsupported';
  }
}
