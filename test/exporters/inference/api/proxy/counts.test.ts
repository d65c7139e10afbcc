import { eventually } from '../../../../support/eventually.ts';
import { type FakeLlmServer, type Script, startFakeLlm } from '../../../../support/fake-llm-server.ts';
import { type ProxyUnderTest, post, startProxy, stopProxies } from '../../../../support/inference-proxy.ts';

let upstream: FakeLlmServer;

beforeEach(async () => {
  upstream = await startFakeLlm();
});
afterEach(async () => {
  await stopProxies();
  await upstream.stop();
});

function proxyFor(kind: string, ...argv: readonly string[]): Promise<ProxyUnderTest> {
  return startProxy({ file: `upstreams: [{url: "${upstream.url}", kind: ${kind}, models: [m1, m2]}]`, argv });
}

const chat = '/v1/chat/completions';

/** Takes in so many words of a stream and then goes away. */
async function cancelAfter(url: string, words: number, metadata: Script): Promise<void> {
  const controller = new AbortController();
  const response = await fetch(`${url}${chat}`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm1', stream: true, metadata }),
    signal: controller.signal,
  });
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += Buffer.from(bytes).toString('utf8');
    if (text.split('wört').length > words) break;
  }
  controller.abort();
}

/** Waits until as many requests have ended. */
async function ended(proxy: ProxyUnderTest, count: number): Promise<void> {
  await eventually(`${count} requests to end`, async () =>
    (await proxy.sum('inference_requests_total')) >= count ? true : undefined,
  );
}

test.each([
  ['openai', 0],
  ['vllm', 40],
])('a client that goes away is counted with what it got, and the server stops: %s', async (kind, input) => {
  const proxy = await proxyFor(kind);
  await Promise.all(
    Array.from({ length: 4 }, () => cancelAfter(proxy.url, 7, { tokens: 7, promptTokens: 10, fault: 'wait_at_end' })),
  );
  await ended(proxy, 4);
  expect(await proxy.sum('inference_requests_total', { status: 'cancelled' })).toBe(4);
  expect(await proxy.sum('inference_tokens_generated_total')).toBe(28);
  expect(upstream.truth.generatedTokens).toBe(28);
  await eventually('the server to notice', () => (upstream.truth.aborted === 4 ? true : undefined));
  // What nobody told is not made up: only vLLM tells the prompt before the end.
  expect(await proxy.sum('inference_tokens_input_total')).toBe(input);
  expect(await proxy.sum('inference_tokens_estimated_total')).toBe(input === 0 ? 28 : 0);
  expect(await proxy.sum('inference_usage_missing_total', { reason: 'cut' })).toBe(input === 0 ? 4 : 0);
  expect(await proxy.sum('inference_active_connections')).toBe(0);
  expect(await proxy.sum('inference_upstream_active_requests')).toBe(0);
});

test('a client that goes away before the first byte costs nothing', async () => {
  const proxy = await proxyFor('openai');
  const controller = new AbortController();
  const request = fetch(`${proxy.url}${chat}`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm1', metadata: { fault: 'hang_before' } }),
    signal: controller.signal,
  });
  await eventually('the server to have it', () => (upstream.seen.length === 1 ? true : undefined));
  controller.abort();
  await expect(request).rejects.toThrow();
  await ended(proxy, 1);
  expect(await proxy.sum('inference_requests_total', { status: 'cancelled', model_name: 'm1' })).toBe(1);
  expect(await proxy.sum('inference_upstream_attempts_total', { outcome: 'cancelled' })).toBe(1);
});

const faults: readonly (readonly [NonNullable<Script['fault']>, string, string, number | 'cut'])[] = [
  ['status_500', 'error', 'server_error', 500],
  ['status_503', 'error', 'server_error', 503],
  ['status_429', 'error', 'rate_limited', 429],
  ['status_400', 'error', 'client_error', 400],
  ['reset_before', 'error', 'unreachable', 502],
  ['hang_before', 'timeout', 'first_byte', 504],
  ['reset_within', 'error', 'stream_error', 'cut'],
  ['hang_within', 'timeout', 'idle', 'cut'],
  ['error_within', 'error', 'stream_error', 200],
  ['malformed_within', 'success', '', 200],
  ['slow_headers', 'success', '', 200],
];

test.each(faults)('%s is a %s of the class "%s"', async (fault, status, reason, seen) => {
  const proxy = await proxyFor('openai', '--proxy.first-byte-timeout=1s', '--proxy.idle-timeout=1s');
  const answer = await post(proxy.url, chat, { model: 'm1', stream: true, metadata: { fault, tokens: 6 } }).then(
    (got) => got.status,
    () => 'cut',
  );
  expect(answer).toBe(seen);
  await ended(proxy, 1);
  expect(await proxy.sum('inference_requests_total', { status, reason, model_name: 'm1' })).toBe(1);
  expect(await proxy.sum('inference_requests_total')).toBe(1);
  expect(await proxy.sum('inference_active_connections')).toBe(0);
  // The server tells its usage only at the end; up to there each piece is a token.
  expect(await proxy.sum('inference_tokens_generated_total')).toBe(upstream.truth.generatedTokens);
  expect(await proxy.sum('inference_proxy_malformed_total', { kind: 'stream_event' })).toBe(
    fault === 'malformed_within' ? 2 : 0,
  );
});

test('an error of our own is one that clients of the API understand', async () => {
  await upstream.stop();
  const proxy = await proxyFor('openai');
  const openAi = await post(proxy.url, chat, { model: 'm1' });
  expect({ status: openAi.status, body: JSON.parse(openAi.text) }).toEqual({
    status: 502,
    body: {
      error: {
        message: 'the server behind this proxy cannot be reached',
        type: 'server_error',
        param: null,
        code: 'upstream_unreachable',
      },
    },
  });
  const ollama = await post(proxy.url, '/api/chat', { model: 'm1' });
  expect(JSON.parse(ollama.text)).toEqual({ error: 'the server behind this proxy cannot be reached' });
});

test('every endpoint is counted with its own usage', async () => {
  const proxy = await proxyFor('openai');
  const script = { tokens: 3, promptTokens: 11 };
  for (const path of ['/v1/chat/completions', '/v1/completions', '/v1/responses']) {
    await post(proxy.url, path, { model: 'm1', metadata: script });
    await post(proxy.url, path, { model: 'm1', stream: true, metadata: script });
  }
  for (const path of ['/api/chat', '/api/generate']) {
    await post(proxy.url, path, { model: 'm1', stream: false, options: script });
    await post(proxy.url, path, { model: 'm1', options: script });
  }
  await post(proxy.url, '/v1/embeddings', { model: 'm1', metadata: script });
  await post(proxy.url, '/api/embed', { model: 'm1', options: script });
  expect(await proxy.sum('inference_requests_total', { status: 'success' })).toBe(12);
  expect(await proxy.sum('inference_tokens_input_total')).toBe(12 * 11);
  expect(upstream.truth.promptTokens).toBe(12 * 11);
  expect(await proxy.sum('inference_tokens_generated_total')).toBe(10 * 3);
  expect(upstream.truth.generatedTokens).toBe(10 * 3);
  expect(await proxy.sum('inference_tokens_reasoning_total')).toBe(2 * 2);
  expect(await proxy.sum('inference_tokens_estimated_total')).toBe(0);
  expect(await proxy.sum('inference_usage_missing_total')).toBe(0);
  // Times to the first token are those of streams alone.
  expect(await proxy.sum('inference_time_to_first_token_seconds_count')).toBe(5);
  expect(await proxy.sum('inference_inter_chunk_latency_seconds_count')).toBe(5 * 2);
  expect(await proxy.sum('inference_time_per_output_token_seconds_count')).toBe(5);
  expect(await proxy.sum('inference_request_duration_seconds_count')).toBe(12);
});

test('an answer without usage is counted by its pieces, and said to be', async () => {
  const proxy = await proxyFor('openai');
  await post(proxy.url, chat, { model: 'm1', stream: true, metadata: { tokens: 4, fault: 'no_usage' } });
  await post(proxy.url, chat, { model: 'm1', metadata: { tokens: 4, fault: 'no_usage' } });
  expect(await proxy.sum('inference_tokens_generated_total')).toBe(4);
  expect(await proxy.sum('inference_tokens_estimated_total')).toBe(4);
  expect(await proxy.sum('inference_usage_missing_total', { reason: 'absent' })).toBe(2);
});

test('under load with cancels and faults nothing is lost and nothing counted twice', async () => {
  const proxy = await proxyFor('vllm', '--proxy.eject-after=1000');
  const work = Array.from({ length: 240 }, async (_, index) => {
    const model = index % 3 === 0 ? 'm2' : 'm1';
    const metadata: Script = { tokens: 5 + (index % 9), promptTokens: index, paceMs: 2, cutEvery: 40 + (index % 60) };
    switch (index % 6) {
      case 0:
        return cancelAfter(proxy.url, 5 + (index % 9), { ...metadata, fault: 'wait_at_end' });
      case 1:
        return void (await post(proxy.url, chat, { model, metadata }));
      case 2:
        return void (await post(proxy.url, chat, {
          model,
          stream: true,
          metadata: { ...metadata, fault: 'error_within' },
        }));
      case 3:
        await post(proxy.url, chat, { model, stream: true, metadata: { ...metadata, fault: 'reset_within' } }).catch(
          () => undefined,
        );
        return;
      default:
        return void (await post(proxy.url, chat, { model, stream: true, metadata }));
    }
  });
  await Promise.all(work);
  await ended(proxy, 240);
  expect(await proxy.sum('inference_requests_total')).toBe(240);
  expect(upstream.truth.requests).toBe(240);
  expect(await proxy.sum('inference_requests_total', { status: 'success' })).toBe(120);
  expect(await proxy.sum('inference_requests_total', { status: 'cancelled' })).toBe(40);
  expect(await proxy.sum('inference_requests_total', { reason: 'stream_error' })).toBe(80);
  expect(await proxy.sum('inference_tokens_generated_total')).toBe(upstream.truth.generatedTokens);
  expect(await proxy.sum('inference_tokens_input_total')).toBe(upstream.truth.promptTokens);
  expect(await proxy.sum('inference_tokens_estimated_total')).toBe(0);
  expect(await proxy.sum('inference_active_connections')).toBe(0);
});

test('a model that nobody serves has no series of its own', async () => {
  const proxy = await proxyFor('openai');
  for (const model of ['x\n{}"', 'm3', 'M1', `${'a'.repeat(300)}`, '']) await post(proxy.url, chat, { model });
  await post(proxy.url, chat, { no: 'model' });
  expect(await proxy.sum('inference_requests_total', { model_name: 'other' })).toBe(6);
  expect(await proxy.sum('inference_requests_total')).toBe(6);
  expect(await proxy.sum('inference_proxy_collapsed_total', { label: 'model_name' })).toBe(6);
});

test('models that the server lists have series of their own', async () => {
  const proxy = await startProxy({ argv: [`--proxy.upstreams=${upstream.url}`] });
  await eventually('the model to be known', async () => {
    await post(proxy.url, chat, { model: 'm1' });
    return (await proxy.sum('inference_requests_total', { model_name: 'm1' })) > 0 ? true : undefined;
  });
});
