import { classOf, returnCode } from './return-codes.ts';

/** Ids of nvml.h for nvmlDeviceGetFieldValues. */
export const fieldId = {
  correctableVolatile: 3,
  uncorrectableVolatile: 4,
  correctableAggregate: 5,
  uncorrectableAggregate: 6,
  memoryTemperature: 82,
  totalEnergy: 83,
  pcieReplays: 94,
} as const;
export type FieldId = (typeof fieldId)[keyof typeof fieldId];

const allFields: readonly FieldId[] = Object.values(fieldId);
const eccFields: ReadonlySet<number> = new Set([3, 4, 5, 6]);

/** What one field said: its value, that the GPU lacks it, or the code with which it failed. */
export type FieldAnswer = number | 'unsupported' | { readonly code: number };

export interface FieldBatch {
  /** Reads all fields that the GPU has, in one call. Returns that call's code. */
  fill(call: (count: number, entries: Buffer) => number): number;
  /** What the last `fill` brought. */
  answer(id: FieldId): FieldAnswer;
}

// nvmlFieldValue_t: 0 u32 fieldId, 4 u32 scopeId, 8 i64 timestamp, 16 i64 latency, 24 u32 valueType, 28 u32 nvmlReturn, 32 value.
const entrySize = 40;
const at = { id: 0, timestamp: 8, latency: 16, type: 24, code: 28, value: 32 } as const;
// No nvmlReturn_t has this value, so an entry that still holds it was not written.
const notWritten = 0xffff_fffe;

/** The field values of one GPU. Fields that the GPU turned down for good are not asked for again. */
export function createFieldBatch(): FieldBatch {
  const entries = Buffer.alloc(entrySize * allFields.length);
  let wanted = allFields;
  const answers = new Map<FieldId, FieldAnswer>();

  return {
    fill(call) {
      answers.clear();
      if (wanted.length === 0) return returnCode.success;
      prepare(entries, wanted);
      const code = call(wanted.length, entries);
      if (code !== returnCode.success) return code;
      wanted.forEach((id, position) => {
        answers.set(id, parse(entries.subarray(position * entrySize), id));
      });
      wanted = wanted.filter((_, position) => !isTurnedDown(entries.readUInt32LE(position * entrySize + at.code)));
      return code;
    },
    answer: (id) => answers.get(id) ?? 'unsupported',
  };
}

function prepare(entries: Buffer, wanted: readonly FieldId[]): void {
  entries.fill(0);
  wanted.forEach((id, position) => {
    entries.writeUInt32LE(id, position * entrySize + at.id);
    entries.writeUInt32LE(notWritten, position * entrySize + at.code);
  });
}

function parse(entry: Buffer, id: FieldId): FieldAnswer {
  const code = entry.readUInt32LE(at.code);
  if (code === notWritten || isTurnedDown(code) || isBlank(entry)) return 'unsupported';
  return code === returnCode.success ? decode(entry, id) : { code };
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

function decode(entry: Buffer, id: FieldId): FieldAnswer {
  // ECC counts have 64 bits whatever the type says.
  if (eccFields.has(id)) return Number(entry.readBigUInt64LE(at.value));
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
