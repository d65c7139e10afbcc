/** A row as it stands in the file; `line` is where it begins, from 1. */
export interface RawRow {
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvLimits {
  readonly maxColumns: number;
  readonly maxFieldCharacters: number;
}

/** What is wrong, and where; column counts from 0. */
export class CsvSyntaxError extends Error {
  override readonly name = 'CsvSyntaxError';
  readonly line: number;
  readonly column: number;

  constructor(message: string, { line, column }: { readonly line: number; readonly column: number }) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

export interface CsvSyntax {
  /** Rows that end within the text; the rest waits for more. */
  readonly push: (text: string) => readonly RawRow[];
  readonly end: () => readonly RawRow[];
}

type Mode = 'start' | 'plain' | 'quoted' | 'quote-in-quoted';

const quote = 34;
const lineFeed = 10;
const carriageReturn = 13;

/** RFC 4180, with any line ends and any delimiter. Empty lines are left out. Throws CsvSyntaxError. */
export function createCsvSyntax(delimiter: string, { maxColumns, maxFieldCharacters }: CsvLimits): CsvSyntax {
  const separator = delimiter.charCodeAt(0);
  let mode: Mode = 'start';
  let field = '';
  let fields: string[] = [];
  let line = 1;
  let rowLine = 1;
  let quoteLine = 1;
  let wasQuoted = false;
  let afterReturn = false;
  let done: RawRow[] = [];

  const fail = (message: string, at = line): never => {
    throw new CsvSyntaxError(message, { line: at, column: fields.length });
  };

  function append(text: string): void {
    if (field.length + text.length > maxFieldCharacters) {
      const hint = mode === 'quoted' ? `; a quote that opens in line ${quoteLine} may not be closed` : '';
      fail(`the field is longer than ${maxFieldCharacters} characters${hint}`);
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
    const isEmpty = fields.length === 0 && field === '' && !wasQuoted;
    if (!isEmpty) {
      endField();
      done.push({ line: rowLine, fields });
    }
    fields = [];
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

  function push(text: string): readonly RawRow[] {
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

  function take(): readonly RawRow[] {
    const rows = done;
    done = [];
    return rows;
  }

  function end(): readonly RawRow[] {
    if (mode === 'quoted') fail('the file ends within a quoted field; the quote is not closed', quoteLine);
    endRow();
    return take();
  }

  return { push, end };
}
