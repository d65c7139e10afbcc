import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { guardFormula, unguardFormula } from '../../../../../exporters/cmdb/sources/files/formula-guard.ts';
import { joinList, splitList } from '../../../../../exporters/cmdb/sources/files/list-field.ts';
import { type CsvOptions, parseCsv, type Row } from '../../../../../exporters/cmdb/sources/files/parse-csv.ts';
import { SourceError } from '../../../../../kit/errors.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(
  text: string | Uint8Array,
  options: Partial<CsvOptions> & { readonly piece?: number } = {},
): Promise<Row[]> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const rows: Row[] = [];
  for await (const row of parseCsv(pieces(bytes, options.piece ?? 7), { file: 'a.csv', ...options })) rows.push(row);
  return rows;
}

async function records(text: string | Uint8Array, options?: Partial<CsvOptions>): Promise<object[]> {
  return (await read(text, options)).map(({ fields }) => Object.fromEntries(fields));
}

test.each([
  ['commas', 'name,serial\na,1\nb,2\n'],
  ['semicolons', 'name;serial\na;1\nb;2'],
  ['tabs', 'name\tserial\r\na\t1\r\nb\t2\r\n'],
  ['a mark of the encoding', '\uFEFFname,serial\na,1\nb,2\n'],
  ['line ends of an old Mac', 'name,serial\ra,1\rb,2\r'],
  ['empty lines', 'name,serial\n\na,1\n\n\nb,2\n\n'],
  ['quotes', '"name","serial"\n"a","1"\n"b",2\n'],
])('reads a file with %s', async (_what, text) => {
  expect(await records(text)).toEqual([
    { name: 'a', serial: '1' },
    { name: 'b', serial: '2' },
  ]);
});

test('a quoted field may hold the delimiter, quotes and lines, and the next row keeps its line', async () => {
  const rows = await read('name,note\na,"x, ""y""\r\nz"\nb,1\n');
  expect(rows.map(({ line, fields }) => [line, fields.get('note')])).toEqual([
    [2, 'x, "y"\r\nz'],
    [4, '1'],
  ]);
});

test('lines are counted, empty ones too, however the file comes in', async () => {
  for (const text of ['name\n\na\n\n\nb\n', 'name\r\n\r\na\r\n\r\n\r\nb\r\n', 'name\r\ra\r\r\rb\r'])
    for (const piece of [1, 2, 3, 50]) expect((await read(text, { piece })).map(({ line }) => line)).toEqual([3, 6]);
});

test('characters of several bytes are whole, however the file comes in', async () => {
  for (const piece of [1, 2, 3, 5])
    expect(await records('name;Straße\nä;Zürich 数据\n', { piece } as object)).toEqual([
      { name: 'ä', Straße: 'Zürich 数据' },
    ]);
});

test.each([
  ['name,serial\na,"1', /^a\.csv:2: column serial: .*not closed/],
  ['name,serial\na,1\nb,x"y\n', /^a\.csv:3: column serial: a quote stands within/],
  ['name,serial\n"a"b,1\n', /^a\.csv:2: column name: something stands behind the quote/],
  ['name,serial\na,1,2\n', /^a\.csv:2: 3 fields, but the header names 2/],
  ['name,name\na,1\n', /^a\.csv:1: the column name is there twice/],
  [',\na,1\n', /^a\.csv:1: the first line must name/],
  ['', /^a\.csv is empty/],
  ['name\na\0b\n', /^a\.csv holds binary data/],
])('%j: says what is wrong and where', async (text, message) => {
  await expect(read(text)).rejects.toThrow(message);
  await expect(read(text)).rejects.toBeInstanceOf(SourceError);
});

test('what is no UTF-8 is told, not guessed', async () => {
  await expect(read(Buffer.from([0x6e, 0x0a, 0xff, 0xfe, 0x41]))).rejects.toThrow('a.csv is no UTF-8 text');
});

test.each([
  [{ maxRows: 2 }, 'name\n1\n2\n3\n', 'a.csv:4: more than 2 rows'],
  [{ maxColumns: 2 }, 'a,b,c\n', 'a.csv:1: column 3: the row has more than 2 fields'],
  [{ maxRecordCharacters: 10 }, 'name\n12345678901\n', 'a.csv:2: column name: the row is longer than 10'],
  [{ maxRecordCharacters: 10 }, 'name,x\n"a\nb,1\nc,2\nd,3\n', 'a quote that opens in line 2 may not be closed'],
  [{ maxBytes: 20 }, `name\n${'a\n'.repeat(20)}`, 'a.csv is larger than 20 bytes'],
])('%j bounds the file', async (limits, text, message) => {
  await expect(read(text, limits)).rejects.toThrow(message);
});

test('whatever fields are written is read back, in pieces of any size', async () => {
  const field = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll('\0', ''));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(field, field), { maxLength: 8 }),
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom(',', ';', '\t'),
      async (rows, piece, delimiter) => {
        const quoted = (text: string): string => `"${guardFormula(text).replaceAll('"', '""')}"`;
        const body = rows.map((row) => row.map(quoted).join(delimiter)).join('\r\n');
        const wanted = rows.map(([a, b]) => ({ ...(a === '' ? {} : { a }), ...(b === '' ? {} : { b }) }));
        expect(await records(`a${delimiter}b\r\n${body}`, { piece } as object)).toEqual(wanted);
      },
    ),
  );
});

test('no bytes make it throw anything but a SourceError', async () => {
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .string({ maxLength: 200, unit: fc.constantFrom('"', ',', '\n', '\r', ';', 'a', "'", '=') })
      .map((text) => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(hostile, fc.integer({ min: 1, max: 9 }), async (bytes, piece) => {
      try {
        await read(bytes, { piece });
      } catch (error) {
        expect(error).toBeInstanceOf(SourceError);
      }
    }),
    { numRuns: 300 },
  );
});

test('a guarded field never begins with a sign that a spreadsheet runs, and comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'a', '1') }), (text) => {
      expect(guardFormula(text)).not.toMatch(/^[=+\-@\t\r]/);
      expect(unguardFormula(guardFormula(text))).toBe(text);
    }),
  );
});

test('lists in a field come back', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('|', '\\', 'a', '\n') }), { minLength: 1 }), (values) => {
      expect(splitList(joinList(values))).toEqual(values);
    }),
  );
});

test('a large file costs time and not memory', async () => {
  const row = Buffer.from(
    `${'gpu-node-0001,"Dell, Inc.",ABC1234567,r1,17,some longer remark about it,'.padEnd(1000, 'x')}\n`,
  );
  const block = Buffer.concat(Array.from({ length: 100 }, () => row));
  let given = 0;
  async function* big(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('name,vendor,serial,rack,unit,note,rest\n');
    for (; given < 200; given += 1) yield block;
  }
  let count = 0;
  let mostAhead = 0;
  const held: number[] = [];
  for await (const _row of parseCsv(big(), { file: 'big.csv' })) {
    count += 1;
    mostAhead = Math.max(mostAhead, given * 100 - count);
    if (count % 5000 === 0) held.push(heldBytes());
  }
  expect(count).toBe(20_000);
  expect(mostAhead).toBeLessThanOrEqual(100);
  // 15 MB were read between the first and the last look.
  expect((held.at(-1) ?? 0) - (held[0] ?? 0)).toBeLessThan(3_000_000);
});

/** What is in use and not only waits to be collected. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
