import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toYaml } from '../../cli/generate/yaml.ts';
import { proxyFile } from '../../cli/simulate/inference/proxy-file.ts';
import type { ServedCounts } from '../../cli/simulate/inference/serving-truth.ts';
import { simulatedModels } from '../../cli/simulate/inference/simulated-models.ts';
import { keysFileOf } from '../../cli/simulate/inference/simulated-tenants.ts';
import { type SimulatedServing, startSimulatedServing } from '../../cli/simulate/inference/start-simulated-serving.ts';
import type { ClientOutcome } from '../../cli/simulate/inference/traffic/send-request.ts';
import type { Traffic } from '../../cli/simulate/inference/traffic/start-traffic.ts';
import { systemClock } from '../../kit/clock.ts';
import { endCliProcesses, scrape, startDaemonProcess } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { parseExposition, type Sample } from '../support/exposition.ts';

// Simulated tenants send through the real proxy, a process of its own, to simulated engines. What the proxy shows must be what the engines and
// the clients counted themselves, to the token.

jest.setTimeout(120_000);

/** Far faster than in a demonstration; what is counted does not depend on it. */
const speed = 40;
let folder: string;
let serving: SimulatedServing;
let metricsUrl: string;
let proxyUrl: string;

async function start(scenario: string, seed = 1): Promise<void> {
  serving = await startSimulatedServing({ seed, nodes: 2, gpus: 8, scenario }, { clock: systemClock, speed });
  const files = { proxy: join(folder, 'proxy.yml'), keys: join(folder, 'keys') };
  writeFileSync(files.proxy, toYaml(proxyFile(serving.engines, serving.tenants), 'a test'));
  writeFileSync(files.keys, keysFileOf(serving.tenants));
  const { child, url } = await startDaemonProcess([
    'inference',
    `--proxy.file=${files.proxy}`,
    `--proxy.keys-file=${files.keys}`,
    '--proxy.listen-address=127.0.0.1:0',
  ]);
  metricsUrl = url;
  proxyUrl = await eventually('the proxy', () => /msg="proxy listening" .*url=(\S+)/.exec(child.stderr())?.[1]);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-serving-'));
});
afterEach(async () => {
  await serving.stop();
  await endCliProcesses();
  rmSync(folder, { recursive: true, force: true });
});

interface Shown {
  readonly sum: (name: string, where?: Readonly<Record<string, string>>) => number;
  readonly samples: (name: string) => readonly Sample[];
}

function shownIn(text: string): Shown {
  const families = parseExposition('text', text);
  const samples = (name: string): readonly Sample[] =>
    [...families.values()].flatMap((family) => family.samples.filter((sample) => sample.name === name));
  return {
    samples,
    sum: (name, where = {}) =>
      samples(name)
        .filter(({ labels }) => Object.entries(where).every(([label, value]) => labels[label] === value))
        .reduce((sum, { value }) => sum + Number(value), 0),
  };
}

/** Once no request is under way any more. */
function settled(): Promise<Shown> {
  return eventually('the end of all requests at the proxy', async () => {
    const shown = shownIn(await scrape(metricsUrl));
    return shown.sum('inference_active_connections') === 0 ? shown : undefined;
  });
}

function truthOf(value: (counts: ServedCounts) => number, isWanted: (counts: ServedCounts) => boolean): number {
  return serving.truth
    .counts()
    .filter(isWanted)
    .reduce((sum, counts) => sum + value(counts), 0);
}

function seenBy(traffic: Traffic, outcome: ClientOutcome, tenant?: string): number {
  return traffic
    .counts()
    .filter((counts) => counts.outcome === outcome && (tenant === undefined || counts.tenant === tenant))
    .reduce((sum, { requests }) => sum + requests, 0);
}

const isServed = (model: string): boolean => simulatedModels.some(({ name }) => name === model);
/** The proxy shows models that nobody serves under one name. */
const shownModel = (model: string): string => (isServed(model) ? model : 'other');

interface Row {
  readonly tenant: string;
  readonly model: string;
  readonly success: number;
  readonly clientErrors: number;
  readonly cancelled: number;
  readonly input: number;
  readonly generated: number;
  readonly cached: number;
  readonly withoutUsage: number;
}

const pairs = (): readonly (readonly [string, string])[] =>
  serving.tenants.flatMap(({ name }) =>
    [...simulatedModels.map((model) => model.name as string), 'other'].map((model) => [name, model] as const),
  );

function rowsOfTruth(): readonly Row[] {
  return pairs().map(([tenant, model]) => {
    const ofPair = (counts: ServedCounts): boolean => counts.tenant === tenant && shownModel(counts.model) === model;
    const requests = (ending: string): number =>
      truthOf(
        (counts) => counts.requests,
        (counts) => ofPair(counts) && counts.ending === ending,
      );
    return {
      tenant,
      model,
      success: requests('success'),
      clientErrors: requests('client_error'),
      cancelled: requests('cancelled'),
      input: truthOf((counts) => counts.inputTokens, ofPair),
      generated: truthOf((counts) => counts.generatedTokens, ofPair),
      cached: truthOf((counts) => counts.cachedTokens, ofPair),
      withoutUsage: truthOf((counts) => counts.withoutUsage, ofPair),
    };
  });
}

function rowsOf({ sum }: Shown): readonly Row[] {
  return pairs().map(([tenant, model]) => {
    const labels = { engine_kind: 'proxy', tenant, model_name: model };
    const requests = (status: string, reason: string): number =>
      sum('inference_requests_total', { ...labels, status, reason });
    return {
      tenant,
      model,
      success: requests('success', ''),
      clientErrors: requests('error', 'client_error'),
      cancelled: requests('cancelled', ''),
      input: sum('inference_tokens_input_total', labels),
      generated: sum('inference_tokens_generated_total', labels),
      cached: sum('inference_tokens_cached_total', labels),
      withoutUsage: sum('inference_usage_missing_total', labels),
    };
  });
}

test.each([4, 5])(
  'with seed %i no token and no request is lost or counted twice, whichever way an answer ends',
  async (seed) => {
    await start('healthy', seed);
    const traffic = serving.send(proxyUrl, 400);
    await traffic.done;
    const shown = await settled();
    const truth = rowsOfTruth();
    expect(rowsOf(shown)).toEqual(truth);

    // Every way was taken.
    for (const part of [
      'success',
      'clientErrors',
      'cancelled',
      'input',
      'generated',
      'cached',
      'withoutUsage',
    ] as const)
      expect(truth.reduce((sum, row) => sum + row[part], 0)).toBeGreaterThan(0);
    expect(seenBy(traffic, 'failed')).toBe(0);
    expect(seenBy(traffic, 'answered')).toBe(shown.sum('inference_requests_total', { status: 'success' }));
    expect(seenBy(traffic, 'left')).toBe(shown.sum('inference_requests_total', { status: 'cancelled' }));
    expect(seenBy(traffic, 'client_error')).toBe(shown.sum('inference_requests_total', { status: 'error' }));
    expect(seenBy(traffic, 'limited')).toBe(shown.sum('inference_requests_total', { status: 'rejected' }));
  },
);

test('what the engines tell in their own metrics is what they did, also of answers that were left', async () => {
  await start('healthy');
  await serving.send(proxyUrl, 120).done;
  await settled();
  for (const { name, url, model } of serving.engines.filter(({ model: { kind } }) => kind === 'vllm')) {
    const { sum } = shownIn(await scrape(url));
    const own = (counts: ServedCounts): boolean => counts.engine === name;
    const successes = truthOf(
      ({ requests }) => requests,
      (counts) => own(counts) && counts.ending === 'success',
    );
    expect(sum('vllm:request_success_total', { model_name: model.name })).toBe(successes);
    expect(sum('vllm:generation_tokens_total')).toBe(truthOf(({ generatedTokens }) => generatedTokens, own));
    expect(sum('vllm:prompt_tokens_total')).toBe(truthOf(({ inputTokens }) => inputTokens, own));
    expect(sum('vllm:e2e_request_latency_seconds_count')).toBe(successes);
    expect(sum('vllm:num_requests_running')).toBe(0);
    expect(sum('vllm:num_requests_waiting')).toBe(0);
  }
});

test('in tenant-burst one tenant meets its limits, and the others lose nothing', async () => {
  await start('tenant-burst');
  const traffic = serving.send(proxyUrl, 100);
  await traffic.done;
  const shown = await settled();
  expect(rowsOf(shown)).toEqual(rowsOfTruth());
  const limited = seenBy(traffic, 'limited', 'team-b');
  expect(limited).toBeGreaterThan(50);
  expect(shown.sum('inference_requests_total', { tenant: 'team-b', status: 'rejected' })).toBe(limited);
  const budget = shown.sum('inference_token_budget_used_tokens', { tenant: 'team-b', period: 'day' });
  const used = truthOf(
    ({ inputTokens, generatedTokens }) => inputTokens + generatedTokens,
    ({ tenant }) => tenant === 'team-b',
  );
  expect(budget).toBe(used);
  for (const tenant of ['team-a', 'research']) expect(seenBy(traffic, 'limited', tenant)).toBe(0);
  expect(seenBy(traffic, 'failed')).toBe(0);
});

test('in slow-inference the queue of one model grows and its first tokens come late; another model stays as it is', async () => {
  await start('slow-inference');
  serving.send(proxyUrl);
  const [slow, healthy] = await Promise.all(
    ['coder-1', 'llama-1'].map((name) => eventually(name, () => serving.engines.find((each) => each.name === name))),
  );
  const queued = await eventually(
    'a long queue and late first tokens',
    async () => {
      const shown = shownIn(await scrape(slow?.url ?? ''));
      const late =
        shown.sum('vllm:time_to_first_token_seconds_sum') / shown.sum('vllm:time_to_first_token_seconds_count');
      // Of a second that lasts a fortieth.
      return shown.sum('vllm:num_requests_waiting') > 10 && late * speed > 2 ? shown : undefined;
    },
    { withinSeconds: 60 },
  );
  expect(queued.sum('vllm:num_requests_running')).toBeGreaterThan(0);
  const other = shownIn(await scrape(healthy?.url ?? ''));
  expect(other.sum('vllm:num_requests_waiting')).toBeLessThan(10);
  const waiting = shownIn(await scrape(metricsUrl)).sum('inference_active_connections', {
    model_name: slow?.model.name ?? '',
  });
  expect(waiting).toBeGreaterThan(10);
});
