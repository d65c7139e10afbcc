import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningDaemon } from '../../../kit/daemon.ts';
import { eventually } from '../../support/eventually.ts';
import { type FakeAnswers, type FakeFleet, startFakeFleet } from '../../support/fake-fleet.ts';
import { startPredictionDaemon } from '../../support/prediction-daemon.ts';

const gpus = ['GPU-1', 'GPU-2'].map((uuid) => ({ node: 'gpu-01', uuid, model: 'NVIDIA H100' }));
const now: FakeAnswers = [
  ['count_over_time', [], 0],
  ['gpu_row_remap_failure', gpus.slice(0, 1), 1],
  ['gpu_info', gpus, 1],
  ['gpu_up', gpus, 1],
];
let fleet: FakeFleet;
let folder: string;
const running: RunningDaemon[] = [];

beforeEach(async () => {
  fleet = await startFakeFleet(now);
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-prediction-'));
  writeFile();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((daemon) => daemon.stop()));
  await fleet.stop();
  rmSync(folder, { recursive: true, force: true });
});

function writeFile(more = ''): void {
  writeFileSync(
    join(folder, 'prediction.yaml'),
    `sources: [{name: main, url: "${fleet.url}", cluster: prod, timeout: 1s}]\nanomaly: false\n${more}`,
  );
}

async function start(...argv: readonly string[]): Promise<RunningDaemon> {
  const daemon = await startPredictionDaemon({ folder, everySeconds: 1, argv });
  running.push(daemon);
  return daemon;
}

const scrape = async ({ url }: RunningDaemon): Promise<string> => (await fetch(`${url}/metrics`)).text();
const json = async ({ url }: RunningDaemon, path: string, method = 'GET') => {
  const response = await fetch(`${url}${path}`, { method });
  // What comes back is looked at key by key.
  const body: ReturnType<typeof JSON.parse> = await response.json();
  return { status: response.status, body };
};
const hasLine = async (daemon: RunningDaemon, line: string | RegExp): Promise<string> =>
  eventually(String(line), async () => {
    const text = await scrape(daemon);
    return (typeof line === 'string' ? text.includes(line) : line.test(text)) ? text : undefined;
  });

test('without any history the prior answers at once, rules are told, and it says that it knows no more', async () => {
  writeFile('training: {enabled: false}\n');
  const daemon = await start();
  await hasLine(
    daemon,
    /^prediction_failure_probability\{cluster="prod",node="gpu-01",uuid="GPU-2",horizon="7d"\} 0\.00\d+$/m,
  );
  const text = await scrape(daemon);
  expect(text).toContain(
    'prediction_failure_layer_info{cluster="prod",node="gpu-01",uuid="GPU-1",horizon="24h",layer="prior"} 1',
  );
  expect(text).toContain(
    'prediction_rule_hit{cluster="prod",node="gpu-01",uuid="GPU-1",rule="row_remap_failure",severity="act_now"} 1',
  );
  expect(text).toContain('prediction_model_info{version="prior"} 1');
  // All are equally likely to fail: none stands out.
  expect(text).not.toContain('prediction_failure_alert_rank{');
  const { body } = await json(daemon, '/api/v1/risk/GPU-1');
  expect(body).toMatchObject({
    uuid: 'GPU-1',
    layer: { '7d': 'prior' },
    recommended_action: { action: 'contact_support' },
  });
  expect(body.contributions['7d'].map(({ feature }: { feature: string }) => feature)).toContain('base_rate');
  expect((await json(daemon, '/api/v1/risk/GPU-9')).status).toBe(404);
  expect((await json(daemon, '/api/v1/card')).status).toBe(404);
  expect((await json(daemon, '/api/v1/models/rollback', 'POST')).status).toBe(409);
});

test.each(['broken', 'silent'] as const)(
  'a source that is %s is seen within an interval, and it recovers by itself',
  async (mood) => {
    const daemon = await start();
    await hasLine(daemon, 'prediction_source_up{source="main"} 1');
    fleet.behave(mood);
    await hasLine(daemon, 'prediction_source_up{source="main"} 0');
    const text = await scrape(daemon);
    expect(text).toContain('prediction_last_run_success 0');
    // What is known of the past still holds; a rule is about now.
    expect(text).toContain('uuid="GPU-2",horizon="7d"');
    expect(text).not.toContain('prediction_rule_hit{');
    fleet.behave('well');
    await hasLine(daemon, 'prediction_source_up{source="main"} 1');
    await hasLine(daemon, 'prediction_rule_hit{');
  },
);

test('a source that is dead from the start leaves everything else answering', async () => {
  fleet.behave('broken');
  const daemon = await start();
  await hasLine(daemon, 'prediction_source_up{source="main"} 0');
  expect(await json(daemon, '/api/v1/risk')).toMatchObject({ status: 200, body: { total: 0, risks: [] } });
});

test('models are trained once the history is read, and stay after a restart', async () => {
  const first = await start();
  await hasLine(first, 'prediction_trainings_total{outcome="success"} 1');
  const { body } = await json(first, '/api/v1/models');
  expect(body.version).toMatch(/^\d{4}-\d{2}-\d{2}-[0-9a-f]{8}$/);
  await running.pop()?.stop();
  const second = await start();
  expect((await json(second, '/api/v1/models')).body.version).toBe(body.version);
});

test('without features the rate is made from who was there and what failed', async () => {
  await fleet.stop();
  fleet = await startFakeFleet(now, [['(gpu_info', gpus, 1]]);
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
  const tickets = join(folder, 'tickets.csv');
  writeFileSync(tickets, `entity,start,end,kind\nGPU-2,${day(10)},${day(9)},\nGPU-2,${day(5)},${day(4)},\n`);
  writeFile(`features: {enabled: false}\ntraining: {window: 20d}\ntickets: [${tickets}]\n`);
  const daemon = await start();
  await hasLine(
    daemon,
    'prediction_failure_layer_info{cluster="prod",node="gpu-01",uuid="GPU-1",horizon="7d",layer="rate"} 1',
  );
  const { body } = await json(daemon, '/api/v1/card?kind=gpu&horizon=24h');
  expect(body).toMatchObject({
    model: { name: 'rate', settings: { own_failures: 2 } },
    data: { gpus: 2, incidents: 2 },
  });
  const risk = await json(daemon, '/api/v1/risk/GPU-1');
  // A prior of 0.08 a year, 12.5 years of it, with two failures in 2 GPUs × 20 days.
  expect(risk.body.contributions['7d'][0].value).toBeCloseTo((0.7391 * 3) / (12.5 + 40 / 365.25), 3);
});

test('with other settings of features history is read again, the old features are kept, and it is told', async () => {
  writeFile('training: {enabled: false}\nfeatures: {every: 6h}\n');
  const daemon = await start();
  await hasLine(daemon, 'prediction_backfill_success{source="main"} 1');
  const folderOf = join(folder, 'state', 'sources', 'main');
  writeFile('training: {enabled: false}\nfeatures: {every: 12h}\n');
  daemon.reload();
  const { history } = await eventually('the change is told', async () => {
    const { body } = await json(daemon, '/api/v1/sources');
    const [source] = body.sources;
    return source.history.remarks.length === 0 || source.history.progress !== 1 ? undefined : source;
  });
  expect(history.problem).toBeUndefined();
  expect(history.remarks).toEqual([
    expect.stringContaining('features-gpu.step-3600s-every-21600s-'),
    expect.stringContaining('features-node.step-3600s-every-21600s-'),
  ]);
  expect(readdirSync(folderOf).filter((name) => name.startsWith('features-'))).toHaveLength(4);
});

test('features that cannot be stored are told, and everything else answers', async () => {
  writeFile('training: {enabled: false}\n');
  mkdirSync(join(folder, 'state', 'sources', 'main'), { recursive: true });
  writeFileSync(join(folder, 'state', 'sources', 'main', 'features-gpu'), 'no folder');
  const daemon = await start();
  await hasLine(daemon, 'prediction_backfill_success{source="main"} 0');
  const { body } = await json(daemon, '/api/v1/sources');
  expect(body.sources[0].history.problem).toContain('features-gpu');
  await hasLine(daemon, 'uuid="GPU-2",horizon="7d"');
});

test('detectors that nobody answers for have no step', async () => {
  writeFileSync(
    join(folder, 'prediction.yaml'),
    `sources: [{name: main, url: "${fleet.url}", cluster: prod, timeout: 1s}]\nanomaly: {step: 30s}\n`,
  );
  fleet.behave('broken');
  const daemon = await start();
  await hasLine(daemon, 'prediction_source_up{source="main"} 0');
  expect(await scrape(daemon)).not.toContain('prediction_anomaly_last_step_timestamp_seconds ');
});

test('a second process does not get the folder', async () => {
  await start();
  await expect(start()).rejects.toThrow(/state is in use by process/);
});

test('a bad file is refused on reload and the old one stays; a good one counts', async () => {
  const daemon = await start();
  await hasLine(daemon, 'uuid="GPU-2"');
  writeFile('alert_budget: none\n');
  daemon.reload();
  await hasLine(daemon, 'fleetlens_config_last_reload_successful 0');
  expect(await scrape(daemon)).toContain('uuid="GPU-2"');
  writeFile('priors: {gpu: 900}\ntraining: {enabled: false}\n');
  daemon.reload();
  await hasLine(daemon, 'fleetlens_config_last_reload_successful 1');
});
