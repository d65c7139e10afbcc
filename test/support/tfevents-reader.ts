import protobuf from 'protobufjs/minimal.js';
import { maskedCrc } from './tfevents-writer.ts';

/** One record of an event file: a scalar, or the version that stands first. */
export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion?: string;
  readonly tag?: string;
  readonly value?: number;
}

/**
 * Reads event files of plain scalars, for tests of what writes them. Shares no code with it: messages by protobufjs, checksums bit by bit.
 * Throws at the first byte that is not as it should be.
 */
export function readEventFile(file: Buffer): readonly ReadEvent[] {
  const events: ReadEvent[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    check(file, at, 8);
    check(file, at + 12, length);
    events.push(readEvent(file.subarray(at + 12, at + 12 + length)));
    at += length + 16;
  }
  return events;
}

function check(file: Buffer, at: number, length: number): void {
  const found = file.readUInt32LE(at + length);
  const right = maskedCrc(file.subarray(at, at + length));
  if (found !== right) throw new Error(`checksum of the ${length} bytes at ${at} is ${found} instead of ${right}`);
}

function readEvent(data: Uint8Array): ReadEvent {
  const reader = protobuf.Reader.create(data);
  let event: ReadEvent = { wallTime: 0, step: 0 };
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 0x09) event = { ...event, wallTime: reader.double() };
    else if (tag === 0x10) event = { ...event, step: Number(reader.int64()) };
    else if (tag === 0x1a) event = { ...event, fileVersion: reader.string() };
    else if (tag === 0x2a) event = { ...event, ...readSummary(reader) };
    else throw new Error(`field ${tag} in an event`);
  }
  return event;
}

/** A summary of one value. */
function readSummary(reader: protobuf.Reader): { readonly tag: string; readonly value: number } {
  reader.uint32();
  if (reader.uint32() !== 0x0a) throw new Error('a summary without value');
  const end = reader.uint32() + reader.pos;
  if (reader.uint32() !== 0x0a) throw new Error('a value without tag');
  const tag = reader.string();
  if (reader.uint32() !== 0x15) throw new Error('a value that is no simple value');
  const value = reader.float();
  if (reader.pos !== end) throw new Error('more than tag and value');
  return { tag, value };
}
