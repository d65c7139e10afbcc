import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import express from 'express';
import { InferenceMetrics } from '../../../../exporters/inference/client/inference-metrics.ts';
import { eventually } from '../../../support/eventually.ts';
import { parseExposition } from '../../../support/exposition.ts';
import { shown } from './shown.ts';

const address = 'http://service.example/v1/chat/completions';
const encoder = new TextEncoder();

function newMetrics(): InferenceMetrics {
  return new InferenceMetrics({ processMetrics: false });
}

function post(body: unknown, init: RequestInit = {}): Request {
  return new Request(address, { method: 'POST', body: JSON.stringify(body), ...init });
}

async function modelOf(request: Request): Promise<string> {
  const { model }: { model: string } = JSON.parse(await request.clone().text());
  return model;
}
const byBody = { model: modelOf };

function streamOf(pieces: readonly Uint8Array[]) {
  const left = [...pieces];
  return new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const piece = left.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(piece);
    },
  });
}

describe('the status of the response tells how a request ended', () => {
  test.each([
    [200, 'status=success'],
    [204, 'status=success'],
    [404, 'status=error reason=client_error'],
    [500, 'status=error reason=server_error'],
  ])('%i', async (status, labels) => {
    const metrics = newMetrics();
    const handler = metrics.fetchHandler(
      () => new Response(status === 204 ? null : 'text', { status, headers: { 'X-A': 'b' } }),
      byBody,
    );
    const answer = await handler(post({ model: 'm' }));
    expect([answer.status, answer.headers.get('x-a')]).toEqual([status, 'b']);
    expect(await answer.text()).toBe(status === 204 ? '' : 'text');
    expect(await shown(metrics, 'inference_requests_total')).toEqual({ [`model_name=m ${labels}`]: 1 });
    expect(await shown(metrics, 'inference_active_connections')).toEqual({});
  });
});

test('a handler can still read the body, and gets what else it is called with', async () => {
  const metrics = newMetrics();
  const handler = metrics.fetchHandler(
    async (request: Request, { params }: { params: { id: string } }) =>
      Response.json({ got: await request.json(), id: params.id }),
    byBody,
  );
  const answer = await handler(post({ model: 'm' }), { params: { id: '7' } });
  expect(await answer.json()).toEqual({ got: { model: 'm' }, id: '7' });
});

test('all headers stay, several cookies too', async () => {
  const headers = new Headers([
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
    ['Content-Type', 'text/x'],
  ]);
  const answer = await newMetrics().fetchHandler(() => new Response('x', { status: 201, statusText: 'Made', headers }))(
    post({}),
  );
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect([answer.status, answer.statusText, answer.headers.get('content-type')]).toEqual([201, 'Made', 'text/x']);
});

describe('what a handler throws', () => {
  test.each([
    ['an error', new TypeError('no weights'), 'status=error reason=server_error'],
    [
      'an error of the client',
      Object.assign(new Error('too long'), { status: 413 }),
      'status=error reason=client_error',
    ],
    ['something else', 'text', 'status=error reason=server_error'],
  ])('is counted and thrown on: %s', async (_name, thrown, labels) => {
    const metrics = newMetrics();
    const handler = metrics.fetchHandler(() => {
      throw thrown;
    }, byBody);
    await expect(handler(post({ model: 'm' }))).rejects.toBe(thrown);
    expect(await shown(metrics, 'inference_requests_total')).toEqual({ [`model_name=m ${labels}`]: 1 });
    expect(await shown(metrics, 'inference_active_connections')).toEqual({});
  });

  test('because the client is gone is a cancel', async () => {
    const metrics = newMetrics();
    const controller = new AbortController();
    const handler = metrics.fetchHandler(async ({ signal }) => {
      controller.abort();
      signal.throwIfAborted();
      return new Response('never');
    });
    await expect(handler(post({}, { signal: controller.signal }))).rejects.toThrow();
    expect(await shown(metrics, 'inference_requests_total')).toEqual({ 'model_name=other status=cancelled': 1 });
  });
});

describe('a streamed body', () => {
  const events = [
    'data: {"choices":[{"delta":{"content":"a"}}]}\n\n',
    'data: {"choices":[{"delta":{"content":"b"}}]}\n\n',
    'data: {"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":2}}\n\n',
    'data: [DONE]\n\n',
  ];
  const sse = { headers: { 'Content-Type': 'text/event-stream' } };

  test('is measured to its end, with its pieces and tokens', async () => {
    const metrics = newMetrics();
    const body = encoder.encode(events.join(''));
    const pieces = [body.subarray(0, 30), body.subarray(30, 31), body.subarray(31)];
    const handler = metrics.fetchHandler(() => new Response(streamOf(pieces), sse), {
      ...byBody,
      dialect: 'openai_chat',
      tenant: (request) => new URL(request.url).hostname,
    });
    const answer = await handler(post({ model: 'm' }));
    const labels = 'model_name=m tenant=service.example';
    expect(await shown(metrics, 'inference_requests_total')).toEqual({});
    expect(await shown(metrics, 'inference_active_connections')).toEqual({ [labels]: 1 });
    expect(await answer.text()).toBe(events.join(''));
    expect(await shown(metrics, 'inference_requests_total')).toEqual({ [`${labels} status=success`]: 1 });
    expect(await shown(metrics, 'inference_tokens_input_total')).toEqual({ [labels]: 11 });
    expect(await shown(metrics, 'inference_tokens_generated_total')).toEqual({ [labels]: 2 });
    expect(await shown(metrics, 'inference_time_to_first_token_seconds_count')).toEqual({ [labels]: 1 });
    expect(await shown(metrics, 'inference_response_bytes_total')).toEqual({ [labels]: body.length });
  });

  test('is not asked for before somebody wants it, nor faster', async () => {
    let asked = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          asked++;
          controller.enqueue(Uint8Array.of(asked));
        },
      },
      { highWaterMark: 0 },
    );
    const answer = await newMetrics().fetchHandler(() => new Response(body))(post({}));
    expect(asked).toBe(0);
    const reader = answer.body?.getReader();
    expect(await reader?.read()).toEqual({ done: false, value: Uint8Array.of(1) });
    expect(await reader?.read()).toEqual({ done: false, value: Uint8Array.of(2) });
    expect(asked).toBe(2);
  });

  test('of five megabytes arrives piece by piece as it is', async () => {
    const metrics = newMetrics();
    const body = new Uint8Array(5 * 1024 * 1024).map((_, at) => (at * 2_654_435_761) >>> 13);
    const pieces: Uint8Array[] = [];
    for (let start = 0, size = 1; start < body.length; start += size, size = (size * 7 + 13) % 90_001) {
      pieces.push(body.subarray(start, start + size));
    }
    const handler = metrics.fetchHandler(() => new Response(streamOf(pieces), sse), { dialect: 'openai_chat' });
    const { body: passed } = await handler(post({}));
    const got: Uint8Array[] = [];
    for await (const piece of passed ?? []) got.push(piece);
    expect(got.map(({ length }) => length)).toEqual(pieces.map(({ length }) => length));
    expect(Buffer.compare(Buffer.concat(got), body)).toBe(0);
    expect(await shown(metrics, 'inference_response_bytes_total')).toEqual({ 'model_name=other': body.length });
  });

  test('that the consumer cancels is cancelled at its source, and counts with what it had', async () => {
    const metrics = newMetrics();
    const reasons: unknown[] = [];
    const source = streamOf(events.map((event) => encoder.encode(event)));
    const reader = source.getReader();
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { value } = await reader.read();
        if (value !== undefined) controller.enqueue(value);
      },
      cancel: (reason) => void reasons.push(reason),
    });
    const handler = metrics.fetchHandler(() => new Response(body, sse), { dialect: 'openai_chat' });
    const consumer = (await handler(post({}))).body?.getReader();
    await consumer?.read();
    await consumer?.cancel('enough');
    expect(reasons).toEqual(['enough']);
    expect(await shown(metrics, 'inference_requests_total')).toEqual({ 'model_name=other status=cancelled': 1 });
    expect(await shown(metrics, 'inference_tokens_generated_total')).toEqual({ 'model_name=other': 1 });
    expect(await shown(metrics, 'inference_active_connections')).toEqual({});
  });

  test('whose request is aborted is cancelled, also if nobody cancels the body', async () => {
    const metrics = newMetrics();
    const controller = new AbortController();
    const handler = metrics.fetchHandler(() => new Response(streamOf([encoder.encode('a')])));
    const answer = await handler(post({}, { signal: controller.signal }));
    controller.abort();
    expect(await shown(metrics, 'inference_requests_total')).toEqual({ 'model_name=other status=cancelled': 1 });
    expect(await answer.text()).toBe('a');
    expect(await shown(metrics, 'inference_requests_total')).toEqual({ 'model_name=other status=cancelled': 1 });
  });

  test('whose pieces the consumer hands over to somebody else is read all the same', async () => {
    const metrics = newMetrics();
    const body = encoder.encode(events.join(''));
    const pieces = Array.from({ length: body.length }, (_, at) => body.slice(at, at + 1));
    const handler = metrics.fetchHandler(() => new Response(streamOf(pieces), sse), { dialect: 'openai_chat' });
    for await (const piece of (await handler(post({}))).body ?? [])
      structuredClone(piece, { transfer: [piece.buffer] });
    expect(await shown(metrics, 'inference_tokens_generated_total')).toEqual({ 'model_name=other': 2 });
    expect(await shown(metrics, 'inference_tokens_estimated_total')).toEqual({});
  });

  test('that breaks is an error, for the consumer as well', async () => {
    const metrics = newMetrics();
    const broken = new Error('the model died');
    const body = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(broken) });
    const answer = await metrics.fetchHandler(() => new Response(body))(post({}));
    await expect(answer.text()).rejects.toBe(broken);
    expect(await shown(metrics, 'inference_requests_total')).toEqual({
      'model_name=other status=error reason=stream_error': 1,
    });
  });

  test('that somebody reads already is left alone', async () => {
    const metrics = newMetrics();
    const response = new Response('x');
    const reader = response.body?.getReader();
    expect(await metrics.fetchHandler(() => response)(post({}))).toBe(response);
    expect((await reader?.read())?.value).toEqual(encoder.encode('x'));
    expect(await shown(metrics, 'inference_requests_total')).toEqual({ 'model_name=other status=success': 1 });
  });

  test('may be told more of by its handler', async () => {
    const metrics = newMetrics();
    const handler = metrics.fetchHandler((request) => {
      metrics.requestOf(request)?.usage({ input: 5, generated: 6 });
      return new Response('x');
    });
    await (await handler(post({}))).text();
    expect(await shown(metrics, 'inference_tokens_generated_total')).toEqual({ 'model_name=other': 6 });
  });
});

test('a name that cannot be read costs no answer', async () => {
  const trouble: string[] = [];
  const metrics = new InferenceMetrics({ processMetrics: false, onTrouble: (text) => trouble.push(text) });
  const handler = metrics.fetchHandler(() => new Response('ok'), byBody);
  const answer = await handler(new Request(address, { method: 'POST', body: 'no json' }));
  expect(await answer.text()).toBe('ok');
  expect(trouble).toEqual([expect.stringMatching(/^the model of a request could not be read: SyntaxError/)]);
});

test('two frameworks of a process share one registry and one set of names', async () => {
  const metrics = new InferenceMetrics({ processMetrics: false, maxModels: 1 });
  const app = express();
  app.use(express.json(), metrics.express({ model: ({ body }) => body.model }), (_request, response) => {
    response.send('express');
  });
  const handler = metrics.fetchHandler(() => new Response('fetch'), byBody);
  const server = createServer(app).listen(0, '127.0.0.1');
  const other = createServer(async (incoming, outgoing) => {
    const body: unknown = Readable.toWeb(incoming);
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    const { status, body: answer } = await handler(new Request(address, init));
    outgoing.writeHead(status);
    for await (const piece of answer ?? []) outgoing.write(piece);
    outgoing.end();
  }).listen(0, '127.0.0.1');
  await Promise.all([once(server, 'listening'), once(other, 'listening')]);
  for (const [one, expected] of [[server, 'express'] as const, [other, 'fetch'] as const]) {
    const { port } = one.address() as AddressInfo;
    const headers = { 'Content-Type': 'application/json' };
    for (const model of ['m', `made-up-${expected}`]) {
      const init = { method: 'POST', headers, body: JSON.stringify({ model }) };
      expect(await (await fetch(`http://127.0.0.1:${port}`, init)).text()).toBe(expected);
    }
  }
  const requests = await eventually('all requests', async () => {
    const found = await shown(metrics, 'inference_requests_total');
    return (found['model_name=m status=success'] ?? 0) + (found['model_name=other status=success'] ?? 0) === 4
      ? found
      : undefined;
  });
  expect(requests).toEqual({ 'model_name=m status=success': 2, 'model_name=other status=success': 2 });
  for (const one of [server, other]) {
    one.closeAllConnections();
    one.close();
  }
});

test('the metrics are a handler too', async () => {
  const metrics = newMetrics();
  metrics.start({ model: 'm' }).end();
  const serve = metrics.metricsFetchHandler();
  const plain = await serve(new Request('http://service.example/metrics'));
  expect(plain.headers.get('content-type')).toMatch(/^text\/plain/);
  parseExposition('text', await plain.text());
  const headers = { Accept: 'application/openmetrics-text' };
  const open = await serve(new Request('http://service.example/metrics', { headers }));
  expect(open.headers.get('content-type')).toMatch(/^application\/openmetrics-text/);
});
