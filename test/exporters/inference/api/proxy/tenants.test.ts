import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../../../support/eventually.ts';
import { type FakeLlmServer, startFakeLlm } from '../../../../support/fake-llm-server.ts';
import {
  keyLines,
  type ProxyUnderTest,
  post,
  sha256,
  startProxy,
  stopProxies,
} from '../../../../support/inference-proxy.ts';

let upstream: FakeLlmServer;

beforeEach(async () => {
  upstream = await startFakeLlm({ models: ['m1', 'm2'] });
});
afterEach(async () => {
  await stopProxies();
  await upstream.stop();
});

const chat = '/v1/chat/completions';
const keys = { research: 'sk-research', web: 'sk-web' };

function start(rest = '', ...argv: readonly string[]): Promise<ProxyUnderTest> {
  return startProxy({ file: `upstreams: [{url: "${upstream.url}", models: [m1, m2]}]\n${rest}`, keys, argv });
}

function bearer(key: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${key}` };
}

interface Refusal {
  readonly error: { readonly message: string; readonly type: string; readonly code: string };
}

async function chatAs(proxy: ProxyUnderTest, key: string, body: object = {}) {
  const { status, headers, text } = await post(proxy.url, chat, { model: 'm1', ...body }, bearer(key));
  const { error } = status === 200 ? { error: undefined } : (JSON.parse(text) as Refusal);
  return { status, error, retryAfter: headers.get('retry-after') };
}

test('a request is counted for whoever has its key, in any of the headers that clients use', async () => {
  const proxy = await start();
  await post(proxy.url, chat, { model: 'm1' }, bearer('sk-research'));
  await post(proxy.url, chat, { model: 'm1' }, { authorization: 'bearer  sk-research' });
  await post(proxy.url, chat, { model: 'm1' }, { 'x-api-key': 'sk-research' });
  await post(proxy.url, chat, { model: 'm1' }, { 'api-key': 'sk-web' });
  await post(proxy.url, chat, { model: 'm1' }, bearer('sk-nobody'));
  await post(proxy.url, chat, { model: 'm1' });
  const of = (tenant: string) => proxy.sum('inference_requests_total', { tenant, status: 'success' });
  expect([await of('research'), await of('web'), await of('unknown')]).toEqual([3, 1, 2]);
  expect(await proxy.sum('inference_proxy_collapsed_total', { label: 'tenant' })).toBe(2);
  expect(await proxy.sum('inference_proxy_keys')).toBe(2);
  // No key is shown anywhere, nor its hash.
  const shown = `${await proxy.metrics()}${JSON.stringify(proxy.logged())}`;
  for (const key of ['sk-research', 'sk-nobody']) {
    expect(shown).not.toContain(key);
    expect(shown).not.toContain(sha256(key));
  }
});

test('unknown keys can be turned away', async () => {
  const proxy = await start('', '--proxy.unknown-keys=reject');
  expect(await chatAs(proxy, 'sk-nobody')).toMatchObject({ status: 401, error: { code: 'invalid_api_key' } });
  expect((await chatAs(proxy, 'sk-web')).status).toBe(200);
  expect(upstream.seen).toHaveLength(1);
  expect(await proxy.sum('inference_requests_total', { tenant: 'unknown', reason: 'unknown_key' })).toBe(1);
});

test('models that a tenant may not have are refused, and so is a request that hides its model', async () => {
  const proxy = await start('tenants: {web: {models: [m2]}}');
  expect(await chatAs(proxy, 'sk-web')).toMatchObject({
    status: 403,
    error: { code: 'model_not_allowed' },
    retryAfter: null,
  });
  expect((await chatAs(proxy, 'sk-web', { model: 'm2' })).status).toBe(200);
  expect((await chatAs(proxy, 'sk-research')).status).toBe(200);
  expect((await post(proxy.url, chat, '{"model":"m2"', bearer('sk-web'))).status).toBe(403);
  expect(await proxy.sum('inference_requests_total', { tenant: 'web', reason: 'model_not_allowed' })).toBe(2);
});

test('requests per minute', async () => {
  const proxy = await start('tenants: {web: {requests_per_minute: 3}}');
  const got = [];
  for (let index = 0; index < 4; index++) got.push(await chatAs(proxy, 'sk-web'));
  expect(got.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect(got[3]).toMatchObject({
    error: { code: 'rate_limit_exceeded', message: 'more than 3 requests per minute' },
    retryAfter: expect.stringMatching(/^(1\d|20)$/),
  });
  expect((await chatAs(proxy, 'sk-research')).status).toBe(200);
  expect(upstream.seen).toHaveLength(4);
  expect(await proxy.sum('inference_requests_total', { tenant: 'web', status: 'rejected', reason: 'rate_limit' })).toBe(
    1,
  );
});

test('tokens per minute: the request that goes beyond is answered, the next has to wait', async () => {
  const proxy = await start('tenants: {web: {tokens_per_minute: 20}}');
  expect((await chatAs(proxy, 'sk-web', { metadata: { promptTokens: 25, tokens: 5 } })).status).toBe(200);
  expect(await chatAs(proxy, 'sk-web')).toMatchObject({
    status: 429,
    error: { type: 'tokens', code: 'rate_limit_exceeded' },
    retryAfter: expect.stringMatching(/^(2|3)\d$/),
  });
});

test('requests at once, with and without waiting', async () => {
  const proxy = await start('tenants: {web: {concurrency: 2}, research: {concurrency: 1, queue_timeout: 20s}}');
  const slow = { metadata: { fault: 'slow_headers' } };
  const web = await Promise.all([1, 2, 3].map(() => chatAs(proxy, 'sk-web', slow)));
  expect(web.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
  expect(web.find(({ status }) => status === 429)).toMatchObject({
    error: { message: 'more than 2 requests at once' },
    retryAfter: '1',
  });
  const research = [1, 2, 3].map(() => chatAs(proxy, 'sk-research', slow));
  await eventually('two to wait', async () =>
    (await proxy.sum('inference_requests_waiting', { tenant: 'research' })) === 2 ? true : undefined,
  );
  expect((await Promise.all(research)).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(await proxy.sum('inference_requests_waiting')).toBe(0);
  expect(await proxy.sum('inference_queue_seconds_sum', { tenant: 'research' })).toBeGreaterThan(1.5);
});

test('a client that goes away while it waits leaves its place to the next', async () => {
  const proxy = await start('tenants: {web: {concurrency: 1, queue_timeout: 20s}}');
  const first = chatAs(proxy, 'sk-web', { metadata: { fault: 'slow_headers' } });
  const controller = new AbortController();
  const gone = fetch(`${proxy.url}${chat}`, {
    method: 'POST',
    body: '{"model":"m1"}',
    headers: bearer('sk-web'),
    signal: controller.signal,
  });
  const left = expect(gone).rejects.toThrow();
  await eventually('it to wait', async () =>
    (await proxy.sum('inference_requests_waiting')) === 1 ? true : undefined,
  );
  controller.abort();
  await left;
  expect([(await first).status, (await chatAs(proxy, 'sk-web')).status]).toEqual([200, 200]);
  expect(await proxy.sum('inference_requests_total', { status: 'cancelled' })).toBe(1);
  expect(upstream.seen).toHaveLength(2);
});

describe('budgets', () => {
  const budget = 'tenants: {web: {tokens_per_day: 40, tokens_per_month: 1000}}';

  test('are counted with streams and shown, and refuse with the time until the next day', async () => {
    const proxy = await start(budget);
    await chatAs(proxy, 'sk-web', { metadata: { promptTokens: 10, tokens: 5 } });
    await post(
      proxy.url,
      chat,
      { model: 'm1', stream: true, metadata: { promptTokens: 20, tokens: 7 } },
      bearer('sk-web'),
    );
    await eventually('both to be counted', async () =>
      (await proxy.sum('inference_token_budget_used_tokens', { tenant: 'web', period: 'day' })) === 42
        ? true
        : undefined,
    );
    expect(await proxy.sum('inference_token_budget_used_tokens', { tenant: 'web', period: 'month' })).toBe(42);
    expect(await proxy.sum('inference_token_budget_tokens', { tenant: 'web', period: 'day' })).toBe(40);
    const refused = await chatAs(proxy, 'sk-web');
    expect(refused).toMatchObject({ status: 429, error: { type: 'insufficient_quota', code: 'token_budget' } });
    const now = new Date();
    const left = (Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1) - now.getTime()) / 1000;
    expect(Math.abs(Number(refused.retryAfter) - left)).toBeLessThan(30);
    expect((await chatAs(proxy, 'sk-research')).status).toBe(200);
  });

  test('survive a restart with a state file', async () => {
    const state = join((await start()).folder, '..', `fleetlens-budgets-${process.pid}.json`);
    const first = await start(budget, `--proxy.state-file=${state}`);
    await chatAs(first, 'sk-web', { metadata: { promptTokens: 40, tokens: 5 } });
    await stopProxies();
    expect(readFileSync(state, 'utf8')).toContain('"web"');
    const second = await start(budget, `--proxy.state-file=${state}`);
    expect((await chatAs(second, 'sk-web')).status).toBe(429);
    await stopProxies();
    writeFileSync(state, readFileSync(state, 'utf8').slice(0, 60));
    const third = await start(budget, `--proxy.state-file=${state}`);
    expect(third.logged().some(({ msg }) => String(msg).includes('token budgets start anew'))).toBe(true);
    expect((await chatAs(third, 'sk-web')).status).toBe(200);
  });
});

describe('files that change', () => {
  async function untilLogged(proxy: ProxyUnderTest, message: RegExp): Promise<void> {
    await eventually(`${message} in the log`, () =>
      proxy.logged().some(({ msg }) => message.test(String(msg))) ? true : undefined,
    );
  }

  test('a new key counts without a restart, and a broken file changes nothing', async () => {
    const proxy = await start();
    proxy.write('keys', `${sha256('sk-research')}  research\nsk-web-in-plain-text web\n`);
    await untilLogged(proxy, /a file of the proxy was not read/);
    expect(JSON.stringify(proxy.logged())).not.toContain('plain-text');
    expect(await proxy.sum('fleetlens_config_last_reload_successful')).toBe(0);
    await chatAs(proxy, 'sk-web');
    expect(await proxy.sum('inference_requests_total', { tenant: 'web' })).toBe(1);
    proxy.write('keys', keyLines({ ...keys, batch: 'sk-batch' }));
    await untilLogged(proxy, /files of the proxy read again/);
    expect(await proxy.sum('fleetlens_config_last_reload_successful')).toBe(1);
    await chatAs(proxy, 'sk-batch');
    expect(await proxy.sum('inference_requests_total', { tenant: 'batch' })).toBe(1);
  });

  test('an empty key file, as one that is being written is for a moment, opens nothing', async () => {
    const proxy = await start('', '--proxy.unknown-keys=reject');
    proxy.write('keys', '');
    await untilLogged(proxy, /a file of the proxy was not read/);
    expect((await chatAs(proxy, 'sk-web')).status).toBe(200);
    expect((await chatAs(proxy, 'sk-nobody')).status).toBe(401);
  });

  test('limits change on SIGHUP, and what was counted goes on to count', async () => {
    const proxy = await start('tenants: {web: {tokens_per_day: 1000}}');
    await chatAs(proxy, 'sk-web', { metadata: { promptTokens: 50, tokens: 5 } });
    proxy.write(
      'proxy.yaml',
      `upstreams: [{url: "${upstream.url}", models: [m1]}]\ntenants: {web: {tokens_per_day: 50}}\n`,
    );
    proxy.reload();
    expect(await chatAs(proxy, 'sk-web')).toMatchObject({ status: 429, error: { code: 'token_budget' } });
    proxy.write('proxy.yaml', 'upstreams: [{url: "ftp://x"}]');
    proxy.reload();
    expect(await proxy.sum('fleetlens_config_last_reload_successful')).toBe(0);
    expect(await chatAs(proxy, 'sk-web')).toMatchObject({ status: 429 });
  });
});

test("a key of the proxy itself goes to the server in place of the client's, and only for known clients", async () => {
  const folder = (await startProxy()).folder;
  const keyFile = join(folder, 'upstream-key');
  writeFileSync(keyFile, 'sk-upstream\n');
  const proxy = await startProxy({
    file: `upstreams: [{url: "${upstream.url}", models: [m1], api_key_file: "${keyFile}"}]`,
    keys,
  });
  expect(
    (await post(proxy.url, chat, { model: 'm1' }, { 'x-api-key': 'sk-web', authorization: 'Basic x' })).status,
  ).toBe(200);
  expect(upstream.seen.at(-1)?.headers).toMatchObject({ authorization: 'Bearer sk-upstream' });
  expect(upstream.seen.at(-1)?.headers).not.toHaveProperty('x-api-key');
  expect((await chatAs(proxy, 'sk-nobody')).status).toBe(401);
  expect(JSON.stringify(proxy.logged())).not.toContain('sk-upstream');
});
