import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endCliProcesses, type RunningDaemon, runCli, scrape, startDaemonProcess } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { type FakeLlmServer, startFakeLlm } from '../support/fake-llm-server.ts';
import { keyLines, post, sumOf } from '../support/inference-proxy.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { tool } from '../support/tools.ts';

/** The compiled daemon in front of a fake LLM server, and a real Prometheus that scrapes it. */
let folder: string;
let upstream: FakeLlmServer;
let prometheus: RunningPrometheus | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-inference-'));
  upstream = await startFakeLlm();
});
afterEach(async () => {
  await endCliProcesses();
  await prometheus?.stop();
  prometheus = undefined;
  await upstream.stop();
  rmSync(folder, { recursive: true, force: true });
});

const chat = '/v1/chat/completions';
const trace = '0af7651916cd43dd8448eb211c80319c';

interface Started extends RunningDaemon {
  readonly proxyUrl: string;
}

async function start(...args: readonly string[]): Promise<Started> {
  writeFileSync(join(folder, 'keys'), keyLines({ web: 'sk-web' }));
  const daemon = await startDaemonProcess([
    'inference',
    `--proxy.file=${proxyFile('tenants: {web: {tokens_per_day: 1000}}')}`,
    `--proxy.keys-file=${join(folder, 'keys')}`,
    `--proxy.state-file=${join(folder, 'budgets.json')}`,
    '--proxy.listen-address=127.0.0.1:0',
    ...args,
  ]);
  const proxyUrl = /msg="proxy listening".* url=(\S+)/.exec(daemon.child.stderr())?.[1] ?? '';
  return { ...daemon, proxyUrl };
}

function proxyFile(more: string): string {
  const file = join(folder, 'proxy.yaml');
  writeFileSync(file, `upstreams: [{url: "${upstream.url}", kind: vllm, models: [m1]}]\n${more}\n`);
  return file;
}

function ask({ proxyUrl }: Started, body: object = {}, headers: Readonly<Record<string, string>> = {}) {
  const stream = { model: 'm1', stream: true, metadata: { promptTokens: 20, tokens: 8 }, ...body };
  return post(proxyUrl, chat, stream, { authorization: 'Bearer sk-web', ...headers });
}

test('Prometheus takes what the daemon shows, with exemplars, and promtool has nothing to say against it', async () => {
  const daemon = await start();
  await ask(daemon, {}, { traceparent: `00-${trace}-b7ad6b7169203331-01` });
  const text = await scrape(daemon.url);
  const inferenceOnly = text.split('\n').filter((line) => /^(# \w+ )?(inference|model)_/.test(line));
  execFileSync(tool('promtool'), ['check', 'metrics'], { input: `${inferenceOnly.join('\n')}\n`, stdio: 'pipe' });
  prometheus = await startPrometheus({
    config: `scrape_configs: [{job_name: fleetlens-inference, scrape_interval: 1s, static_configs: [{targets: ["${new URL(daemon.url).host}"]}]}]`,
    args: ['--enable-feature=exemplar-storage'],
  });
  const { url } = prometheus;
  const query = 'inference_time_to_first_token_seconds_bucket{tenant="web"}';
  const found = await eventually('the exemplar', async () => {
    const now = Date.now() / 1000;
    const response = await fetch(
      `${url}/api/v1/query_exemplars?query=${encodeURIComponent(query)}&start=${now - 60}&end=${now + 60}`,
    );
    const { data } = (await response.json()) as { data: readonly { exemplars: readonly { labels: object }[] }[] };
    return data[0]?.exemplars[0];
  });
  expect(found.labels).toEqual({ trace_id: trace });
  expect(prometheus.log()).not.toMatch(/level=(warn|error)/);
});

test('SIGTERM lets answers end, and what was used is on disk', async () => {
  const daemon = await start('--proxy.drain-timeout=20s');
  const answer = ask(daemon, { metadata: { promptTokens: 20, tokens: 30, paceMs: 30 } });
  await eventually('it to be under way', async () =>
    sumOf(await scrape(daemon.url), 'inference_active_connections') === 1 ? true : undefined,
  );
  daemon.child.kill('SIGTERM');
  expect((await answer).text).toMatch(/data: \[DONE\]\n\n$/);
  expect(await daemon.child.ended).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, 'budgets.json'), 'utf8')).tenants.web).toContainEqual(
    expect.objectContaining({ period: 'day', tokens: 50 }),
  );
  await expect(ask(daemon)).rejects.toThrow();
});

test('after kill -9 the budget goes on from the last time that it was saved', async () => {
  const first = await start();
  await ask(first);
  await eventually('the budget to be saved', () => {
    try {
      return readFileSync(join(folder, 'budgets.json'), 'utf8').includes('"tokens":28') ? true : undefined;
    } catch {
      return undefined;
    }
  });
  first.child.kill('SIGKILL');
  await first.child.ended;
  const second = await start();
  expect(sumOf(await scrape(second.url), 'inference_token_budget_used_tokens', { tenant: 'web', period: 'day' })).toBe(
    28,
  );
});

test('SIGHUP reads the files again, also one that is wrong', async () => {
  const daemon = await start();
  proxyFile('tenants: {web: {tokens_per_day: 77}}');
  daemon.child.kill('SIGHUP');
  await eventually('the new limit', async () =>
    sumOf(await scrape(daemon.url), 'inference_token_budget_tokens') === 77 ? true : undefined,
  );
  proxyFile('tenants: {web: {tokens_per_day: many}}');
  daemon.child.kill('SIGHUP');
  await eventually('the refusal', async () =>
    sumOf(await scrape(daemon.url), 'fleetlens_config_last_reload_successful') === 0 ? true : undefined,
  );
  expect(daemon.child.stderr()).toContain('tokens_per_day must be a number above 0');
  expect((await ask(daemon)).status).toBe(200);
});

test.each([
  [['--proxy.upstreams=nonsense'], /^fleetlens inference: --proxy\.upstreams\[0\] must be an address/],
  [['--proxy.file=/none'], /^fleetlens inference: --proxy\.file cannot be read: ENOENT/],
  [
    ['--proxy.keys-file=/none', '--proxy.upstreams=http://x'],
    /^fleetlens inference: --proxy\.keys-file cannot be read/,
  ],
  [['--engines.file=/none'], /^fleetlens inference: --engines\.file cannot be read/],
  [['--proxy.routing=random'], /^fleetlens inference: --proxy\.routing must be one of round_robin, weighted/],
  [['--slo.objective=1'], /^fleetlens inference: --slo\.objective must be a number from 0\.5 to 0\.99999, got 1/],
])('%s is refused in one line', async (args, message) => {
  const { status, stderr } = await runCli([
    'inference',
    '--web.listen-address=127.0.0.1:0',
    '--proxy.listen-address=127.0.0.1:0',
    ...args,
  ]);
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
