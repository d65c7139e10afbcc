import fc from 'fast-check';
import { CsvError } from '../../../kit/csv/csv-error.ts';
import { csvLine } from '../../../kit/csv/csv-line.ts';
import { type CsvOptions, createCsvReader } from '../../../kit/csv/csv-reader.ts';
import { csvRecords } from '../../../kit/csv/csv-records.ts';
import { detectDelimiter } from '../../../kit/csv/detect-delimiter.ts';

type Row = readonly string[];

const file = 'a.csv';
const signs = fc.string({
  unit: fc.constantFrom('a', 'ö', '"', ',', ';', '\t', '\r', '\n', ' ', '\uFEFF'),
  maxLength: 6,
});
const anyField = fc.oneof(signs, fc.string({ unit: 'binary', maxLength: 12 }));
const anyRows = fc.array(fc.array(anyField, { minLength: 1, maxLength: 4 }), { maxLength: 6 });

function piecesOf(text: string, size: number): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));
}

async function read(pieces: readonly string[], options: Partial<CsvOptions> = {}): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const { fields } of csvRecords(pieces, { file, ...options })) rows.push(fields);
  return rows;
}

test('whatever is written is read back, in pieces of any size, with either line end', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyRows,
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('\r\n', '\n'),
      async (rows, size, end) => {
        const text = rows.map((row) => csvLine(row, end)).join('');
        const marked = `\uFEFF${text}`;
        expect(await read(piecesOf(marked, size), { delimiter: ',' })).toEqual(rows);
      },
    ),
    { numRuns: 500 },
  );
});

test('a text is read the same in one piece and in many, also where it is no CSV', async () => {
  const outcome = async (pieces: readonly string[]): Promise<unknown> => {
    try {
      return await read(pieces, { maxRecordCharacters: 20, maxColumns: 4 });
    } catch (error) {
      expect(error).toBeInstanceOf(CsvError);
      return error instanceof Error ? error.message : error;
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n'), maxLength: 60 }), async (text) => {
      const whole = await outcome([text]);
      for (const size of [1, 2, 7]) expect(await outcome(piecesOf(text, size))).toEqual(whole);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['commas', 'a,b\n1,2\n'],
  ['semicolons', 'a;b\r\n1;2\r\n'],
  ['tabs, and no end of the last line', 'a\tb\n1\t2'],
  ['line ends of an old Mac', 'a;b\r1;2\r'],
  ['empty lines, and such of blanks', '\n  \na,b\n\n1,2\n\n'],
  ['another sign within quotes', '"a";"b"\n1;2\n'],
])('reads a file with %s', async (_what, text) => {
  expect(await read([text])).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ]);
});

test.each([
  ['"a;b;c",d', ','],
  ['a;b,c;d', ';'],
  ['a\tb\nc,d,e,f', '\t'],
  ['one', ','],
  ['', ','],
])('%j has the delimiter %j', (head, delimiter) => {
  expect(detectDelimiter(head)).toBe(delimiter);
});

test('a record keeps the line on which it begins', () => {
  const reader = createCsvReader({ file });
  const records = [...reader.push('a\n\n"x\r\ny"\r\n'), ...reader.push('b'), ...reader.end()];
  expect(records.map(({ line, fields }) => [line, fields[0]])).toEqual([
    [1, 'a'],
    [3, 'x\r\ny'],
    [5, 'b'],
  ]);
});

test.each([
  ['a,b\n1,"2', 2, 'column b: the file ends within a quoted field; the quote is not closed'],
  ['a,b\n1,2\nx"y,1\n', 3, 'column a: a quote stands within a field'],
  ['a,b\n"1"2,3\n', 2, 'column a: something stands behind the quote that closes the field'],
  ['a,b\n1,2,"3"4\n', 2, 'column 3: something stands behind'],
  ['"a"b\n', 1, 'column 1: something stands behind'],
  ['a,b\n1,2,3,4,5\n', 2, 'column 5: the row has more than 4 fields'],
  [`a,b\n1,${'x'.repeat(50)}\n`, 2, 'column b: the row is longer than 50 characters'],
  [`a,b\n"1\n${'x,\n'.repeat(50)}`, 2, 'column a: the row is longer than 50 characters; a quote that opens in line 2'],
])('%j: says what is wrong and where', async (text, line, problem) => {
  const refused = read([text], { maxColumns: 4, maxRecordCharacters: 50 });
  await expect(refused).rejects.toBeInstanceOf(CsvError);
  await expect(refused).rejects.toMatchObject({ line, problem: expect.stringContaining(problem) });
  await expect(refused).rejects.toThrow(`a.csv:${line}: ${problem}`);
});

test('the bound is of a row, not of a file, and a row that is too long is told where it begins', async () => {
  expect(await read(['ab,cd\n'.repeat(100)], { maxRecordCharacters: 4 })).toHaveLength(100);
  const open = piecesOf('a,b\n1,"2\n\n\n3,4\n', 1);
  await expect(read(open, { maxRecordCharacters: 4 })).rejects.toThrow('a.csv:2: column b: the row is longer than 4');
});

test('what has a sign of CSV in it is quoted, and quotes are doubled', () => {
  expect(csvLine(['-1.5', 'a"b', 'a,b', 'x\ny', ' z', 'a;b', ''])).toBe('-1.5,"a""b","a,b","x\ny"," z","a;b",\r\n');
  expect(csvLine([''], '\n')).toBe('""\n');
});
