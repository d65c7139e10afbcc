import { request } from 'node:http';
import { type FakeLlmServer, type Script, startFakeLlm } from '../../../../support/fake-llm-server.ts';
import { type ProxyUnderTest, post, sha256, startProxy, stopProxies } from '../../../../support/inference-proxy.ts';

let upstream: FakeLlmServer;

beforeEach(async () => {
  upstream = await startFakeLlm();
});
afterEach(async () => {
  await stopProxies();
  await upstream.stop();
});

const scripts: readonly (readonly [string, Script])[] = [
  ['as events come', {}],
  ['cut within characters, frames and line ends', { cutEvery: 3, tokens: 4 }],
  ['with CRLF', { lineEnd: '\r\n', cutEvery: 7 }],
  ['with malformed events', { fault: 'malformed_within' }],
  ['with an error in the stream', { fault: 'error_within' }],
  ['with pieces of 200 kB', { pieceBytes: 200_000, tokens: 3 }],
  ['with a piece of 5 MB', { pieceBytes: 5_000_000, tokens: 1 }],
  ['without usage', { fault: 'no_usage' }],
  ['with status 500', { fault: 'status_500' }],
  ['with status 400', { fault: 'status_400' }],
];
const paths = ['/v1/chat/completions', '/v1/completions', '/v1/responses', '/api/chat', '/api/generate'];
const kinds = ['openai', 'vllm'];

async function proxyFor(kind: string): Promise<ProxyUnderTest> {
  return startProxy({ file: `upstreams: [{url: "${upstream.url}", kind: ${kind}, models: [m1]}]` });
}

/** What a client sees of an answer: all but what each connection has of its own. */
async function seen(url: string, path: string, body: unknown) {
  const { status, headers, bytes } = await post(url, path, body);
  const { date: _date, connection: _connection, 'keep-alive': _keep, ...rest } = Object.fromEntries(headers);
  const text = bytes.toString('latin1');
  return {
    status,
    headers: rest,
    text: text.length > 10_000 ? `${text.slice(0, 1000)}… ${sha256(text)} ${text.slice(-3000)}` : text,
  };
}

describe.each(kinds)('in front of %s', (kind) => {
  test.each(scripts)('an answer is the same with and without the proxy: %s', async (_name, metadata) => {
    const proxy = await proxyFor(kind);
    for (const path of paths) {
      const ollama = path.startsWith('/api/');
      for (const stream of [true, false]) {
        const body = { model: 'm1', stream, ...(ollama ? { options: metadata } : { metadata }) };
        const [direct, through] = [await seen(upstream.url, path, body), await seen(proxy.url, path, body)];
        expect({ path, stream, ...through }).toEqual({ path, stream, ...direct });
      }
    }
  });

  test('a client that asks for usage gets the stream as the server makes it', async () => {
    const proxy = await proxyFor(kind);
    for (const stream_options of [{ include_usage: true }, { include_usage: true, continuous_usage_stats: true }]) {
      const body = { model: 'm1', stream: true, stream_options, metadata: { cutEvery: 5 } };
      const direct = await seen(upstream.url, '/v1/chat/completions', body);
      expect(direct.text).toContain('"completion_tokens":5');
      expect(await seen(proxy.url, '/v1/chat/completions', body)).toEqual(direct);
    }
    expect(await proxy.sum('inference_tokens_generated_total')).toBe(10);
  });

  test('a client that asks for no usage gets none, and it is counted', async () => {
    const proxy = await proxyFor(kind);
    const stream_options = { include_usage: false };
    const { text } = await post(proxy.url, '/v1/chat/completions', {
      model: 'm1',
      stream: true,
      stream_options,
      metadata: { cachedTokens: 4 },
    });
    expect(text).not.toContain('usage');
    const asked = JSON.parse(upstream.seen.at(-1)?.body.toString('utf8') ?? '') as { stream_options: object };
    expect(asked.stream_options).toEqual(
      kind === 'vllm' ? { include_usage: true, continuous_usage_stats: true } : { include_usage: true },
    );
    expect(await proxy.sum('inference_tokens_input_total')).toBe(10);
    expect(await proxy.sum('inference_tokens_generated_total')).toBe(5);
    expect(await proxy.sum('inference_tokens_cached_total')).toBe(4);
  });
});

test('a request reaches the server as the client wrote it, but for what the proxy asks for', async () => {
  const proxy = await proxyFor('openai');
  const body =
    '{ "model" : "m1", "seed":12345678901234567890, "top_p":1.0, "stop":"\\u00e9\\ud83d\\ude00é", "stream": true,"metadata":{} }';
  await send(`${proxy.url}/v1/chat/completions?api-version=2024-06-01`, body, {
    'content-type': 'application/json',
    'x-request-id': 'r 1',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'openai-organization': 'org',
    authorization: 'Bearer sk-client',
    connection: 'keep-alive, x-hop',
    'x-hop': 'not for the server',
    'accept-encoding': 'gzip, br',
  });
  const { path, headers, body: received } = upstream.seen.at(-1) ?? {};
  expect(path).toBe('/v1/chat/completions?api-version=2024-06-01');
  expect(received?.toString('utf8')).toBe(body.replace('{', '{"stream_options":{"include_usage":true},'));
  expect(headers).toMatchObject({
    host: new URL(upstream.url).host,
    'x-request-id': 'r 1',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'openai-organization': 'org',
    authorization: 'Bearer sk-client',
    'content-length': String(received?.length),
  });
  expect(headers).not.toHaveProperty('accept-encoding');
  expect(headers).not.toHaveProperty('transfer-encoding');
});

test('a body that is no JSON is passed on as it is, and counted', async () => {
  const proxy = await proxyFor('openai');
  const { status, text } = await post(proxy.url, '/v1/chat/completions', '{"model": "m1", broken');
  expect({ status, text: JSON.parse(text) }).toMatchObject({ status: 400, text: { error: { message: 'bad JSON' } } });
  expect(upstream.seen.at(-1)?.body.toString('utf8')).toBe('{"model": "m1", broken');
  expect(await proxy.sum('inference_proxy_malformed_total', { kind: 'request_json' })).toBe(1);
  expect(await proxy.sum('inference_requests_total', { reason: 'client_error', model_name: 'other' })).toBe(1);
});

/** As no browser lets one: with any header. */
function send(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers }, (incoming) => incoming.resume().once('end', resolve));
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
