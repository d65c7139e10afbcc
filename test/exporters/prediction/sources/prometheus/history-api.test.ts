import type { ServerResponse } from 'node:http';
import { createHistoryApi, historyOf } from '../../../../../exporters/prediction/sources/prometheus/history-api.ts';
import { PrometheusApiError, type PrometheusApiSettings } from '../../../../../kit/prometheus-api.ts';
import { type Answer, type FakeHttpServer, startFakeHttpServer } from '../../../../support/fake-http-server.ts';

let server: FakeHttpServer | undefined;
const never = new AbortController().signal;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function apiWith(answer: Answer, settings: Partial<PrometheusApiSettings> = {}) {
  server = await startFakeHttpServer(answer);
  return createHistoryApi({ url: server.url, sleep: async () => undefined, ...settings });
}

function send(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** One series with the value 1 at each step that was asked for. */
const matrix = (form: URLSearchParams, more: object = {}): unknown => {
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
  const values: [number, string][] = [];
  for (let at = start ?? 0; at <= (end ?? 0); at += step ?? 1) values.push([at, '1']);
  return {
    status: 'success',
    data: { resultType: 'matrix', result: [{ metric: { uuid: 'GPU-1' }, values }] },
    ...more,
  };
};

const span = { startMs: 3_600_000, endMs: 8 * 3_600_000, stepMs: 3_600_000 };

test('what was asked, and how much came, is counted', async () => {
  const api = await apiWith((response, { form }) => send(response, matrix(form)));
  expect(await api.range('x', span, never)).toEqual([
    {
      labels: { uuid: 'GPU-1' },
      timesMs: Float64Array.from({ length: 8 }, (_, at) => (at + 1) * 3_600_000),
      values: new Float64Array(8).fill(1),
    },
  ]);
  const { queries, bytes } = api.usage();
  expect(queries).toBe(1);
  expect(bytes).toBe(JSON.stringify(matrix(server?.requests[0]?.form ?? new URLSearchParams())).length);
});

test('a stretch that takes too long is asked for in halves, and nothing is asked for twice', async () => {
  const asked: string[] = [];
  const columns = async (_: string, { startMs, endMs }: { readonly startMs: number; readonly endMs: number }) => {
    if (endMs - startMs > 3 * 3_600_000) throw new PrometheusApiError('deadline', 'no answer within 120 s');
    asked.push(`${startMs / 3_600_000}-${endMs / 3_600_000}`);
    const timesMs = Float64Array.of(startMs, endMs);
    return {
      series: [{ labels: {}, timesMs, values: timesMs }],
      warnings: [],
      partial: false,
      skippedHistograms: 0,
    };
  };
  const api = historyOf({ rangeColumns: columns, rawColumns: columns }, () => ({ queries: 0, bytes: 0 }));
  const series = await api.range('x', span, never);
  expect(asked).toEqual(['1-4', '5-8']);
  expect(series.flatMap(({ timesMs }) => [...timesMs])).toEqual([1, 4, 5, 8].map((hours) => hours * 3_600_000));
  await expect(api.range('x', { ...span, endMs: 1000 * 3_600_000 }, never)).rejects.toThrow('no answer within 120 s');
});

test('a server that never answers is given up', async () => {
  const api = await apiWith(() => undefined, { timeoutMs: 40 });
  await expect(api.range('x', { ...span, endMs: span.startMs }, never)).rejects.toThrow('no answer within 0.04 s');
});

test('a server that is down is told by its address, after some tries', async () => {
  const api = createHistoryApi({ url: 'http://127.0.0.1:1', sleep: async () => undefined });
  await expect(api.range('x', span, never)).rejects.toThrow(/127\.0\.0\.1:1.*cannot be reached.*gave up after 4 tries/);
  expect(api.usage()).toEqual({ queries: 4, bytes: 0 });
});

test('a server that was overloaded is asked again', async () => {
  const api = await apiWith((response, { form }, turn) =>
    turn === 0 ? send(response, {}, 503) : send(response, matrix(form)),
  );
  expect(await api.range('x', span, never)).toHaveLength(1);
  expect(api.usage().queries).toBe(2);
});

test.each([{ isPartial: true }, { warnings: ['store thanos-2 did not answer'] }])(
  'an answer that is not whole is refused',
  async (remark) => {
    const api = await apiWith((response, { form }) => send(response, matrix(form, remark)));
    await expect(api.range('gpu_up', span, never)).rejects.toThrow(
      /the answer for gpu_up is not complete.*so nothing is made of it/,
    );
  },
);

test('whoever has had enough is not kept waiting', async () => {
  const stop = new AbortController();
  const api = await apiWith(() => stop.abort(new Error('enough')));
  await expect(api.range('x', span, stop.signal)).rejects.toThrow('enough');
});

test('raw samples are those after the begin', async () => {
  const api = await apiWith((response) =>
    send(response, {
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [
          {
            metric: {},
            values: [
              [1, '1'],
              [1.001, '2'],
              [2, '3'],
              [2.001, '4'],
            ],
          },
        ],
      },
    }),
  );
  const [series] = await api.raw('x', { startMs: 1000, endMs: 2000 }, never);
  expect([...(series?.values ?? [])]).toEqual([2, 3]);
});
