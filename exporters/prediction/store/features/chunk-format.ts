import { createHash } from 'node:crypto';
import { SourceError } from '../../../../kit/errors.ts';
import { type EntityKind, entityKinds } from '../../entity.ts';
import type { FeatureTable } from '../../features/feature-table.ts';
import { hashOfSchema } from '../../features/schema.ts';
import { type ChunkHeader, headerOf } from './chunk-header.ts';

/**
 * A chunk as a file: magic, length of the header, header as JSON padded to 8 bytes, times (float64), numbers of entities (uint32, padded to 8), values
 * column by column (float32, padded to 8), SHA-256 of all that. Little-endian.
 */
const magic = Buffer.from('FLFEAT01', 'latin1');
const sumBytes = 32;

/** Moments of (fromMs, untilMs]. */
export interface Chunk {
  readonly kind: EntityKind;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly table: FeatureTable;
}

export function encodeChunk({ kind, fromMs, untilMs, table }: Chunk): Buffer {
  const { schema, entities, entity, atMs, values } = table;
  const rows = atMs.length;
  const columns = schema.names.length;
  const header: ChunkHeader = { format: 1, kind, fromMs, untilMs, rows, schema, hash: hashOfSchema(schema), entities };
  const text = padded(Buffer.from(JSON.stringify(header)), 0x20);
  const length = Buffer.alloc(8);
  length.writeUInt32LE(text.length);
  const byColumn = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1)
      byColumn[column * rows + row] = values[row * columns + column] as number;
  const body = Buffer.concat([magic, length, text, bytesOf(atMs), padded(bytesOf(entity)), padded(bytesOf(byColumn))]);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

/** `where` is the name of the file, for errors. Throws SourceError for whatever is no whole chunk. */
export function decodeChunk(bytes: Buffer, where: string): Chunk {
  const header = decodeHeader(bytes, where);
  const { rows, schema, entities, kind, fromMs, untilMs } = header;
  const columns = schema.names.length;
  const start = headerEnd(bytes);
  const sizes = [rows * 8, upTo8(rows * 4), upTo8(rows * columns * 4)] as const;
  const whole = start + sizes[0] + sizes[1] + sizes[2] + sumBytes;
  if (bytes.length !== whole)
    throw broken(where, `has ${bytes.length} bytes instead of ${whole}: it was cut short or written over`);
  const sum = createHash('sha256').update(bytes.subarray(0, -sumBytes)).digest();
  if (!sum.equals(bytes.subarray(-sumBytes)))
    throw broken(where, 'does not have the checksum that it was written with');
  const atMs = new Float64Array(copyOf(bytes, start, rows * 8));
  const entity = new Uint32Array(copyOf(bytes, start + sizes[0], rows * 4));
  const byColumn = new Float32Array(copyOf(bytes, start + sizes[0] + sizes[1], rows * columns * 4));
  const values = new Float32Array(rows * columns);
  for (let column = 0; column < columns; column += 1)
    for (let row = 0; row < rows; row += 1) values[row * columns + column] = byColumn[column * rows + row] as number;
  return { kind, fromMs, untilMs, table: { schema, entities, entity, atMs, values } };
}

/** The header alone, of the begin of a file. */
export function decodeHeader(bytes: Buffer, where: string): ChunkHeader {
  if (bytes.length < 16 || !bytes.subarray(0, 8).equals(magic))
    throw broken(where, 'does not begin as a file of features does');
  const end = headerEnd(bytes);
  if (bytes.length < end) throw broken(where, 'ends within its header: it was cut short');
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8', 16, end));
  } catch {
    throw broken(where, 'has a header that cannot be read');
  }
  const header = headerOf(json, entityKinds);
  if (header === undefined) throw broken(where, 'has a header of another form');
  return header;
}

/** Where the header ends that a file with these first 16 bytes has. */
export function headerEnd(bytes: Buffer): number {
  return 16 + bytes.readUInt32LE(8);
}

function broken(where: string, problem: string): SourceError {
  return new SourceError(`${where} ${problem}; delete it and run the back-fill again, which computes what is missing`);
}

/** Own memory, so that it may be seen as numbers wherever it lay. */
function copyOf(bytes: Buffer, from: number, length: number): ArrayBuffer {
  const copy = new ArrayBuffer(length);
  new Uint8Array(copy).set(bytes.subarray(from, from + length));
  return copy;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array | Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function padded(bytes: Buffer, filler = 0): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(upTo8(bytes.length) - bytes.length, filler)]);
}

function upTo8(length: number): number {
  return Math.ceil(length / 8) * 8;
}
