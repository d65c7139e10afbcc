import { ConfigError } from '../../errors.ts';
import { type BackupRecord, type Header, maxChunkBytes, maxLineBytes, rangeBounds } from './format.ts';

export type BackupPart =
  | Exclude<BackupRecord, { readonly kind: 'chunk' }>
  | { readonly kind: 'lines'; readonly lines: Buffer };

const lineFeed = 10;

/** Takes the file apart, piece by piece. `where` names it for errors. */
export async function* readBackup(source: AsyncIterable<Buffer>, where: string): AsyncGenerator<BackupPart> {
  const reader = createReader(source, where);
  let isFirst = true;
  for (;;) {
    const record = parseRecord(await reader.line(), where, isFirst);
    isFirst = false;
    if (record.kind === 'chunk') {
      const lines = await reader.bytes(record.bytes);
      if ((await reader.line()) !== '') throw damaged(where);
      yield { kind: 'lines', lines };
    } else {
      yield record;
    }
    if (record.kind === 'end') return;
  }
}

function createReader(source: AsyncIterable<Buffer>, where: string) {
  const iterator = source[Symbol.asyncIterator]();
  let parts: Buffer[] = [];
  let available = 0;

  async function more(): Promise<void> {
    const { value, done } = await iterator.next();
    if (done === true) throw new ConfigError(`${where} is cut off; take another backup`);
    parts.push(value);
    available += value.length;
  }

  /** All that is there as one piece. */
  function gathered(): Buffer {
    const [only = Buffer.alloc(0)] = parts.length === 1 ? parts : [Buffer.concat(parts)];
    parts = [only];
    return only;
  }

  async function bytes(count: number): Promise<Buffer> {
    while (available < count) await more();
    const all = gathered();
    parts = [all.subarray(count)];
    available -= count;
    return all.subarray(0, count);
  }

  async function line(): Promise<string> {
    for (;;) {
      const end = gathered().indexOf(lineFeed);
      if (end > maxLineBytes || (end === -1 && available > maxLineBytes)) throw damaged(where);
      if (end !== -1) return (await bytes(end + 1)).toString('utf8', 0, end);
      await more();
    }
  }

  return { bytes, line };
}

function parseRecord(line: string, where: string, isFirst: boolean): BackupRecord {
  const value = parseJson(line) ?? {};
  if (isFirst) return headerOf(value, where);
  const parse = new Map(Object.entries(parsers)).get(String(value['kind']));
  const record = parse?.(value);
  if (record === undefined) throw damaged(where);
  return record;
}

/** The one place that knows which shape a kind has; undefined for another shape. */
const parsers: Readonly<Record<string, (value: Fields) => BackupRecord | undefined>> = {
  partition: ({ name, of, bounds }) =>
    isText(name) && isText(of) && isText(bounds) && rangeBounds.test(bounds)
      ? { kind: 'partition', name, of, bounds }
      : undefined,
  table: ({ name, columns }) => (isText(name) && isTexts(columns) ? { kind: 'table', name, columns } : undefined),
  chunk: ({ bytes }) => (isCount(bytes) && bytes <= maxChunkBytes ? { kind: 'chunk', bytes } : undefined),
  'table-end': ({ name, rows, sum }) =>
    isText(name) && isCount(rows) && isText(sum) ? { kind: 'table-end', name, rows, sum } : undefined,
  sequence: ({ name, value, isCalled }) =>
    isText(name) && isText(value) && typeof isCalled === 'boolean'
      ? { kind: 'sequence', name, value, isCalled }
      : undefined,
  end: ({ tables, rows }) => (isCount(tables) && isCount(rows) ? { kind: 'end', tables, rows } : undefined),
};

function headerOf(value: Fields, where: string): Header {
  if (value['kind'] !== 'fleetlens-backup') throw new ConfigError(`${where} is no backup that FleetLens has written`);
  const { format, schema, migrations, version, server, createdAt } = value;
  if (format !== 1) {
    throw new ConfigError(`${where} was written by a newer version of FleetLens; restore it with that version`);
  }
  if (isText(schema) && isTexts(migrations) && isText(version) && isText(server) && isText(createdAt)) {
    return { kind: 'fleetlens-backup', format, schema, migrations, version, server, createdAt };
  }
  throw damaged(where);
}

type Fields = { readonly [key: string]: unknown };

function parseJson(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function damaged(where: string): ConfigError {
  return new ConfigError(`${where} is damaged; take another backup`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
