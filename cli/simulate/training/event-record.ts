import { maskedCrc32c } from '../../../exporters/training/decoders/tfevents/crc32c.ts';

/** First record of every event file. */
export function versionRecord(wallSeconds: number): Buffer {
  return framed(Buffer.concat([doubleField(1, wallSeconds), bytesField(3, Buffer.from('brain.Event:2'))]));
}

/** One scalar, as torch.utils.tensorboard writes it: tensorflow/core/util/event.proto and summary.proto. */
export function scalarRecord(wallSeconds: number, step: number, tag: string, value: number): Buffer {
  const scalar = Buffer.concat([bytesField(1, Buffer.from(tag)), floatField(2, value)]);
  const summary = bytesField(5, bytesField(1, scalar));
  return framed(Buffer.concat([doubleField(1, wallSeconds), varintField(2, step), summary]));
}

/** Length, its checksum, data, their checksum: tensorflow/core/lib/io/record_writer.cc. */
function framed(data: Buffer): Buffer {
  const frame = Buffer.alloc(data.length + 16);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setInt32(8, maskedCrc32c(view, 0, 8), true);
  frame.set(data, 12);
  view.setInt32(12 + data.length, maskedCrc32c(view, 12, 12 + data.length), true);
  return frame;
}

const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

function doubleField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.writeUInt8((field << 3) | wire.fixed64);
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt8((field << 3) | wire.fixed32);
  bytes.writeFloatLE(value, 1);
  return bytes;
}

function varintField(field: number, value: number): Buffer {
  return Buffer.from([(field << 3) | wire.varint, ...varint(value)]);
}

function bytesField(field: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | wire.bytes, ...varint(data.length)]), data]);
}

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}
