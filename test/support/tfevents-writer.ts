import protobuf from 'protobufjs/minimal.js';

/**
 * Writes TensorBoard event files as TensorFlow and PyTorch do. Shares no code with what reads them: messages by protobufjs, checksums
 * bit by bit.
 */
export interface WrittenEvent {
  readonly wallTime?: number;
  readonly step?: number;
  readonly values?: readonly WrittenValue[];
}

export interface WrittenValue {
  /** Bytes where it is to be no proper text. */
  readonly tag: string | Uint8Array;
  readonly value: number;
  /** A plain value unless said otherwise. */
  readonly as?: keyof typeof encodings;
  /** The plugin of the metadata; without one there are no metadata. */
  readonly plugin?: string;
  /** Sizes of the dimensions of a tensor. */
  readonly shape?: readonly number[];
}

type Write = (writer: protobuf.Writer, value: number) => protobuf.Writer;

/** The forms of a number in a value, by their name; all but the first are tensors: data type and fields of TensorProto. */
const encodings = {
  simple: undefined,
  'tensor-content': tensor(1, (writer, value) => writer.uint32(34).bytes(memoryOf(4, value, 'setFloat32'))),
  'double-content': tensor(2, (writer, value) => writer.uint32(34).bytes(memoryOf(8, value, 'setFloat64'))),
  'int32-content': tensor(3, (writer, value) => writer.uint32(34).bytes(memoryOf(4, value, 'setInt32'))),
  'int64-content': tensor(9, (writer, value) => {
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setBigInt64(0, BigInt(value), true);
    return writer.uint32(34).bytes(new Uint8Array(bytes.buffer));
  }),
  'float-val': tensor(1, (writer, value) => writer.uint32(42).fork().float(value).ldelim()),
  'float-val-unpacked': tensor(1, (writer, value) => writer.uint32(45).float(value)),
  'double-val': tensor(2, (writer, value) => writer.uint32(50).fork().double(value).ldelim()),
  'double-val-unpacked': tensor(2, (writer, value) => writer.uint32(49).double(value)),
  'int-val': tensor(3, (writer, value) => writer.uint32(58).fork().int32(value).ldelim()),
  'int64-val': tensor(9, (writer, value) => writer.uint32(82).fork().int64(value).ldelim()),
  /** These take the bits of the number. */
  'half-content': tensor(19, (writer, bits) => writer.uint32(34).bytes(memoryOf(2, bits, 'setUint16'))),
  'half-val': tensor(19, (writer, bits) => writer.uint32(106).fork().int32(bits).ldelim()),
  'bfloat16-content': tensor(14, (writer, bits) => writer.uint32(34).bytes(memoryOf(2, bits, 'setUint16'))),
  'bfloat16-val': tensor(14, (writer, bits) => writer.uint32(106).fork().int32(bits).ldelim()),
} as const;

/** A whole file or a part of one. */
export function eventFile(events: readonly Uint8Array[]): Buffer {
  return Buffer.concat(events.map(frame));
}

/** A record with its length and its checksums. */
export function frame(data: Uint8Array): Buffer {
  const header = Buffer.alloc(12);
  header.writeBigUInt64LE(BigInt(data.length));
  header.writeUInt32LE(maskedCrc(header.subarray(0, 8)), 8);
  const footer = Buffer.alloc(4);
  footer.writeUInt32LE(maskedCrc(data));
  return Buffer.concat([header, data, footer]);
}

/** The beginning of a record of any length, with its right checksum. */
export function frameHeader(length: bigint): Buffer {
  const header = Buffer.alloc(12);
  header.writeBigUInt64LE(length);
  header.writeUInt32LE(maskedCrc(header.subarray(0, 8)), 8);
  return header;
}

export function encodeEvent({ wallTime, step, values = [] }: WrittenEvent): Uint8Array {
  const writer = eventBegin(wallTime, step);
  if (values.length > 0) {
    writer.uint32(42).fork();
    for (const value of values) writeValue(writer, value);
    writer.ldelim();
  }
  return writer.finish();
}

/** What all writers but CatBoost begin a file with. */
export function versionEvent(wallTime = 1_700_000_000): Uint8Array {
  return eventBegin(wallTime, undefined).uint32(26).string('brain.Event:2').finish();
}

/** What PyTorch writes for `purge_step`, and TensorFlow 1 at each start. */
export function sessionStart(step: number, wallTime = 1_700_000_000): Uint8Array {
  return eventBegin(wallTime, step).uint32(58).fork().uint32(8).int32(1).ldelim().finish();
}

/** A value that is no scalar, as its field of Summary.Value: 4 is an image, 5 a histogram, 6 a sound. */
export function encodeOtherValue(event: WrittenEvent, tag: string, field: number, data: Uint8Array): Uint8Array {
  const writer = eventBegin(event.wallTime, event.step).uint32(42).fork().uint32(10).fork();
  return writer
    .uint32(10)
    .string(tag)
    .uint32(field * 8 + 2)
    .bytes(data)
    .ldelim()
    .ldelim()
    .finish();
}

function eventBegin(wallTime: number | undefined, step: number | undefined): protobuf.Writer {
  const writer = protobuf.Writer.create();
  if (wallTime !== undefined) writer.uint32(9).double(wallTime);
  if (step !== undefined) writer.uint32(16).int64(step);
  return writer;
}

function writeValue(writer: protobuf.Writer, { tag, value, as = 'simple', plugin, shape = [] }: WrittenValue): void {
  writer.uint32(10).fork();
  writer.uint32(10).bytes(typeof tag === 'string' ? Buffer.from(tag) : tag);
  const write = encodings[as];
  if (write === undefined) writer.uint32(21).float(value);
  else write(writer, value, shape);
  if (plugin !== undefined) {
    writer.uint32(74).fork().uint32(10).fork().uint32(10).string(plugin).ldelim().ldelim();
  }
  writer.ldelim();
}

function tensor(
  dtype: number,
  write: Write,
): (writer: protobuf.Writer, value: number, shape: readonly number[]) => protobuf.Writer {
  return (writer, value, shape) => {
    writer.uint32(66).fork().uint32(8).int32(dtype).uint32(18).fork();
    for (const size of shape) writer.uint32(18).fork().uint32(8).int64(size).ldelim();
    writer.ldelim();
    return write(writer, value).ldelim();
  };
}

function memoryOf(
  size: number,
  value: number,
  set: 'setFloat32' | 'setFloat64' | 'setInt32' | 'setUint16',
): Uint8Array {
  const view = new DataView(new ArrayBuffer(size));
  view[set](0, value, true);
  return new Uint8Array(view.buffer);
}

/** Exported for vectors that the reader is tested with. */
export function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
