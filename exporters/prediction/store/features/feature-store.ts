import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, reasonOf, SourceError } from '../../../../kit/errors.ts';
import { replaceFile } from '../../../../kit/replace-file.ts';
import type { EntityKind } from '../../entity.ts';
import type { FeatureSchema, FeatureTable } from '../../features/feature-table.ts';
import { joinTables, rowsBetween } from '../../features/join-tables.ts';
import { hashOfSchema } from '../../features/schema.ts';
import { decodeChunk, decodeHeader, encodeChunk, headerEnd } from './chunk-format.ts';
import type { ChunkHeader } from './chunk-header.ts';
import { type ChunkSpan, chunkName, spanOfName } from './chunk-name.ts';

export interface StoredChunk extends ChunkSpan {
  readonly file: string;
}

/** Tables of features of one kind of entity in a folder, a file for each chunk of time. */
export interface FeatureStore {
  /** Ascending; they do not overlap. */
  readonly chunks: () => Promise<readonly StoredChunk[]>;
  /** Adds a chunk, or replaces the one of the same span. Whoever reads sees the old one or the new one. */
  readonly put: (span: ChunkSpan, table: FeatureTable) => Promise<void>;
  /** Rows of moments in (fromMs, untilMs]. */
  readonly read: (span: ChunkSpan) => Promise<FeatureTable>;
  /** Removes chunks that end after the time: of a clock that was ahead. */
  readonly dropAfter: (ms: number) => Promise<void>;
  /** Removes chunks that end at or before the time, and tells how many. */
  readonly dropBefore: (ms: number) => Promise<number>;
}

export interface StoreSettings {
  readonly folder: string;
  readonly kind: EntityKind;
  /** What is stored here; chunks of another schema are refused. */
  readonly schema: FeatureSchema;
  readonly writeFile?: typeof replaceFile;
  /** Gets a damaged chunk in words, which is renamed, so that the next back-fill reads its time again. Without it a damaged chunk is an error. */
  readonly onDamaged?: ((problem: string) => void) | undefined;
}

/**
 * Opens a store, and makes its folder. Throws SourceError where the folder cannot be used, or has chunks of another schema: features of two
 * meanings must not be put together.
 */
export async function openFeatureStore({
  folder,
  kind,
  schema,
  writeFile = replaceFile,
  onDamaged,
}: StoreSettings): Promise<FeatureStore> {
  const hash = hashOfSchema(schema);
  await inFolder(folder, () => mkdir(folder, { recursive: true }));

  async function chunks(): Promise<readonly StoredChunk[]> {
    const names = await inFolder(folder, () => readdir(folder));
    return names
      .flatMap((name) => {
        const span = spanOfName(name, kind);
        return span === undefined ? [] : [{ ...span, file: join(folder, name) }];
      })
      .sort((a, b) => a.fromMs - b.fromMs);
  }

  function check(file: string, header: ChunkHeader): void {
    if (header.hash === hash && header.kind === kind) return;
    throw new SourceError(
      `${file} holds ${header.schema.names.length} features of version ${header.schema.version} (${header.hash}), and this version computes ` +
        `${schema.names.length} of version ${schema.version} (${hash}); move ${folder} away and run the back-fill again`,
    );
  }

  /** Undefined for a chunk that is damaged and was set aside. */
  async function load<T>(
    file: string,
    read: () => Promise<Buffer>,
    decode: (bytes: Buffer) => T,
  ): Promise<T | undefined> {
    const bytes = await inFolder(folder, read);
    try {
      return decode(bytes);
    } catch (error) {
      if (onDamaged === undefined || !(error instanceof SourceError)) throw error;
      const aside = `${file}.damaged`;
      await inFolder(folder, () => rename(file, aside));
      onDamaged(`${error.message}; it is kept as ${aside}`);
      return undefined;
    }
  }

  for (const { file } of await chunks()) {
    const header = await load(
      file,
      () => readBegin(file),
      (bytes) => decodeHeader(bytes, file),
    );
    if (header !== undefined) check(file, header);
  }

  return {
    chunks,
    put: async (span, table) => {
      if (hashOfSchema(table.schema) !== hash) throw new RangeError('the table has another schema than the store');
      if (table.atMs.some((ms) => ms <= span.fromMs || ms > span.untilMs))
        throw new RangeError('a row is not of the span that it is put in');
      const other = (await chunks()).find((each) => overlaps(each, span) && !isSame(each, span));
      if (other !== undefined)
        throw new SourceError(
          `${other.file} overlaps the chunk from ${isoOf(span.fromMs)} to ${isoOf(span.untilMs)}; keep the length of chunks as it was, or move ${folder} away`,
        );
      const bytes = encodeChunk({ kind, ...span, table });
      await inFolder(folder, () => writeFile(join(folder, chunkName(kind, span)), bytes));
    },
    read: async ({ fromMs, untilMs }) => {
      const tables: FeatureTable[] = [];
      for (const { file } of (await chunks()).filter((each) => overlaps(each, { fromMs, untilMs }))) {
        const chunk = await load(
          file,
          () => readFile(file),
          (bytes) => decodeChunk(bytes, file),
        );
        if (chunk !== undefined) tables.push(rowsBetween(chunk.table, fromMs, untilMs));
      }
      return joinTables(schema, tables);
    },
    dropAfter: async (ms) => {
      for (const { file, untilMs } of await chunks())
        if (untilMs > ms) await inFolder(folder, () => rm(file, { force: true }));
    },
    dropBefore: async (ms) => {
      const old = (await chunks()).filter(({ untilMs }) => untilMs <= ms);
      for (const { file } of old) await inFolder(folder, () => rm(file, { force: true }));
      return old.length;
    },
  };
}

/** As much of a file as its header has. */
export async function readBegin(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const start = Buffer.alloc(16);
    const { bytesRead } = await handle.read(start, 0, 16, 0);
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(bytesRead < 16 ? bytesRead : Math.min(size, headerEnd(start)));
    await handle.read(bytes, 0, bytes.length, 0);
    return bytes;
  } finally {
    await handle.close();
  }
}

async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined || error instanceof SourceError) throw error;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    const remedy = isFull
      ? 'the disk is full; free some space or keep features for a shorter time, then go on: what was stored before is as it was'
      : `check that the folder is there and may be read and written (${reasonOf(error)})`;
    throw new SourceError(`${folder}: ${remedy}`, { cause: error });
  }
}

function overlaps(a: ChunkSpan, b: ChunkSpan): boolean {
  return a.fromMs < b.untilMs && b.fromMs < a.untilMs;
}

function isSame(a: ChunkSpan, b: ChunkSpan): boolean {
  return a.fromMs === b.fromMs && a.untilMs === b.untilMs;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
