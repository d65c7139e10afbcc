import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import { eventually } from '../../../../support/eventually.ts';
import { type FakeLlmServer, startFakeLlm } from '../../../../support/fake-llm-server.ts';
import { freePort } from '../../../../support/free-port.ts';
import { type ProxyUnderTest, post, startProxy, stopProxies } from '../../../../support/inference-proxy.ts';

const upstreams: FakeLlmServer[] = [];

afterEach(async () => {
  await stopProxies();
  await Promise.all(upstreams.splice(0).map((upstream) => upstream.stop()));
});

async function startTwo(): Promise<readonly [FakeLlmServer, FakeLlmServer]> {
  const two = await Promise.all([startFakeLlm({ name: 'a' }), startFakeLlm({ name: 'b' })] as const);
  upstreams.push(...two);
  return two;
}

function fileOf(servers: readonly { readonly url: string }[], extra: readonly string[] = []): string {
  return servers
    .map(({ url }, index) => `- {url: "${url}", name: ${'abc'[index]}, kind: vllm, models: [m1]${extra[index] ?? ''}}`)
    .reduce((text, line) => `${text}\n  ${line}`, 'upstreams:');
}

const chat = '/v1/chat/completions';

async function answeredBy(
  proxy: ProxyUnderTest,
  count: number,
  body: object = {},
): Promise<readonly (string | null)[]> {
  const names = [];
  for (let index = 0; index < count; index++)
    names.push((await post(proxy.url, chat, { model: 'm1', ...body })).headers.get('server'));
  return names;
}

test('by turns, and by turns and weight', async () => {
  const two = await startTwo();
  const turns = await startProxy({ file: fileOf(two), argv: ['--proxy.routing=round_robin'] });
  expect(await answeredBy(turns, 4)).toEqual(['a', 'b', 'a', 'b']);
  const weighted = await startProxy({ file: fileOf(two, [', weight: 3']), argv: ['--proxy.routing=weighted'] });
  expect(await answeredBy(weighted, 8)).toEqual(['a', 'a', 'b', 'a', 'a', 'a', 'b', 'a']);
});

test('whoever has fewest requests is next', async () => {
  const two = await startTwo();
  const proxy = await startProxy({ file: fileOf(two), argv: ['--proxy.routing=least_connections'] });
  const slow = post(proxy.url, chat, { model: 'm1', metadata: { fault: 'slow_headers' } });
  await eventually('it to be there', async () =>
    (await proxy.sum('inference_upstream_active_requests')) === 1 ? true : undefined,
  );
  await slow;
  const again = post(proxy.url, chat, { model: 'm1', metadata: { fault: 'slow_headers' } });
  await eventually('it to be there', async () =>
    (await proxy.sum('inference_upstream_active_requests')) === 1 ? true : undefined,
  );
  const other = two.findIndex(({ truth }) => truth.requests > truth.finished);
  const names = await answeredBy(proxy, 3);
  expect(names).toEqual(Array(3).fill('ab'[1 - other]));
  await again;
});

test('the shortest queue in the metrics of the engines is next, and what was sent since counts', async () => {
  const page = (waiting: number) =>
    `# TYPE vllm:num_requests_waiting gauge\nvllm:num_requests_waiting{engine="0",model_name="m1"} ${waiting}.0\n`;
  const a = await startFakeLlm({ name: 'a', metrics: () => page(5) });
  const b = await startFakeLlm({ name: 'b', metrics: () => page(2) });
  upstreams.push(a, b);
  const proxy = await startProxy({
    file: fileOf([a, b]),
    argv: ['--proxy.routing=lowest_queue', '--proxy.health-interval=10m'],
  });
  await eventually('the queues to be known', async () =>
    (await proxy.sum('inference_upstream_waiting_requests')) === 7 ? true : undefined,
  );
  // Three fill the queue of b up to that of a, then they go by turns.
  const names = await answeredBy(proxy, 7);
  expect(names.slice(0, 3)).toEqual(['b', 'b', 'b']);
  expect(names.slice(3).filter((name) => name === 'a')).toHaveLength(2);
});

test('a server that cannot be reached, resets or says that it cannot now is passed over, before the first byte', async () => {
  const port = await freePort();
  const [, only] = await startTwo();
  const proxy = await startProxy({
    file: fileOf([{ url: `http://127.0.0.1:${port}` }, only]),
    argv: ['--proxy.routing=round_robin', '--proxy.eject-after=1000'],
  });
  expect(await answeredBy(proxy, 4)).toEqual(['b', 'b', 'b', 'b']);
  expect(await proxy.sum('inference_upstream_retries_total', { upstream: 'a' })).toBe(2);
  expect(await proxy.sum('inference_upstream_attempts_total', { upstream: 'a', outcome: 'unreachable' })).toBe(2);
  expect(await proxy.sum('inference_requests_total')).toBe(4);

  for (const fault of ['reset_before', 'status_503'] as const) {
    const [a, b] = await startTwo();
    const both = await startProxy({
      file: fileOf([a, b]),
      argv: ['--proxy.routing=round_robin', '--proxy.eject-after=1000'],
    });
    const { status } = await post(both.url, chat, { model: 'm1', metadata: { fault } });
    // Both were asked, and the last answer is the one that the client gets. A reset on a connection of the health check may have been one
    // that was idle for too long, so it is asked again over a new one.
    expect({ fault, status }).toEqual({ fault, status: fault === 'status_503' ? 503 : 502 });
    for (const { seen } of [a, b]) expect([1, 2]).toContain(seen.length);
    expect(await both.sum('inference_upstream_retries_total')).toBe(1);
  }
  const { status } = await post(proxy.url, chat, { model: 'm1', metadata: { fault: 'status_500' } });
  expect(status).toBe(500);
});

test('nothing is sent again once a byte has come', async () => {
  const two = await startTwo();
  const proxy = await startProxy({ file: fileOf(two) });
  const body = { model: 'm1', stream: true, metadata: { fault: 'reset_within' } };
  await expect(post(proxy.url, chat, body)).rejects.toThrow();
  expect(two.map(({ seen }) => seen.length).reduce((sum, count) => sum + count)).toBe(1);
});

test('after failures in a row a server is left alone, and comes back', async () => {
  const [a, b] = await startTwo();
  const proxy = await startProxy({
    file: fileOf([a, b], [', health_path: /v1/models', ', health_path: /v1/models']),
    argv: ['--proxy.routing=round_robin', '--proxy.eject-after=2', '--proxy.eject-for=1s'],
  });
  const { url } = a;
  await a.stop();
  expect(await answeredBy(proxy, 4)).toEqual(['b', 'b', 'b', 'b']);
  expect(await proxy.sum('inference_upstream_ejections_total', { upstream: 'a' })).toBe(1);
  expect(await proxy.sum('inference_upstream_up', { upstream: 'a' })).toBe(0);
  const attempts = await proxy.sum('inference_upstream_attempts_total', { upstream: 'a' });
  await answeredBy(proxy, 2);
  expect(await proxy.sum('inference_upstream_attempts_total', { upstream: 'a' })).toBe(attempts);
  upstreams.push(await startFakeLlm({ name: 'a', port: Number(new URL(url).port) }));
  await eventually('it to be asked again', async () => ((await answeredBy(proxy, 2)).includes('a') ? true : undefined));
});

test('health checks take a server out and in again; a single failed one does not', async () => {
  const [a, b] = await startTwo();
  const proxy = await startProxy({
    file: fileOf([a, b]),
    argv: ['--proxy.routing=round_robin', '--proxy.health-interval=500ms'],
  });
  a.setHealth(503);
  await eventually('it to be down', async () =>
    (await proxy.sum('inference_upstream_up', { upstream: 'a' })) === 0 ? true : undefined,
  );
  expect(await answeredBy(proxy, 3)).toEqual(['b', 'b', 'b']);
  b.setHealth(500);
  await eventually('both to be down', async () =>
    (await proxy.sum('inference_upstream_up')) === 0 ? true : undefined,
  );
  // Rather a server that seems down than none.
  expect((await answeredBy(proxy, 1))[0]).toMatch(/^[ab]$/);
  a.setHealth(200);
  await eventually('it to be up', async () =>
    (await proxy.sum('inference_upstream_up', { upstream: 'a' })) === 1 ? true : undefined,
  );
  expect(proxy.logged().filter(({ msg }) => msg === 'upstream is down')).toHaveLength(2);
});

test('a request goes to a server that has its model', async () => {
  const a = await startFakeLlm({ name: 'a', models: ['m1'] });
  const b = await startFakeLlm({ name: 'b', models: ['m2'] });
  upstreams.push(a, b);
  const proxy = await startProxy({ argv: [`--proxy.upstreams=${a.url},${b.url}`, '--proxy.routing=round_robin'] });
  await eventually('both to be known', async () => {
    const names = [...(await answeredBy(proxy, 2)), ...(await answeredBy(proxy, 2, { model: 'm2' }))];
    return names.join('') === 'aabb' ? true : undefined;
  });
});

test('the list of models is that of all servers, each model as its server describes it', async () => {
  const a = await startFakeLlm({ name: 'a', models: ['m1', 'both'] });
  const b = await startFakeLlm({ name: 'b', models: ['m2', 'both'] });
  upstreams.push(a, b);
  const proxy = await startProxy({ argv: [`--proxy.upstreams=${a.url},${b.url}`] });
  const list = async () =>
    JSON.parse(await (await fetch(`${proxy.url}/v1/models`)).text()) as { data: { id: string; owned_by: string }[] };
  expect((await list()).data.map(({ id, owned_by }) => `${id} ${owned_by}`)).toEqual(['m1 a', 'both a', 'm2 b']);
  await a.stop();
  expect((await list()).data.map(({ id }) => id)).toEqual(['m2', 'both']);
  await b.stop();
  expect((await fetch(`${proxy.url}/v1/models`)).status).toBe(502);
});

test('a failure now and then, with answers between, leaves a server in', async () => {
  const [a] = await startTwo();
  const proxy = await startProxy({ file: fileOf([a]), argv: ['--proxy.eject-after=2'] });
  for (let index = 0; index < 3; index++) {
    await post(proxy.url, chat, { model: 'm1', metadata: { fault: 'status_500' } });
    await post(proxy.url, chat, { model: 'm1' });
  }
  expect(await proxy.sum('inference_upstream_ejections_total')).toBe(0);
  for (let index = 0; index < 2; index++)
    await post(proxy.url, chat, { model: 'm1', metadata: { fault: 'status_500' } });
  expect(await proxy.sum('inference_upstream_ejections_total')).toBe(1);
});

test('a connection that the server closed while it was idle costs no request', async () => {
  let connections = 0;
  let resets = 0;
  const answer = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';
  // Each connection is good for one request.
  const server = createTcpServer((socket) => {
    connections++;
    let requests = 0;
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      if (!bytes.includes(' HTTP/1.1')) return;
      requests++;
      if (requests === 1) return void socket.write(answer);
      resets++;
      socket.resetAndDestroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const file = `upstreams: [{url: "http://127.0.0.1:${port}", models: [m1], health_path: /v1/models}]`;
  const proxy = await startProxy({ file, argv: ['--proxy.health-interval=10m'] });
  await eventually('the health check to be over', () => (connections > 0 ? true : undefined));
  for (let index = 0; index < 3; index++) expect((await post(proxy.url, chat, { model: 'm1' })).status).toBe(200);
  expect(resets).toBeGreaterThan(0);
  expect(await proxy.sum('inference_upstream_attempts_total', { outcome: 'answered' })).toBe(3);
  expect(await proxy.sum('inference_upstream_attempts_total')).toBe(3);
  server.close();
});

test('a request before the first byte may take longer than an idle connection is kept', async () => {
  const server = createServer((_request, response) => setTimeout(() => response.end('{"usage":{}}'), 4600));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const proxy = await startProxy({ file: `upstreams: [{url: "http://127.0.0.1:${port}", models: [m1]}]` });
  expect((await post(proxy.url, chat, { model: 'm1' })).status).toBe(200);
  server.close();
  server.closeAllConnections();
});

describe('real clients', () => {
  let upstream: FakeLlmServer;
  let proxy: ProxyUnderTest;

  beforeEach(async () => {
    upstream = await startFakeLlm();
    upstreams.push(upstream);
    proxy = await startProxy({
      file: `upstreams: [{url: "${upstream.url}", kind: vllm, models: [m1]}]\ntenants: {web: {requests_per_minute: 6}}`,
      keys: { web: 'sk-web' },
    });
  });

  test('the openai client: streams, answers, embeddings, responses, errors', async () => {
    const client = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: 'sk-web', maxRetries: 0 });
    const messages = [{ role: 'user', content: 'hello' }] as const;
    const ask = { model: 'm1', messages: [...messages] };
    let text = '';
    for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) {
      expect(chunk.usage).toBeUndefined();
      text += chunk.choices[0]?.delta.content ?? '';
    }
    expect(text).toBe('wört0 ✓wört1 ✓wört2 ✓wört3 ✓wört4 ✓');
    const whole = await client.chat.completions.create(ask);
    expect(whole.usage?.completion_tokens).toBe(5);
    let told: number | undefined;
    const withUsage = { ...ask, stream: true, stream_options: { include_usage: true } } as const;
    for await (const chunk of await client.chat.completions.create(withUsage))
      told = chunk.usage?.completion_tokens ?? told;
    expect(told).toBe(5);
    expect((await client.embeddings.create({ model: 'm1', input: 'x', encoding_format: 'float' })).data).toHaveLength(
      1,
    );
    const events = [];
    for await (const event of await client.responses.create({ model: 'm1', input: 'x', stream: true }))
      events.push(event.type);
    expect(events.at(-1)).toBe('response.completed');
    const cancelled = await client.chat.completions.create({ ...ask, stream: true });
    for await (const _chunk of cancelled) break;
    await expect(client.chat.completions.create(ask)).rejects.toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
    });
    expect(await proxy.sum('inference_requests_total', { tenant: 'web', reason: 'rate_limit' })).toBe(1);
    await eventually('all to have ended', async () =>
      (await proxy.sum('inference_requests_total', { tenant: 'web' })) === 7 ? true : undefined,
    );
  });

  test("the openai client's own retries come through after a rejection", async () => {
    const limited = await startProxy({
      file: `upstreams: [{url: "${upstream.url}", models: [m1]}]\ntenants: {web: {concurrency: 1}}`,
      keys: { web: 'sk-web' },
    });
    const client = new OpenAI({ baseURL: `${limited.url}/v1`, apiKey: 'sk-web', maxRetries: 5 });
    const create = () => client.chat.completions.create({ model: 'm1', messages: [] });
    expect(await Promise.all([create(), create()])).toHaveLength(2);
  });

  test("Python's http.client reads the same stream, and a connection serves several requests", async () => {
    const script = `
import http.client, json, sys
c = http.client.HTTPConnection(sys.argv[1])
for stream in (True, False, True):
    c.request('POST', '/v1/chat/completions', json.dumps({'model': 'm1', 'stream': stream}), {'Content-Type': 'application/json'})
    r = c.getresponse()
    body = r.read().decode('utf8')
    print(r.status, body.count('w\\u00f6rt'), body.endswith('data: [DONE]\\n\\n'))
`;
    const { stdout } = await promisify(execFile)('python3', ['-c', script, new URL(proxy.url).host], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('200 5 True\n200 5 False\n200 5 True\n');
    expect(await proxy.sum('inference_tokens_generated_total', { tenant: 'unknown' })).toBe(15);
  });
});

test('exemplars with the trace that a client records, in OpenMetrics alone', async () => {
  const upstream = await startFakeLlm();
  upstreams.push(upstream);
  const proxy = await startProxy({ file: `upstreams: [{url: "${upstream.url}", models: [m1]}]` });
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const headers = (flags: string, id = trace) => ({ traceparent: `00-${id}-b7ad6b7169203331-${flags}` });
  await post(proxy.url, chat, { model: 'm1', stream: true }, headers('00'));
  await post(proxy.url, chat, { model: 'm1', stream: true }, headers('01', '0'.repeat(32)));
  await post(proxy.url, chat, { model: 'm1', stream: true }, { traceparent: 'nonsense' });
  expect(await proxy.metrics('application/openmetrics-text')).not.toContain('trace_id');
  await post(proxy.url, chat, { model: 'm1', stream: true }, headers('01'));
  const openMetrics = await proxy.metrics('application/openmetrics-text');
  for (const name of ['inference_time_to_first_token_seconds', 'inference_request_duration_seconds']) {
    const exemplar = new RegExp(
      `^${name}_bucket\\{.*\\} \\d+ # \\{trace_id="${trace}"\\} [\\d.e-]+ \\d+(\\.\\d+)?$`,
      'm',
    );
    expect(openMetrics).toMatch(exemplar);
  }
  expect(await proxy.metrics()).not.toContain('trace_id');
});
