import { SourceError } from '../../../../kit/errors.ts';
import { cut } from '../../../../kit/options/preview.ts';
import { type CsvLimits, CsvSyntaxError, createCsvSyntax, type RawRow } from './csv-syntax.ts';
import { unguardFormula } from './formula-guard.ts';

export interface CsvOptions {
  /** For errors. */
  readonly file: string;
  /** Found in the first line without it. */
  readonly delimiter?: string | undefined;
  readonly maxRows?: number | undefined;
  readonly maxBytes?: number | undefined;
  readonly maxColumns?: number | undefined;
  readonly maxFieldCharacters?: number | undefined;
}

export interface Row {
  /** Where it begins, from 1. */
  readonly line: number;
  /** By the names of the header, trimmed; empty fields are left out. */
  readonly fields: ReadonlyMap<string, string>;
}

const defaults = { maxRows: 250_000, maxBytes: 256 * 1024 * 1024, maxColumns: 256, maxFieldCharacters: 16_384 };
const delimiters = [',', ';', '\t'] as const;
const headBytes = 65_536;

interface Limits extends CsvLimits {
  readonly maxBytes: number;
  readonly file: string;
}

/**
 * Rows of a CSV file with a header, as they come in: UTF-8 with or without a mark, any line ends. Holds a piece of the file at a time. Throws
 * a SourceError that names file, line and column.
 */
export async function* parseCsv(chunks: AsyncIterable<Uint8Array | string>, options: CsvOptions): AsyncGenerator<Row> {
  const limits = { ...defaults, ...withoutUndefined(options) };
  const { file } = options;
  let header: readonly string[] | undefined;
  try {
    let count = 0;
    for await (const raw of rawRows(chunks, options.delimiter, { ...limits, file })) {
      count += 1;
      if (count > limits.maxRows + 1) throw tooMany(raw, limits.maxRows, file);
      if (header === undefined) header = headerOf(raw, file);
      else yield toRow(raw, header, file);
    }
  } catch (error) {
    throw explained(error, header, file);
  }
  if (header === undefined) throw new SourceError(`${file} is empty; its first line must name the columns`);
}

function tooMany({ line }: RawRow, maxRows: number, file: string): SourceError {
  return new SourceError(`${file}:${line}: more than ${maxRows} rows; split the file or raise max_rows`);
}

function explained(error: unknown, header: readonly string[] | undefined, file: string): unknown {
  if (error instanceof CsvSyntaxError) return located(error, header, file);
  return error;
}

async function* rawRows(
  chunks: AsyncIterable<Uint8Array | string>,
  delimiter: string | undefined,
  limits: Limits,
): AsyncGenerator<RawRow> {
  let head: string | undefined = '';
  let syntax = createCsvSyntax(delimiter ?? ',', limits);
  for await (const text of decoded(chunks, limits)) {
    if (head === undefined) {
      yield* syntax.push(text);
      continue;
    }
    head += head === '' ? text.replace(/^\uFEFF/, '') : text;
    if (head.length < headBytes && !head.includes('\n')) continue;
    syntax = createCsvSyntax(delimiter ?? detectDelimiter(head), limits);
    yield* syntax.push(head);
    head = undefined;
  }
  if (head !== undefined) {
    syntax = createCsvSyntax(delimiter ?? detectDelimiter(head), limits);
    yield* syntax.push(head);
  }
  yield* syntax.end();
}

async function* decoded(
  chunks: AsyncIterable<Uint8Array | string>,
  { maxBytes, file }: Limits,
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

/** A mark at the beginning is taken off. Text, such as of tests, passes as it is. */
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

/** The one that the first line has most of, outside of quotes. */
function detectDelimiter(head: string): string {
  const line = head.replaceAll(/"(?:[^"]|"")*"/g, '').split(/[\r\n]/, 1)[0] ?? '';
  const counts = delimiters.map((sign) => ({ sign, count: line.split(sign).length }));
  return counts.sort((one, other) => other.count - one.count)[0]?.sign ?? ',';
}

function headerOf({ line, fields }: RawRow, file: string): readonly string[] {
  const names = fields.map((name) => name.trim());
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) throw new SourceError(`${file}:${line}: the column ${cut(twice)} is there twice`);
  if (names.every((name) => name === ''))
    throw new SourceError(`${file}:${line}: the first line must name the columns`);
  return names;
}

function toRow({ line, fields }: RawRow, header: readonly string[], file: string): Row {
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

function located(
  { message, line, column }: CsvSyntaxError,
  header: readonly string[] | undefined,
  file: string,
): SourceError {
  const name = header?.[column] ?? '';
  const place = name === '' ? `column ${column + 1}` : `column ${cut(name)}`;
  return new SourceError(`${file}:${line}: ${place}: ${message}`);
}

function withoutUndefined(options: CsvOptions): Partial<typeof defaults> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
