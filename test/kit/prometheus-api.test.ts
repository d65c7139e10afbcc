import type { ServerResponse } from 'node:http';
import { ConfigError, SourceError } from '../../kit/errors.ts';
import { createPrometheusApi, type PrometheusApi, type PrometheusApiSettings } from '../../kit/prometheus-api.ts';
import { type Answer, type FakeHttpServer, startFakeHttpServer } from '../support/fake-http-server.ts';

let server: FakeHttpServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

interface Setup {
  readonly api: PrometheusApi;
  readonly server: FakeHttpServer;
  readonly slept: readonly number[];
}

/** Sleeps are recorded, not slept; random is the middle of the span. */
async function setUp(answer: Answer, settings: Partial<PrometheusApiSettings> = {}): Promise<Setup> {
  const started = await startFakeHttpServer(answer);
  server = started;
  const slept: number[] = [];
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms);
  };
  const api = createPrometheusApi({ url: started.url, random: () => 0.5, sleep, ...settings });
  return { api, server: started, slept };
}

function reply(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => send(response, status, body, headers);
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A failure first, then what a healthy server says. */
function firstThen(first: Answer, rest: Answer): Answer {
  return (response, request, turn) => (turn === 0 ? first : rest)(response, request, turn);
}

const vector = (...values: readonly string[]): unknown => ({
  status: 'success',
  data: {
    resultType: 'vector',
    result: values.map((value, gpu) => ({ metric: { gpu_id: String(gpu) }, value: [1000.25, value] })),
  },
});

const matrix = (values: readonly (readonly [number, string])[]): unknown => ({
  status: 'success',
  data: { resultType: 'matrix', result: [{ metric: { gpu_id: '0' }, values }] },
});

const apiError = (errorType: string, error: string): unknown => ({ status: 'error', errorType, error });

async function failureOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error instanceof Error ? error.message : '';
}

describe('requests', () => {
  test('a query is a POST with a form, behind the path prefix, with the extra parameters of the address', async () => {
    const { server } = await setUp(reply(200, vector('1')));
    const api = createPrometheusApi({ url: `${server.url}/prometheus/?tenant=a` });
    await api.query('up{job="x y"} + 1', { timeSeconds: 1000.5 });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/prometheus/api/v1/query' });
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      tenant: 'a',
      query: 'up{job="x y"} + 1',
      time: '1000.500',
      nocache: '1',
      timeout: '30000ms',
    });
  });

  test('basic auth from the address is sent and never shown', async () => {
    const { server } = await setUp(reply(401, 'Unauthorized'));
    const api = createPrometheusApi({ url: server.url.replace('//', '//ops:s3cret%21@') });
    const message = await failureOf(api.query('up'));
    expect(server.requests[0]?.headers['authorization']).toBe(`Basic ${Buffer.from('ops:s3cret!').toString('base64')}`);
    expect(message).toBe(
      `${server.url}: query up: HTTP 401: Unauthorized: check the bearer token file, or the basic auth user and password`,
    );
  });

  test('the bearer token is read anew for every call, and headers are added', async () => {
    let token = 'first\n';
    const { api, server } = await setUp(reply(200, vector()), {
      bearerTokenFile: '/run/token',
      readFile: async () => token,
      headers: { 'X-Scope-OrgID': 'team-a' },
    });
    await api.query('up');
    token = 'second\n';
    await api.query('up');
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer first', 'Bearer second']);
    expect(server.requests[0]?.headers['x-scope-orgid']).toBe('team-a');
  });

  test('a token file that cannot be read is named', async () => {
    const { api } = await setUp(reply(200, vector()), {
      bearerTokenFile: '/run/token',
      readFile: async () => {
        throw new Error('ENOENT');
      },
    });
    expect(await failureOf(api.query('up'))).toBe('the bearer token file /run/token cannot be read');
  });

  test.each(['localhost:9090', 'ftp://host', ''])('the address %j is refused', (url) => {
    expect(() => createPrometheusApi({ url })).toThrow(ConfigError);
  });
});

describe('values', () => {
  test('every way to print a number', async () => {
    const { api } = await setUp(reply(200, vector('0', '-1.5', '1e3', '1e-07', 'NaN', '+Inf', '-Inf')));
    const { samples } = await api.query('x');
    expect(samples.map(({ value }) => value)).toEqual([
      0,
      -1.5,
      1000,
      1e-7,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
    expect(samples[1]).toEqual({ labels: { gpu_id: '1' }, timestampSeconds: 1000.25, value: -1.5 });
  });

  test.each(['', ' 1', '0x10', 'one'])('%j is no value', async (text) => {
    const { api } = await setUp(reply(200, vector(text)));
    expect(await failureOf(api.query('x'))).toMatch(/data\.result\[0\] value must be a sample value/);
  });

  test('a scalar is one sample without labels', async () => {
    const { api } = await setUp(reply(200, { status: 'success', data: { resultType: 'scalar', result: [5, '2'] } }));
    expect((await api.query('2')).samples).toEqual([{ labels: {}, timestampSeconds: 5, value: 2 }]);
  });

  test('native histograms are left out and counted', async () => {
    const histogram = [1, { count: '3', sum: '4' }];
    const result = [
      { metric: { le: 'x' }, histogram },
      { metric: { gpu_id: '0' }, value: [1, '7'] },
    ];
    const { api } = await setUp(reply(200, { status: 'success', data: { resultType: 'vector', result } }));
    const answer = await api.query('x');
    expect(answer.samples).toEqual([{ labels: { gpu_id: '0' }, timestampSeconds: 1, value: 7 }]);
    expect(answer.skippedHistograms).toBe(1);
  });

  test('native histograms in a range are left out and counted', async () => {
    const result = [
      {
        metric: {},
        histograms: [
          [1, {}],
          [2, {}],
        ],
      },
    ];
    const { api } = await setUp(reply(200, { status: 'success', data: { resultType: 'matrix', result } }));
    const answer = await api.queryRange('x', { startSeconds: 0, endSeconds: 10, stepSeconds: 1 });
    expect(answer).toEqual({ series: [], warnings: [], partial: false, skippedHistograms: 2 });
  });

  test("VictoriaMetrics's isPartial and Thanos's warnings are passed on", async () => {
    const answer = { ...Object(vector('1')), isPartial: true, warnings: ['store 10.0.0.7 did not answer'] };
    const { api } = await setUp(reply(200, answer));
    expect(await api.query('x')).toMatchObject({ partial: true, warnings: ['store 10.0.0.7 did not answer'] });
  });

  test.each([
    ['data is missing', { status: 'success' }, /data must be an object, got nothing/],
    [
      'a label is a number',
      { status: 'success', data: { resultType: 'vector', result: [{ metric: { a: 1 }, value: [1, '1'] }] } },
      /metric\.a must be a string, got 1/,
    ],
    ['a matrix', matrix([]), /gives a matrix; an instant vector or a scalar is needed/],
    ['an error with status 200', apiError('internal', 'oops'), /status is "error": oops/],
    ['a list', [], /the answer must be an object/],
  ])('%s', async (_, answer, message) => {
    const { api } = await setUp(reply(200, answer));
    expect(await failureOf(api.query('x'))).toMatch(message);
  });
});

describe('retries', () => {
  test('503, then an answer', async () => {
    const { api, server, slept } = await setUp(firstThen(reply(503, 'starting'), reply(200, vector('1'))));
    expect((await api.query('x')).samples).toHaveLength(1);
    expect(server.requests).toHaveLength(2);
    expect(slept).toEqual([100]);
  });

  test('429 waits as long as the server asks for', async () => {
    const { api, slept } = await setUp(
      firstThen(reply(429, 'slow down', { 'retry-after': '3' }), reply(200, vector())),
    );
    await api.query('x');
    expect(slept).toEqual([3000]);
  });

  test('Retry-After may be a date', async () => {
    const clock = { now: () => Date.parse('2026-01-01T00:00:00Z') / 1000, monotonic: () => 0 };
    const limited = reply(429, '', { 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' });
    const { api, slept } = await setUp(firstThen(limited, reply(200, vector())), { clock });
    await api.query('x');
    expect(slept).toEqual([7000]);
  });

  test('a wait past the deadline is not begun', async () => {
    const { api, server } = await setUp(reply(429, 'slow down', { 'retry-after': '60' }));
    expect(await failureOf(api.query('x'))).toMatch(
      /HTTP 429: slow down: .*\(the next try, in 60\.0 s, would be past the deadline\)$/,
    );
    expect(server.requests).toHaveLength(1);
  });

  test('the wait doubles, and the last failure is told', async () => {
    const { api, server, slept } = await setUp(reply(500, apiError('internal', 'disk on fire')));
    expect(await failureOf(api.query('x'))).toMatch(/HTTP 500: disk on fire \(gave up after 4 tries\)$/);
    expect(server.requests).toHaveLength(4);
    expect(slept).toEqual([100, 200, 400]);
  });

  test('a connection that breaks in the middle of an answer is tried again', async () => {
    const broken: Answer = (response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"status":', () => response.destroy());
    };
    const { api, server } = await setUp(firstThen(broken, reply(200, vector('1'))));
    expect((await api.query('x')).samples).toHaveLength(1);
    expect(server.requests).toHaveLength(2);
  });

  test('nobody listens', async () => {
    const { api, server } = await setUp(reply(200, vector()));
    await server.stop();
    expect(await failureOf(api.query('x'))).toMatch(
      /cannot be reached: connect ECONNREFUSED 127\.0\.0\.1:\d+ \(gave up/,
    );
  });

  test.each([
    [400, apiError('bad_data', 'parse error: unexpected "}"'), /HTTP 400: parse error: unexpected "}"$/],
    [
      422,
      apiError('execution', 'query processing would load too many samples into memory'),
      /HTTP 422: .*raise the limit \(--query\.max-samples\)/,
    ],
    [404, '404 page not found', /HTTP 404: 404 page not found: no Prometheus HTTP API at this path; give the address/],
    [501, 'no such thing', /HTTP 501: no such thing$/],
    [302, '', /redirects to https:\/\/login\.example\/sso; a login page/],
  ])('%i is not tried again', async (status, body, message) => {
    const { api, server } = await setUp(reply(status, body, { location: 'https://login.example/sso?state=secret' }));
    expect(await failureOf(api.query('x'))).toMatch(message);
    expect(server.requests).toHaveLength(1);
  });

  test('a query that runs into the server’s own limit gets a remedy', async () => {
    const { api } = await setUp(reply(503, apiError('timeout', 'query timed out in expression evaluation')));
    expect(await failureOf(api.query('x'))).toMatch(/raise the limit \(--query\.timeout\)/);
  });
});

describe('limits', () => {
  test('a server that hangs costs no more than the deadline', async () => {
    const { api } = await setUp(() => undefined, { timeoutMs: 150 });
    expect(await failureOf(api.query('x'))).toMatch(/: query x: no answer within 0\.15 s$/);
  });

  test('a server that hangs in the middle of its answer as well', async () => {
    const half: Answer = (response) => {
      response.writeHead(200);
      response.write('{"status":');
    };
    const { api } = await setUp(half, { timeoutMs: 150 });
    expect(await failureOf(api.query('x'))).toMatch(/no answer within 0\.15 s$/);
  });

  test('the deadline covers the retries', async () => {
    const { api, server } = await setUp(
      firstThen(reply(503, ''), () => undefined),
      { timeoutMs: 300 },
    );
    expect(await failureOf(api.query('x'))).toMatch(/no answer within 0\.3 s$/);
    expect(server.requests).toHaveLength(2);
  });

  test('the caller may give up earlier', async () => {
    const { api } = await setUp(() => undefined);
    const controller = new AbortController();
    const call = api.query('x', { signal: controller.signal });
    controller.abort(new Error('shutting down'));
    await expect(call).rejects.toThrow('shutting down');
  });

  test('a huge answer is dropped, not read', async () => {
    let written = 0;
    const endless: Answer = (response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) written += 65_536;
      };
      response.on('drain', more);
      more();
    };
    const { api } = await setUp(endless, { maxResponseBytes: 1_000_000 });
    expect(await failureOf(api.query('x'))).toMatch(/the answer is larger than 1000000 bytes; ask for a shorter time/);
    expect(written).toBeLessThan(50_000_000);
  });

  test('an HTML page', async () => {
    const { api } = await setUp(reply(200, '<!DOCTYPE html><html><body>Sign in</body></html>'));
    expect(await failureOf(api.query('x'))).toMatch(/answered with an HTML page instead of JSON/);
  });

  test('JSON that stops in the middle', async () => {
    const { api, server } = await setUp(reply(200, JSON.stringify(vector('1')).slice(0, -4)));
    expect(await failureOf(api.query('x'))).toMatch(/answered with \d+ characters that are not complete JSON$/);
    expect(server.requests).toHaveLength(1);
  });

  test('a long query is cut in messages', async () => {
    const { api } = await setUp(reply(400, apiError('bad_data', 'no')));
    const message = await failureOf(api.query(`sum(\n  ${'a'.repeat(500)})`));
    expect(message).toContain(`: query sum( ${'a'.repeat(195)}…: HTTP 400: no`);
  });
});

describe('pages', () => {
  const value = (request: { form: URLSearchParams }, name: string): number => Number(request.form.get(name));

  test('a range is cut into pages that touch without overlap', async () => {
    const { api, server } = await setUp(reply(200, matrix([])));
    await api.queryRange('x', { startSeconds: 100, endSeconds: 100 + 25_000 * 15 + 7, stepSeconds: 15 });
    expect(server.requests.map((request) => [value(request, 'start'), value(request, 'end')])).toEqual([
      [100, 100 + 10_999 * 15],
      [100 + 11_000 * 15, 100 + 21_999 * 15],
      [100 + 22_000 * 15, 100 + 25_000 * 15],
    ]);
    expect(new Set(server.requests.map(({ form }) => form.get('step')))).toEqual(new Set(['15.000']));
    expect(new Set(server.requests.map(({ form }) => form.get('nocache')))).toEqual(new Set(['1']));
  });

  test('raw samples: what the server returns at the open end is dropped, pages are joined in order', async () => {
    // As Prometheus 2 does: both ends of the range are part of it.
    const closed: Answer = (response, request) => {
      const end = value(request, 'time');
      const length = Number(/\[(\d+)ms\]$/.exec(request.form.get('query') ?? '')?.[1]) / 1000;
      const first = Math.ceil((end - length) / 10) * 10;
      const times = Array.from({ length: Math.floor((end - first) / 10) + 1 }, (_, index) => first + index * 10);
      send(response, 200, matrix(times.map((time) => [time, String(time)] as const)));
    };
    const { api, server } = await setUp(closed, { rawPageSeconds: 20 });
    const { series } = await api.rawSamples('x{a="b"}', { startSeconds: 100, endSeconds: 150 });
    expect(server.requests.map(({ form }) => [form.get('query'), form.get('time')])).toEqual([
      ['x{a="b"}[20000ms]', '120.000'],
      ['x{a="b"}[20000ms]', '140.000'],
      ['x{a="b"}[10000ms]', '150.000'],
    ]);
    expect(series).toHaveLength(1);
    expect(series[0]?.samples.map(({ timestampSeconds }) => timestampSeconds)).toEqual([110, 120, 130, 140, 150]);
  });

  test('a page that is too large is halved, and halves come back in order', async () => {
    const small: Answer = (response, request) => {
      const [start, end] = [value(request, 'start'), value(request, 'end')];
      if (end - start > 3) return send(response, 422, apiError('execution', 'too many samples'));
      const times = Array.from({ length: end - start + 1 }, (_, index) => start + index);
      return send(response, 200, matrix(times.map((time) => [time, '1'] as const)));
    };
    const { api } = await setUp(small);
    const { series } = await api.queryRange('x', { startSeconds: 1, endSeconds: 11, stepSeconds: 1 });
    expect(series[0]?.samples.map(({ timestampSeconds }) => timestampSeconds)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ]);
  });

  test('one point that is too large is an error', async () => {
    const { api, server } = await setUp(reply(422, apiError('execution', 'too many samples')));
    const call = api.queryRange('x', { startSeconds: 1, endSeconds: 4, stepSeconds: 1 });
    expect(await failureOf(call)).toMatch(/HTTP 422/);
    expect(server.requests).toHaveLength(3);
  });

  test('warnings of all pages count once, and one partial page makes the result partial', async () => {
    const answer: Answer = (response, _, turn) =>
      send(response, 200, { ...Object(matrix([])), warnings: ['w'], isPartial: turn === 1 });
    const { api } = await setUp(answer, { rawPageSeconds: 10 });
    const result = await api.rawSamples('x', { startSeconds: 0, endSeconds: 30 });
    expect(result).toEqual({ series: [], warnings: ['w'], partial: true, skippedHistograms: 0 });
  });

  test('a window that ends before it starts is a mistake of the caller', async () => {
    const { api } = await setUp(reply(200, matrix([])));
    await expect(api.rawSamples('x', { startSeconds: 2, endSeconds: 1 })).rejects.toThrow(RangeError);
  });
});
