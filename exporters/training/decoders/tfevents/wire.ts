/**
 * Reads the wire format of protocol buffers (protobuf.dev/programming-guides/encoding). A cursor is used for all messages of a file and
 * nothing is made for a field, as there are millions of them. What cannot be read leaves the cursor beyond every end, so that all loops
 * over fields end by themselves.
 */
export interface Cursor {
  bytes: Uint8Array;
  view: DataView;
  at: number;
  /** Where the message ends that is read. */
  end: number;
}

/** Beyond all positions, and small enough to be a small integer to the engine. */
const nowhere = 2 ** 31 - 1;
/** The low three bits of what stands before a field; the rest is the number of the field. */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** What stands before a field of a message. */
export function varintField(number: number): number {
  return number * 8 + wireTypes.varint;
}
export function fixed64Field(number: number): number {
  return number * 8 + wireTypes.fixed64;
}
export function bytesField(number: number): number {
  return number * 8 + wireTypes.bytes;
}
export function fixed32Field(number: number): number {
  return number * 8 + wireTypes.fixed32;
}

const noBytes = new Uint8Array(0);
const noView = new DataView(noBytes.buffer);

export function createCursor(): Cursor {
  return { bytes: noBytes, view: noView, at: 0, end: 0 };
}

/** Lets go of what was read, which may be large. */
export function releaseBytes(cursor: Cursor): void {
  cursor.bytes = noBytes;
  cursor.view = noView;
}

export function fail(cursor: Cursor): void {
  cursor.at = nowhere;
}

export function hasFailed(cursor: Cursor): boolean {
  return cursor.at === nowhere;
}

/** Enters a message within the message: gives the end of the outer one, to be put back when the inner one is read. */
export function enter(cursor: Cursor): number {
  const outerEnd = cursor.end;
  const length = readSize(cursor);
  if (!hasFailed(cursor)) cursor.end = cursor.at + length;
  return outerEnd;
}

/** The size of the bytes that follow; they are all there. */
export function readSize(cursor: Cursor): number {
  const size = readVarint(cursor);
  if (size >= 0 && size <= cursor.end - cursor.at) return size;
  fail(cursor);
  return 0;
}

/** A signed integer of 64 bits, rounded where it has more than 53. */
export function readVarint(cursor: Cursor): number {
  const { at, end, view } = cursor;
  if (at < end) {
    const byte = view.getUint8(at);
    if (byte < 0x80) {
      cursor.at = at + 1;
      return byte;
    }
  }
  return readLongVarint(cursor);
}

/** Seven bits a byte, low ones first; ten bytes for a negative number. */
function readLongVarint(cursor: Cursor): number {
  const { view, at, end } = cursor;
  const last = Math.min(at + 10, end);
  let [low, high] = [0, 0];
  for (let index = at, shift = 0; index < last; index++, shift += 7) {
    const byte = view.getUint8(index);
    const bits = byte & 0x7f;
    if (shift < 32) low |= bits << shift;
    if (shift === 28) high = bits >>> 4;
    if (shift > 28) high |= bits << (shift - 32);
    if (byte >= 0x80) continue;
    cursor.at = index + 1;
    return high * 2 ** 32 + (low >>> 0);
  }
  fail(cursor);
  return 0;
}

export function readDouble(cursor: Cursor): number {
  const { at } = cursor;
  if (!hasRoom(cursor, 8)) return 0;
  return cursor.view.getFloat64(at, true);
}

export function readFloat(cursor: Cursor): number {
  const { at } = cursor;
  if (!hasRoom(cursor, 4)) return 0;
  return cursor.view.getFloat32(at, true);
}

/** Passes over a field that nobody wants. No message of event files has groups (wire types 3 and 4), so they are garbage. */
export function skipField(cursor: Cursor, field: number): void {
  // No field has the number 0: bytes of zeros are garbage too.
  switch (field < 8 ? -1 : field & 7) {
    case wireTypes.varint:
      readVarint(cursor);
      return;
    case wireTypes.fixed64:
      hasRoom(cursor, 8);
      return;
    case wireTypes.bytes:
      skipBytes(cursor);
      return;
    case wireTypes.fixed32:
      hasRoom(cursor, 4);
      return;
    default:
      fail(cursor);
  }
}

export function skipBytes(cursor: Cursor): void {
  const size = readSize(cursor);
  cursor.at += size;
}

/** Steps over so many bytes if they are there. */
function hasRoom(cursor: Cursor, size: number): boolean {
  if (cursor.at + size <= cursor.end) {
    cursor.at += size;
    return true;
  }
  fail(cursor);
  return false;
}
