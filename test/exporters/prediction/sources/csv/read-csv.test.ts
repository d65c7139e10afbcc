import fc from 'fast-check';
import { timeOf } from '../../../../../exporters/prediction/sources/csv/csv-time.ts';
import { type CsvRequest, readCsv } from '../../../../../exporters/prediction/sources/csv/read-csv.ts';

const request: CsvRequest = { kind: 'gpu', columns: { entity: 'gpu', time: 'time' }, windows: [], where: 'fleet.csv' };

async function* pieces(...texts: readonly string[]): AsyncGenerator<string> {
  yield* texts;
}

const read = (text: string, more: Partial<CsvRequest> = {}) => readCsv(pieces(text), { ...request, ...more });

test('columns become features as they are, and rows ascend by time, then by entity', async () => {
  const { table, badRows } = await read(
    ['gpu,time,Temp °C,ECC Errors', 'b,1700003600,50.5,1', 'a,1700003600,49,', 'a,1700000000,48,0'].join('\n'),
  );
  expect(badRows).toBe(0);
  expect(table.schema).toEqual({ version: 1, names: ['temp_c', 'ecc_errors'] });
  expect(table.entities.map(({ kind, uuid }) => [kind, uuid])).toEqual([
    ['gpu', 'b'],
    ['gpu', 'a'],
  ]);
  expect([...table.atMs]).toEqual([1_700_000_000_000, 1_700_003_600_000, 1_700_003_600_000]);
  expect([...table.entity]).toEqual([1, 0, 1]);
  expect([...table.values]).toEqual([48, 0, 50.5, 1, 49, Number.NaN]);
});

test('a row is read the same wherever the stream is cut', async () => {
  const text =
    '\uFEFFgpu;time;note;heat\r\n"a ""x""";2023-11-10T00:00:00Z;"two\r\nlines; one cell";5,5\r\n\r\nb;1699574400;;7\r\n'.replace(
      '5,5',
      '5.5',
    );
  const whole = await read(text, { columns: { ...request.columns, ignored: ['note'] } });
  expect(whole.table.entities.map(({ uuid }) => uuid)).toEqual(['a "x"', 'b']);
  expect([...whole.table.values]).toEqual([5.5, 7]);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: text.length }),
      fc.integer({ min: 0, max: text.length }),
      async (one, other) => {
        const [a, b] = [Math.min(one, other), Math.max(one, other)];
        const cut = await readCsv(pieces(text.slice(0, a), text.slice(a, b), text.slice(b)), {
          ...request,
          columns: { ...request.columns, ignored: ['note'] },
        });
        expect(cut).toEqual(whole);
      },
    ),
  );
});

test('rows that make no sense are told by line and left out', async () => {
  const { table, badRows, problems } = await read(
    [
      'gpu,time,heat',
      'a,1700000000,50',
      'a,yesterday,50',
      'a,1700000060',
      ',1700000120,50',
      'a,1700000180,hot',
      'a,1700000240,NaN',
      'a,1700000300,1e400',
    ].join('\n'),
  );
  expect(badRows).toBe(4);
  expect(problems).toEqual([
    'fleet.csv:3: the time "yesterday" is neither RFC 3339 with its zone, nor Unix seconds or milliseconds',
    'fleet.csv:4: the row has 2 cells, and the header has 3',
    'fleet.csv:5: the entity has no name',
    'fleet.csv:6: heat is "hot", which is no number; leave the column out if it is a text',
  ]);
  expect([...table.values]).toEqual([50, Number.NaN, Number.NaN]);
});

test('of two rows of one entity and time the later counts', async () => {
  const { table } = await read('gpu,time,heat\na,1700000000,50\na,1700000000000,51\n');
  expect([...table.values]).toEqual([51]);
});

test('windows look back from each row', async () => {
  const rows = [0, 1, 2, 3, 26].map(
    (hours) => `a,${1_700_000_000 + hours * 3600},${hours * 10},${hours === 2 ? 0 : hours * 4}`,
  );
  const { table } = await read(['gpu,time,heat,errors', ...rows].join('\n'), {
    windows: [
      { column: 'heat', statistic: 'mean', window: '24h' },
      { column: 'errors', statistic: 'growth', window: '24h' },
    ],
  });
  expect(table.schema.names).toEqual(['heat', 'errors', 'heat_mean_24h', 'errors_growth_24h']);
  const column = (at: number) => [...table.atMs].map((_, row) => table.values[row * 4 + at]);
  expect(column(2)).toEqual([0, 5, 10, 15, 145]);
  expect(column(3)).toEqual([Number.NaN, 4, 4, 16, 104]);
});

test.each([
  ['', 'is empty; it needs a header and rows'],
  ['gpu,when,heat\na,1,2', 'has no column "time"; it has gpu, when, heat'],
  ['gpu,time\na,1', 'has no column beside those of the entity and the time'],
  ['gpu,time,a b,A-B\na,1,2,3', 'would both be the feature a_b; rename one'],
  ['gpu,time,heat\na,never,2', 'has no row that can be used: fleet.csv:2'],
  ['gpu,time,heat\na,1,"2', 'fleet.csv:2: column heat: the file ends within a quoted field'],
  [
    `gpu,time,heat\na,1,"${'x'.repeat(2 ** 21)}`,
    'fleet.csv:2: column heat: the row is longer than 1048576 characters; a quote that opens in line 2',
  ],
])('a file that cannot be used is refused with a reason', async (text, reason) => {
  await expect(read(text)).rejects.toThrow(reason);
});

test('a window of a column that is not there, too many readings, and whoever has had enough', async () => {
  const text = 'gpu,time,heat\na,1700000000,1\na,1700000060,2\n';
  await expect(read(text, { windows: [{ column: 'haet', statistic: 'mean', window: '1h' }] })).rejects.toThrow(
    'did you mean heat?',
  );
  await expect(read(text, { limits: { mostCells: 1 } })).rejects.toThrow('more than 1 readings');
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await expect(read(text, { signal: stop.signal })).rejects.toThrow('enough');
});

test.each([
  ['1700000000', 1_700_000_000_000],
  ['1700000000.25', 1_700_000_000_250],
  ['1700000000123', 1_700_000_000_123],
  ['2023-11-14T22:13:20Z', 1_700_000_000_000],
  ['2023-11-15 00:13:20.5+02:00', 1_700_000_000_500],
  ['2023-11-14T22:13:20', undefined],
  ['2023-13-14T22:13:20Z', undefined],
  ['1e9', undefined],
  ['99999999999999999', undefined],
  ['-5', undefined],
])('the time %s is understood', (text, ms) => {
  expect(timeOf(text)).toBe(ms);
});
