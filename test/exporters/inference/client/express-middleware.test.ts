import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import express, { type Express } from 'express';
import { InferenceMetrics } from '../../../../exporters/inference/client/inference-metrics.ts';
import { eventually } from '../../../support/eventually.ts';
import { parseExposition } from '../../../support/exposition.ts';
import { readTlsFile } from '../../../support/tls-files.ts';
import { shown } from './shown.ts';

const servers: Server[] = [];
const trouble: string[] = [];

afterEach(() => {
  trouble.length = 0;
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

function newMetrics(): InferenceMetrics {
  return new InferenceMetrics({ processMetrics: false, onTrouble: (text) => trouble.push(text) });
}

async function serve(app: Express, server: Server = createServer(app)): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

function ask(url: string, body: unknown = { model: 'm' }, init: RequestInit = {}): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return fetch(url, { method: 'POST', body: JSON.stringify(body), headers, ...init });
}

/** Answers to clients come before their ends are counted. */
function requestsOf(metrics: InferenceMetrics): Promise<Readonly<Record<string, number>>> {
  return eventually('a request', async () => {
    const requests = await shown(metrics, 'inference_requests_total');
    return Object.keys(requests).length === 0 ? undefined : requests;
  });
}

function appWith(metrics: InferenceMetrics, options: Parameters<InferenceMetrics['express']>[0] = {}): Express {
  const app = express();
  app.use(express.json());
  app.use('/v1', metrics.express({ model: ({ body }) => body.model, ...options }));
  app.get('/metrics', metrics.metricsHandler());
  // Tells of no error on the console.
  app.set('env', 'test');
  return app;
}

const sse = [
  { choices: [{ delta: { role: 'assistant', content: '' } }] },
  { choices: [{ delta: { content: 'Grüße' } }] },
  { choices: [{ delta: { content: ' an alle' } }] },
  { choices: [{ delta: {}, finish_reason: 'stop' }] },
  { choices: [], usage: { prompt_tokens: 9, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 4 } } },
]
  .map((event) => `data: ${JSON.stringify(event)}\n\n`)
  .concat('data: [DONE]\n\n');

describe('the status of HTTP tells how a request ended', () => {
  test.each([
    [200, 'status=success'],
    [304, 'status=success'],
    [400, 'status=error reason=client_error'],
    [429, 'status=error reason=client_error'],
    [500, 'status=error reason=server_error'],
    [503, 'status=error reason=server_error'],
  ])('%i', async (status, labels) => {
    const metrics = newMetrics();
    const app = appWith(metrics);
    app.post('/v1/answer', (_request, response) => void response.status(status).end());
    await ask(`${await serve(app)}/v1/answer`);
    expect(await requestsOf(metrics)).toEqual({ [`model_name=m ${labels}`]: 1 });
    expect(await shown(metrics, 'inference_active_connections')).toEqual({});
    expect(await shown(metrics, 'inference_request_duration_seconds_count')).toEqual({ 'model_name=m': 1 });
  });
});

test('what a handler throws goes to the error handler of the application', async () => {
  const metrics = newMetrics();
  const app = appWith(metrics);
  app.post('/v1/answer', async () => {
    await sleep(1);
    throw Object.assign(new Error('out of memory'), { status: 507 });
  });
  const answer = await ask(`${await serve(app)}/v1/answer`);
  expect([answer.status, (await answer.text()).includes('out of memory')]).toEqual([507, true]);
  expect(await requestsOf(metrics)).toEqual({ 'model_name=m status=error reason=server_error': 1 });
});

test('the time and the connections are those of the whole answer', async () => {
  const metrics = newMetrics();
  const app = appWith(metrics);
  app.post('/v1/answer', async (_request, response) => {
    response.write('one');
    await sleep(120);
    response.end('two');
  });
  const url = await serve(app);
  const answer = await ask(`${url}/v1/answer`);
  expect(await shown(metrics, 'inference_active_connections')).toEqual({ 'model_name=m': 1 });
  expect(await answer.text()).toBe('onetwo');
  await requestsOf(metrics);
  expect(await shown(metrics, 'inference_active_connections')).toEqual({});
  const seconds = await shown(metrics, 'inference_request_duration_seconds_sum');
  expect(seconds['model_name=m']).toBeGreaterThan(0.11);
  expect(seconds['model_name=m']).toBeLessThan(5);
});

describe('a client that goes away', () => {
  test.each(['destroy', 'resetAndDestroy', 'end'] as const)('by %s has cancelled', async (how) => {
    const metrics = newMetrics();
    const app = appWith(metrics, { model: () => 'm' });
    app.post('/v1/answer', (_request, response) => {
      const timer = setInterval(() => response.write('piece'), 5);
      response.on('close', () => clearInterval(timer));
    });
    const { port } = new URL(await serve(app));
    const socket = connect({ port: Number(port), host: '127.0.0.1' });
    socket.write('POST /v1/answer HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
    await once(socket, 'data');
    socket[how]();
    expect(await requestsOf(metrics)).toEqual({ 'model_name=m status=cancelled': 1 });
    expect(await shown(metrics, 'inference_active_connections')).toEqual({});
    socket.destroy();
  });

  test('before its answer has begun has cancelled as well', async () => {
    const metrics = newMetrics();
    const app = appWith(metrics);
    app.post('/v1/answer', () => undefined);
    const url = await serve(app);
    await expect(ask(`${url}/v1/answer`, { model: 'm' }, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    expect(await requestsOf(metrics)).toEqual({ 'model_name=m status=cancelled': 1 });
  });

  test('before the middleware is reached is counted and forgotten', async () => {
    const metrics = newMetrics();
    const app = express();
    app.use((_request, response, next) => void response.once('close', () => setTimeout(next, 5)));
    app.use(metrics.express());
    app.use((_request, response) => void response.end('late'));
    const url = await serve(app);
    await expect(fetch(url, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    expect(await requestsOf(metrics)).toEqual({ 'model_name=other status=cancelled': 1 });
    expect(await shown(metrics, 'inference_active_connections')).toEqual({});
  });
});

describe('over TLS', () => {
  const open = (app: Express) =>
    createTlsServer({ cert: readTlsFile('server.pem'), key: readTlsFile('server.key') }, app);

  test('a client that goes away has cancelled', async () => {
    const metrics = newMetrics();
    const app = appWith(metrics, { model: () => 'm' });
    app.post('/v1/answer', (_request, response) => {
      const timer = setInterval(() => response.write('piece'), 5);
      response.on('close', () => clearInterval(timer));
    });
    const { port } = new URL(await serve(app, open(app)));
    const socket = connectTls({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false });
    socket.write('POST /v1/answer HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    expect(await requestsOf(metrics)).toEqual({ 'model_name=m status=cancelled': 1 });
  });

  test('an answer that the service cuts off is an error', async () => {
    const metrics = newMetrics();
    const app = appWith(metrics, { model: () => 'm' });
    app.post('/v1/answer', async (_request, response) => {
      response.write('half');
      await sleep(10);
      throw new Error('the model died');
    });
    const { port } = new URL(await serve(app, open(app)));
    const socket = connectTls({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false });
    socket.write('POST /v1/answer HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    expect(await requestsOf(metrics)).toEqual({ 'model_name=m status=error reason=stream_error': 1 });
  });
});

test('an answer that the service itself cuts off is an error', async () => {
  const metrics = newMetrics();
  const app = appWith(metrics);
  app.post('/v1/answer', async (_request, response) => {
    response.write('half');
    await sleep(10);
    throw new Error('the model died');
  });
  const answer = await ask(`${await serve(app)}/v1/answer`);
  await expect(answer.text()).rejects.toThrow();
  expect(await requestsOf(metrics)).toEqual({ 'model_name=m status=error reason=stream_error': 1 });
});

describe('tokens', () => {
  test('of a stream are read on the way, and the bytes stay', async () => {
    const metrics = newMetrics();
    const app = appWith(metrics, { dialect: 'openai_chat', tenant: (request) => request.get('x-team') });
    app.post('/v1/chat/completions', async (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      for (const event of sse) {
        // In two halves, and one of them as text.
        const bytes = Buffer.from(event);
        response.write(bytes.subarray(0, 20));
        response.write(bytes.subarray(20).toString('latin1'), 'latin1');
        await sleep(5);
      }
      response.end();
    });
    const headers = { 'Content-Type': 'application/json', 'X-Team': 'blue' };
    const answer = await ask(`${await serve(app)}/v1/chat/completions`, { model: 'm' }, { headers });
    expect(await answer.text()).toBe(sse.join(''));
    const labels = 'model_name=m tenant=blue';
    expect(await requestsOf(metrics)).toEqual({ [`${labels} status=success`]: 1 });
    expect(await shown(metrics, 'inference_tokens_input_total')).toEqual({ [labels]: 9 });
    expect(await shown(metrics, 'inference_tokens_generated_total')).toEqual({ [labels]: 5 });
    expect(await shown(metrics, 'inference_tokens_cached_total')).toEqual({ [labels]: 4 });
    expect(await shown(metrics, 'inference_time_to_first_token_seconds_count')).toEqual({ [labels]: 1 });
    expect(await shown(metrics, 'inference_inter_chunk_latency_seconds_count')).toEqual({ [labels]: 1 });
    const bytes = { [labels]: Buffer.byteLength(sse.join('')) };
    expect(await shown(metrics, 'inference_response_bytes_total')).toEqual(bytes);
    expect(await shown(metrics, 'inference_request_bytes_total')).toEqual({ [labels]: '{"model":"m"}'.length });
  });

  test('of a stream are read without a single header of the application', async () => {
    const metrics = newMetrics();
    const app = appWith(metrics, { dialect: 'openai_chat' });
    app.disable('x-powered-by');
    app.post('/v1/chat/completions', (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end(sse.join(''));
    });
    const answer = await ask(`${await serve(app)}/v1/chat/completions`);
    expect(await answer.text()).toBe(sse.join(''));
    expect(answer.headers.get('x-measured')).toBeNull();
    await requestsOf(metrics);
    expect(await shown(metrics, 'inference_tokens_generated_total')).toEqual({ 'model_name=m': 5 });
  });

  test('of an answer in JSON are those that a function finds', async () => {
    const metrics = newMetrics();
    const app = appWith(metrics, {
      usage: ({ counts }) => (isCounts(counts) ? { input: counts.in, generated: counts.out } : undefined),
    });
    app.post('/v1/answer', (_request, response) => void response.json({ text: 'yes', counts: { in: 3, out: 4 } }));
    const answer = await ask(`${await serve(app)}/v1/answer`);
    expect(await answer.json()).toEqual({ text: 'yes', counts: { in: 3, out: 4 } });
    await requestsOf(metrics);
    expect(await shown(metrics, 'inference_tokens_input_total')).toEqual({ 'model_name=m': 3 });
    expect(await shown(metrics, 'inference_tokens_generated_total')).toEqual({ 'model_name=m': 4 });
  });

  test('and pieces may be told by the handler', async () => {
    const metrics = newMetrics();
    const app = appWith(metrics);
    app.post('/v1/answer', (_request, response) => {
      const measured = metrics.requestOf(response);
      measured?.piece();
      measured?.usage({ generated: 2 });
      response.send('ab');
    });
    await ask(`${await serve(app)}/v1/answer`);
    await requestsOf(metrics);
    expect(await shown(metrics, 'inference_tokens_generated_total')).toEqual({ 'model_name=m': 2 });
    expect(await shown(metrics, 'inference_time_to_first_token_seconds_count')).toEqual({ 'model_name=m': 1 });
  });

  test('of a stream that says that it failed belong to an error', async () => {
    const metrics = newMetrics();
    const app = appWith(metrics, { dialect: 'openai_chat' });
    app.post('/v1/chat/completions', (_request, response) => {
      response.type('text/event-stream').send('data: {"error":{"message":"no memory"}}\n\n');
    });
    await ask(`${await serve(app)}/v1/chat/completions`);
    expect(await requestsOf(metrics)).toEqual({ 'model_name=m status=error reason=stream_error': 1 });
  });

  test('that are missing where they should be are counted', async () => {
    const metrics = newMetrics();
    const app = appWith(metrics, { dialect: 'openai_chat' });
    app.post('/v1/chat/completions', (_request, response) => void response.json({ choices: [] }));
    await ask(`${await serve(app)}/v1/chat/completions`);
    await requestsOf(metrics);
    expect(await shown(metrics, 'inference_usage_missing_total')).toEqual({ 'model_name=m reason=absent': 1 });
  });
});

function isCounts(value: unknown): value is { readonly in: number; readonly out: number } {
  return typeof value === 'object' && value !== null && 'in' in value && 'out' in value;
}

describe('functions of the application that throw', () => {
  test('cost no answer, and are told once', async () => {
    const metrics = newMetrics();
    const app = express();
    app.use(
      metrics.express({
        model: ({ body }) => body.model,
        usage: () => {
          throw new Error('no counts');
        },
      }),
    );
    app.use((_request, response) => void response.json({ ok: true }));
    const url = await serve(app);
    for (let time = 0; time < 2; time++) expect(await (await ask(url)).json()).toEqual({ ok: true });
    await requestsOf(metrics);
    expect(trouble).toEqual([
      expect.stringMatching(/^the model of a request could not be read: TypeError/),
      'the usage of an answer could not be read: Error: no counts',
    ]);
  });
});

test('five megabytes in pieces of any size arrive as they were sent', async () => {
  const metrics = newMetrics();
  const app = appWith(metrics, { dialect: 'openai_chat' });
  const body = noise(5 * 1024 * 1024);
  app.post('/v1/answer', async (_request, response) => {
    response.type('text/event-stream');
    for (let start = 0, size = 1; start < body.length; start += size, size = (size * 7 + 13) % 90_001) {
      if (!response.write(body.subarray(start, start + size))) await once(response, 'drain');
    }
    response.end();
  });
  const answer = await ask(`${await serve(app)}/v1/answer`);
  expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), body)).toBe(0);
  await requestsOf(metrics);
  expect(await shown(metrics, 'inference_response_bytes_total')).toEqual({ 'model_name=m': body.length });
});

function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0, seed = 1; at < length; at++) {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    bytes[at] = seed >> 16;
  }
  return bytes;
}

test('a request that passes twice is measured once', async () => {
  const metrics = newMetrics();
  const app = appWith(metrics);
  app.post('/v1/answer', metrics.express(), (_request, response) => void response.send('ok'));
  await ask(`${await serve(app)}/v1/answer`);
  expect(await requestsOf(metrics)).toEqual({ 'model_name=m status=success': 1 });
});

test('names of models that clients make up are one series', async () => {
  const metrics = new InferenceMetrics({ processMetrics: false, models: ['m'] });
  const app = appWith(metrics);
  app.post('/v1/answer', (_request, response) => void response.send('ok'));
  const url = await serve(app);
  for (const model of ['m', 'no-such', 'a"b\n', { toString: 'x' }, 17, '']) await ask(`${url}/v1/answer`, { model });
  await eventually('the requests', async () => {
    const requests = await shown(metrics, 'inference_requests_total');
    const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
    return total === 6 ? requests : undefined;
  });
  expect(await shown(metrics, 'inference_requests_total')).toEqual({
    'model_name=m status=success': 1,
    'model_name=other status=success': 5,
  });
});

test('GET /metrics answers in the format that it is asked for', async () => {
  const metrics = newMetrics();
  const app = appWith(metrics);
  app.post('/v1/answer', (_request, response) => void response.send('ok'));
  const url = await serve(app);
  const traceparent = `00-${'e'.repeat(32)}-${'f'.repeat(16)}-01`;
  await ask(`${url}/v1/answer`, { model: 'm' }, { headers: { 'Content-Type': 'application/json', traceparent } });
  await requestsOf(metrics);
  const plain = await fetch(`${url}/metrics`);
  expect(plain.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  parseExposition('text', await plain.text());
  const open = await fetch(`${url}/metrics`, { headers: { Accept: 'application/openmetrics-text;version=1.0.0' } });
  expect(open.headers.get('content-type')).toMatch(/^application\/openmetrics-text/);
  expect(await open.text()).toContain(`# {trace_id="${'e'.repeat(32)}"}`);
});

test('a registry that cannot be read makes a scrape fail, not the service', async () => {
  const metrics = newMetrics();
  const app = appWith(metrics);
  const url = await serve(app);
  metrics.registry.getMetricsAsJSON = () => Promise.reject(new Error('a collect function failed'));
  const answer = await fetch(`${url}/metrics`);
  expect([answer.status, await answer.text()]).toEqual([500, 'scrape failed: Error: a collect function failed\n']);
});
