import { csvRecords } from '../../../../kit/csv/csv-records.ts';
import type { CsvRecord } from '../../../../kit/csv/csv-syntax.ts';
import { SourceError } from '../../../../kit/errors.ts';
import { cut } from '../../../../kit/options/preview.ts';
import { unguardFormula } from './formula-guard.ts';

export interface CsvOptions {
  /** For errors. */
  readonly file: string;
  /** Found in the first line without it. */
  readonly delimiter?: string | undefined;
  readonly maxRows?: number | undefined;
  readonly maxBytes?: number | undefined;
  readonly maxColumns?: number;
  readonly maxRecordCharacters?: number;
}

export interface Row {
  /** Where it begins, from 1. */
  readonly line: number;
  /** By the names of the header, trimmed; empty fields are left out. */
  readonly fields: ReadonlyMap<string, string>;
}

const defaults = { maxRows: 250_000, maxBytes: 256 * 1024 * 1024 };

/**
 * Rows of a CSV file with a header, as they come in: UTF-8 with or without a mark, any line ends. Holds a piece of the file at a time. Throws
 * a SourceError that names file, line and column.
 */
export async function* parseCsv(chunks: AsyncIterable<Uint8Array | string>, options: CsvOptions): AsyncGenerator<Row> {
  const { file, maxRows = defaults.maxRows, maxBytes = defaults.maxBytes, ...syntax } = options;
  let header: readonly string[] | undefined;
  let count = 0;
  for await (const record of csvRecords(decoded(chunks, { maxBytes, file }), { file, ...syntax })) {
    count += 1;
    if (count > maxRows + 1) throw tooMany(record, maxRows, file);
    if (header === undefined) header = headerOf(record, file);
    else yield toRow(record, header, file);
  }
  if (header === undefined) throw new SourceError(`${file} is empty; its first line must name the columns`);
}

function tooMany({ line }: CsvRecord, maxRows: number, file: string): SourceError {
  return new SourceError(`${file}:${line}: more than ${maxRows} rows; split the file or raise max_rows`);
}

async function* decoded(
  chunks: AsyncIterable<Uint8Array | string>,
  { maxBytes, file }: { readonly maxBytes: number; readonly file: string },
): AsyncGenerator<string> {
  const decode = createDecoder(file);
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw new SourceError(`${file} is larger than ${maxBytes} bytes; split it`);
    const text = decode(chunk);
    if (text.includes('\0')) throw new SourceError(`${file} holds binary data; save it as CSV UTF-8`);
    if (text !== '') yield text;
  }
  const rest = decode(undefined);
  if (rest !== '') yield rest;
}

/** Text, such as of tests, passes as it is. */
function createDecoder(file: string): (chunk: Uint8Array | string | undefined) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return (chunk) => {
    if (typeof chunk === 'string') return chunk;
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new SourceError(`${file} is no UTF-8 text; save it as CSV UTF-8`);
    }
  };
}

function headerOf({ line, fields }: CsvRecord, file: string): readonly string[] {
  const names = fields.map((name) => name.trim());
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) throw new SourceError(`${file}:${line}: the column ${cut(twice)} is there twice`);
  if (names.every((name) => name === ''))
    throw new SourceError(`${file}:${line}: the first line must name the columns`);
  return names;
}

function toRow({ line, fields }: CsvRecord, header: readonly string[], file: string): Row {
  if (fields.length > header.length)
    throw new SourceError(
      `${file}:${line}: ${fields.length} fields, but the header names ${header.length} columns; quote fields that hold the delimiter`,
    );
  const named = new Map<string, string>();
  for (const [index, text] of fields.entries()) {
    const name = header[index] ?? '';
    if (name !== '' && text !== '') named.set(name, unguardFormula(text));
  }
  return { line, fields: named };
}
