/** The bytes are no protobuf message. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

interface Cursor {
  at: number;
  readonly end: number;
}

const maxVarintBytes = 10;

export type Visit = (field: number, start: number, end: number) => void;

/**
 * Calls `visit` for each string and each sub-message in that part of a protobuf message, and steps over numbers. Nothing is copied.
 * The format is that of https://protobuf.dev/programming-guides/encoding without groups. Throws MalformedMessage.
 */
export function eachField(bytes: Buffer, start: number, end: number, visit: Visit): void {
  const cursor: Cursor = { at: start, end };
  while (cursor.at < end) {
    const tag = varint(bytes, cursor);
    const length = contentLength(bytes, cursor, tag % 8);
    const content = cursor.at;
    if (content + length > end) throw new MalformedMessage(`the field at byte ${content} is longer than its message`);
    if (tag % 8 === 2) visit(Math.floor(tag / 8), content, content + length);
    cursor.at = content + length;
  }
}

function contentLength(bytes: Buffer, cursor: Cursor, wireType: number): number {
  switch (wireType) {
    case 0:
      varint(bytes, cursor);
      return 0;
    case 1:
      return 8;
    case 2:
      return varint(bytes, cursor);
    case 5:
      return 4;
    default:
      throw new MalformedMessage(`the field at byte ${cursor.at} has the wire type ${wireType}`);
  }
}

/** Beyond 53 bits the value is not exact; no length and no field number is that large. */
function varint(bytes: Buffer, cursor: Cursor): number {
  const first = bytes[cursor.at];
  if (first !== undefined && first < 128 && cursor.at < cursor.end) {
    cursor.at++;
    return first;
  }
  let value = 0;
  let scale = 1;
  for (let count = 0; count < maxVarintBytes; count++) {
    const byte = bytes[cursor.at];
    if (byte === undefined || cursor.at >= cursor.end) break;
    cursor.at++;
    value += (byte & 127) * scale;
    if (byte < 128) return value;
    scale *= 128;
  }
  throw new MalformedMessage(`the number at byte ${cursor.at} does not end`);
}

/** Undefined if it is empty, longer than allowed or has other characters than those of names. */
export function textOf(bytes: Buffer, start: number, end: number, maxLength: number): string | undefined {
  if (end === start || end - start > maxLength) return undefined;
  const text = bytes.toString('latin1', start, end);
  return printable.test(text) ? text : undefined;
}

const printable = /^[\x20-\x7e]+$/;
