import fc from 'fast-check';
import { columnsWithin, joinColumns, parseColumns } from '../../../kit/prometheus-api/columns.ts';
import { scanMatrix } from '../../../kit/prometheus-api/scan-matrix.ts';
import type { ColumnsResult } from '../../../kit/prometheus-api/types.ts';
import { createPrometheusApi } from '../../../kit/prometheus-api.ts';
import { startFakeHttpServer } from '../../support/fake-http-server.ts';

type Pair = readonly [number, string];

function answer(result: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { status: 'success', data: { resultType: 'matrix', result }, ...more };
}

const scan = (text: string): ColumnsResult | undefined => scanMatrix(Buffer.from(text));

/** Columns as lists, so that a message shows what differs. */
function shown(result: ColumnsResult | undefined) {
  if (result === undefined) return undefined;
  const series = result.series.map(({ labels, timesMs, values }) => ({
    labels,
    samples: [...timesMs].map((time, index) => [time, values[index]]),
  }));
  return { ...result, series };
}

const valueText = fc.oneof(
  fc
    .double({ noNaN: true })
    .map((value) => (value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value))),
  fc.constantFrom(
    'NaN',
    '+Inf',
    '-Inf',
    '0',
    '-0',
    '1e+06',
    '1.5e-07',
    '123456789012345678',
    '.5',
    '5.',
    '0.1',
    '-12.75',
  ),
  fc.integer().map(String),
);
const timeNumber = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => ms / 1000);
const series = fc.record({
  metric: fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })),
  values: fc.array(fc.tuple(timeNumber, valueText), { minLength: 1 }),
});

test('the scan reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.array(series), fc.array(fc.string()), (result, warnings) => {
      const given = answer(result, warnings.length === 0 ? {} : { warnings });
      const scanned = scan(JSON.stringify(given));
      expect(scanned).toBeDefined();
      expect(shown(scanned)).toEqual(shown(parseColumns(JSON.parse(JSON.stringify(given)))));
    }),
  );
});

test('a text that is cut anywhere is not taken for an answer', () => {
  const text = JSON.stringify(answer([{ metric: { a: '\\"]' }, values: [[1, '2.5']] }], { warnings: ['w'] }));
  expect(scan(text)).toBeDefined();
  for (let end = 0; end < text.length; end += 1) expect(scan(text.slice(0, end))).toBeUndefined();
  expect(scan(`${text}x`)).toBeUndefined();
});

test('keys in another order, unknown keys and spaces', () => {
  const text = `{ "isPartial" : true , "data": {"stats": {"a": [1, {"b": "]}"}]}, "result": [
    {"values":[[1.5,"7"]], "metric": {"x": "y"} } , {"metric":{},"values":[[2,"1"],[3,"-1e3"]]}], "resultType":"matrix"},
    "status":"success", "infos": null }`;
  expect(shown(scan(text))).toEqual({
    series: [
      { labels: { x: 'y' }, samples: [[1500, 7]] },
      {
        labels: {},
        samples: [
          [2000, 1],
          [3000, -1000],
        ],
      },
    ],
    warnings: [],
    partial: true,
    skippedHistograms: 0,
  });
});

test('histograms are counted and left out', () => {
  const histograms = [
    [1, { count: '3', buckets: [[0, '1', '2', '3']] }],
    [2, { count: '4' }],
  ];
  const given = answer([
    { metric: { a: 'b' }, histograms },
    { metric: {}, values: [[1, '1']], histograms },
  ]);
  const scanned = scan(JSON.stringify(given));
  expect(scanned?.skippedHistograms).toBe(4);
  expect(scanned?.series.map(({ labels }) => labels)).toEqual([{}]);
});

test.each([
  ['an error', { status: 'error', errorType: 'bad_data', error: 'no' }],
  ['a vector', { status: 'success', data: { resultType: 'vector', result: [] } }],
  ['a label that is no text', answer([{ metric: { a: 1 }, values: [[1, '1']] }])],
  ['a value that is no text', answer([{ metric: {}, values: [[1, 1]] }])],
  ['a value that is no number', answer([{ metric: {}, values: [[1, 'one']] }])],
  ['a time that is no number', answer([{ metric: {}, values: [['1', '1']] }])],
  ['no data', { status: 'success' }],
])('%s is left to the slow way', (_name, given) => {
  expect(scan(JSON.stringify(given))).toBeUndefined();
});

const columns = (samples: readonly Pair[], labels = { a: 'b' }): ColumnsResult =>
  parseColumns(answer([{ metric: labels, values: samples }]));

test('a window has its start and not its end', () => {
  const all = columns([
    [1, '1'],
    [2, '2'],
    [3, '3'],
  ]);
  const times = (fromMs: number, untilMs: number) =>
    columnsWithin(all, fromMs, untilMs).series.flatMap(({ timesMs }) => [...timesMs]);
  expect(times(1000, 3000)).toEqual([1000, 2000]);
  expect(times(1001, 3001)).toEqual([2000, 3000]);
  expect(times(3001, 9000)).toEqual([]);
  expect(columnsWithin(all, 0, 1000).series).toEqual([]);
});

test('pages are joined by labels, whatever their order', () => {
  const joined = joinColumns([
    columns([[1, '1']]),
    { ...columns([[2, '2']]), warnings: ['w'], partial: true },
    { ...columns([[2, '9']], { a: 'c' }), warnings: ['w'] },
  ]);
  expect(shown(joined)).toMatchObject({
    series: [
      {
        samples: [
          [1000, 1],
          [2000, 2],
        ],
      },
      { samples: [[2000, 9]] },
    ],
    warnings: ['w'],
    partial: true,
  });
});

describe('asking', () => {
  test('pages cover the window; a page that is too large is halved; the sample before the start is dropped', async () => {
    const server = await startFakeHttpServer((response, request) => {
      const [, range = ''] = /\[(\d+)ms\]$/.exec(request.form.get('query') ?? '') ?? [];
      const endMs = Math.round(Number(request.form.get('time')) * 1000);
      if (Number(range) > 1000) {
        response.writeHead(422);
        response.end(JSON.stringify({ status: 'error', error: 'query processing would load too many samples' }));
        return;
      }
      // As Prometheus 2 does, the range is closed at both ends.
      const values: Pair[] = [];
      for (let ms = endMs - Number(range); ms <= endMs; ms += 1) if (ms % 250 === 0) values.push([ms / 1000, '1']);
      response.end(JSON.stringify(answer([{ metric: {}, values }])));
    });
    try {
      const api = createPrometheusApi({ url: server.url, rawPageSeconds: 2 });
      const { series: found } = await api.rawColumns('x', { startMs: 10_000, endMs: 15_000 });
      expect([...(found[0]?.timesMs ?? [])]).toEqual(Array.from({ length: 20 }, (_, index) => 10_000 + index * 250));
    } finally {
      await server.stop();
    }
  });

  test('a range with more points than a server gives is fetched in pages, each point once', async () => {
    const server = await startFakeHttpServer((response, { form }) => {
      const [start, end, step] = ['start', 'end', 'step'].map((name) => Math.round(Number(form.get(name)) * 1000));
      const values: Pair[] = [];
      for (let ms = start ?? 0; ms <= (end ?? 0); ms += step ?? 1) values.push([ms / 1000, '1']);
      if (values.length > 11_000) response.writeHead(400);
      response.end(JSON.stringify(answer([{ metric: { uuid: 'a' }, values }])));
    });
    try {
      const api = createPrometheusApi({ url: server.url });
      const { series: found } = await api.rangeColumns('x', { startMs: 10_000, endMs: 260_009, stepMs: 10 });
      expect([...(found[0]?.timesMs ?? [])]).toEqual(Array.from({ length: 25_001 }, (_, index) => 10_000 + index * 10));
      expect(server.requests).toHaveLength(3);
      await expect(api.rangeColumns('x', { startMs: 0, endMs: 1, stepMs: 0.5 })).rejects.toThrow(/stepMs must be/);
      await expect(api.rangeColumns('x', { startMs: 2, endMs: 1, stepMs: 1 })).rejects.toThrow(/whole milliseconds/);
    } finally {
      await server.stop();
    }
  });

  test('an answer that is no matrix is explained as for every other call', async () => {
    const server = await startFakeHttpServer((response) => response.end('<html>login</html>'));
    try {
      const api = createPrometheusApi({ url: server.url });
      await expect(api.rawColumns('x', { startMs: 0, endMs: 1 })).rejects.toThrow(/an HTML page instead of JSON/);
      await expect(api.rawColumns('x', { startMs: 0.5, endMs: 1 })).rejects.toThrow(/whole milliseconds/);
      await expect(api.rawColumns('x', { startMs: 2, endMs: 1 })).rejects.toThrow(/whole milliseconds/);
    } finally {
      await server.stop();
    }
  });
});
