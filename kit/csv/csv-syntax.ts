import { cut } from '../options/preview.ts';
import { CsvError } from './csv-error.ts';

/** A record as it stands in the file; `line` is where it begins, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvBounds {
  /** For errors. */
  readonly file: string;
  readonly maxColumns: number;
  readonly maxRecordCharacters: number;
}

export interface CsvSyntax {
  /** Records that end within the text; the rest waits for more. */
  readonly push: (text: string) => readonly CsvRecord[];
  readonly end: () => readonly CsvRecord[];
}

type Mode = 'start' | 'plain' | 'quoted' | 'quote-in-quoted';

const quote = 34;
const lineFeed = 10;
const carriageReturn = 13;

/** RFC 4180, with any line ends and any delimiter. Empty lines are left out. The first record names the columns in errors. Throws CsvError. */
export function createCsvSyntax(delimiter: string, { file, maxColumns, maxRecordCharacters }: CsvBounds): CsvSyntax {
  const separator = delimiter.charCodeAt(0);
  let mode: Mode = 'start';
  let field = '';
  let fields: string[] = [];
  let characters = 0;
  let header: readonly string[] | undefined;
  let line = 1;
  let rowLine = 1;
  let quoteLine = 1;
  let wasQuoted = false;
  let afterReturn = false;
  let done: CsvRecord[] = [];

  const fail = (message: string, at = line): never => {
    const name = header?.[fields.length]?.trim() ?? '';
    throw new CsvError({
      file,
      line: at,
      problem: `column ${name === '' ? fields.length + 1 : cut(name)}: ${message}`,
    });
  };

  function append(text: string): void {
    characters += text.length;
    if (characters > maxRecordCharacters) {
      const hint = mode === 'quoted' ? `; a quote that opens in line ${quoteLine} may not be closed` : '';
      fail(`the row is longer than ${maxRecordCharacters} characters${hint}`, rowLine);
    }
    field += text;
  }

  function endField(): void {
    if (fields.length >= maxColumns) fail(`the row has more than ${maxColumns} fields`);
    fields.push(field);
    field = '';
    mode = 'start';
  }

  function endRow(): void {
    const isEmpty = fields.length === 0 && !wasQuoted && field.trim() === '';
    if (!isEmpty) {
      endField();
      header ??= fields;
      done.push({ line: rowLine, fields });
    }
    fields = [];
    field = '';
    characters = 0;
    mode = 'start';
    wasQuoted = false;
  }

  /** Everything up to the next quote. */
  function readQuoted(text: string, from: number): number {
    const found = text.indexOf('"', from);
    const to = found === -1 ? text.length : found;
    const part = text.slice(from, to);
    append(part);
    for (let at = part.indexOf('\n'); at !== -1; at = part.indexOf('\n', at + 1)) line += 1;
    if (found === -1) return to;
    mode = 'quote-in-quoted';
    return to + 1;
  }

  function readPlain(text: string, from: number): number {
    let to = from;
    for (; to < text.length; to += 1) {
      const code = text.charCodeAt(to);
      if (code === separator || code === lineFeed || code === carriageReturn || code === quote) break;
    }
    append(text.slice(from, to));
    if (to > from) mode = 'plain';
    return to;
  }

  function readSign(text: string, at: number): number {
    const code = text.charCodeAt(at);
    if (code === quote) openQuote();
    else if (code === separator) endField();
    else return endLine(text, at);
    return at + 1;
  }

  function endLine(text: string, at: number): number {
    endRow();
    line += 1;
    rowLine = line;
    if (text[at] === '\n') return at + 1;
    afterReturn = at + 1 === text.length;
    return text[at + 1] === '\n' ? at + 2 : at + 1;
  }

  function openQuote(): void {
    if (mode === 'plain')
      fail('a quote stands within a field that does not begin with one; quote the field and double the quote');
    mode = 'quoted';
    wasQuoted = true;
    quoteLine = line;
  }

  /** A second quote is a quote; anything else must end the field. */
  function afterQuote(text: string, at: number): number {
    const code = text.charCodeAt(at);
    if (code === quote) {
      append('"');
      mode = 'quoted';
      return at + 1;
    }
    if (code !== separator && code !== lineFeed && code !== carriageReturn)
      fail('something stands behind the quote that closes the field; double quotes within a field');
    return readSign(text, at);
  }

  function push(text: string): readonly CsvRecord[] {
    // A line feed behind a carriage return belongs to it, also where a piece of the file begins with it.
    let at = afterReturn && text.startsWith('\n') ? 1 : 0;
    if (text !== '') afterReturn = false;
    while (at < text.length) at = step(text, at);
    return take();
  }

  /** Returns where to go on. */
  function step(text: string, at: number): number {
    if (mode === 'quoted') return readQuoted(text, at);
    if (mode === 'quote-in-quoted') return afterQuote(text, at);
    const to = readPlain(text, at);
    return to < text.length ? readSign(text, to) : to;
  }

  function take(): readonly CsvRecord[] {
    const records = done;
    done = [];
    return records;
  }

  function end(): readonly CsvRecord[] {
    if (mode === 'quoted') fail('the file ends within a quoted field; the quote is not closed', quoteLine);
    endRow();
    return take();
  }

  return { push, end };
}
