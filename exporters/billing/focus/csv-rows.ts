/** A row of a file, with the line on which it begins, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Some programs write it first. */
const byteOrderMark = '\u{feff}';
const maxFieldCharacters = 1_000_000;
const maxFields = 1000;

/** Reads CSV by RFC 4180, with any line ends. Throws RangeError that names the line for a quote that is not closed and for what is too long. */
export async function* csvRows(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<CsvRow> {
  const reader = createReader();
  let isFirst = true;
  for await (const chunk of chunks) {
    for (const character of chunk) {
      const row = isFirst && character === byteOrderMark ? undefined : reader.push(character);
      isFirst = false;
      if (row !== undefined) yield row;
    }
  }
  const last = reader.end();
  if (last !== undefined) yield last;
}

type Mode = 'start' | 'plain' | 'quoted' | 'after-quote';

/** `push` takes a character and gives the row that ends with it. Rows without anything are left out. */
function createReader() {
  let mode: Mode = 'start';
  let field = '';
  let fields: string[] = [];
  let line = 1;
  let rowLine = 1;

  function endField(): void {
    if (fields.length >= maxFields) throw new RangeError(`line ${line} has more than ${maxFields} fields`);
    fields.push(field);
    field = '';
    mode = 'start';
  }

  function endRow(): CsvRow | undefined {
    endField();
    const row = { line: rowLine, fields };
    fields = [];
    return row.fields.length === 1 && row.fields[0] === '' ? undefined : row;
  }

  function take(character: string): void {
    if (field.length >= maxFieldCharacters) throw new RangeError(`line ${line} has a field that is too long`);
    field += character;
  }

  function quote(): void {
    if (mode === 'start') mode = 'quoted';
    else if (mode === 'quoted') mode = 'after-quote';
    else if (mode === 'plain') take('"');
    else {
      take('"');
      mode = 'quoted';
    }
  }

  function ordinary(character: string): void {
    if (mode === 'after-quote') throw new RangeError(`line ${line} goes on behind a closing quote`);
    if (mode === 'start') mode = 'plain';
    take(character);
  }

  /** Of \r\n, the \r ends the row, and the \n an empty one. */
  function lineEnd(character: string): CsvRow | undefined {
    const row = endRow();
    if (character === '\n') line += 1;
    rowLine = character === '\n' ? line : line + 1;
    return row;
  }

  function outside(character: string): CsvRow | undefined {
    if (character === '\n' || character === '\r') return lineEnd(character);
    if (character === ',') endField();
    else ordinary(character);
    return undefined;
  }

  function push(character: string): CsvRow | undefined {
    if (character !== '"' && mode !== 'quoted') return outside(character);
    if (character === '"') quote();
    else take(character);
    if (character === '\n') line += 1;
    return undefined;
  }

  function end(): CsvRow | undefined {
    if (mode === 'quoted') throw new RangeError(`the quote that opens in the row of line ${rowLine} is not closed`);
    return endRow();
  }

  return { push, end };
}
