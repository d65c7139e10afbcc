import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gpuSpec } from '../../../exporters/prediction/features/gpu-spec.ts';
import { schemaOf } from '../../../exporters/prediction/features/schema.ts';
import { openFeatureStore } from '../../../exporters/prediction/store/features/feature-store.ts';
import type { RunningDaemon } from '../../../kit/daemon.ts';
import { eventually } from '../../support/eventually.ts';
import { startPredictionDaemon } from '../../support/prediction-daemon.ts';
import { type RunningPrometheus, startPrometheus } from '../../support/prometheus.ts';
import { type Blocks, blocksOf } from '../../support/scraped.ts';
import { noiseOf } from './anomaly/generated.ts';

const stepSeconds = 300;
const days = 8;
const endSeconds = 1_700_006_400;
const startSeconds = endSeconds - days * 86_400;
/** GPU-1 has XID 79 then; GPU-2 is gone from then on. */
const xidSeconds = startSeconds + 5 * 86_400;
const goneSeconds = endSeconds - 3000;

const gpus = [0, 1, 2, 3].map((gpu) => {
  const node = `n${gpu % 2}`;
  const labels = `node="${node}",job="fleetlens-gpu",instance="${node}:9400",gpu_id="${gpu >> 1}",uuid="GPU-${gpu}"`;
  return { gpu, labels };
});
const times = Array.from({ length: (days * 86_400) / stepSeconds + 1 }, (_, step) => startSeconds + step * stepSeconds);

/** Four GPUs on two nodes, scraped every five minutes. */
function samples(): string {
  const noise = noiseOf(1);
  const there = times.flatMap((at) =>
    gpus.filter(({ gpu }) => gpu !== 2 || at < goneSeconds).map(({ gpu, labels }) => ({ gpu, labels, at })),
  );
  const facts = 'model="NVIDIA H100",serial="",pci_bus_id="",vbios="1",driver="550"';
  const families = {
    'up gauge': times.flatMap((at) =>
      ['n0', 'n1'].map((node) => `up{node="${node}",job="fleetlens-gpu",instance="${node}:9400"} 1 ${at}`),
    ),
    'gpu_info gauge': there.map(({ labels, at }) => `gpu_info{${labels},${facts}} 1 ${at}`),
    'gpu_up gauge': there.map(({ labels, at }) => `gpu_up{${labels}} 1 ${at}`),
    'gpu_temperature_celsius gauge': there.map(
      ({ labels, at }) => `gpu_temperature_celsius{${labels}} ${(60 + noise()).toFixed(2)} ${at}`,
    ),
    'gpu_xid_errors counter': there
      .filter(({ gpu }) => gpu === 1)
      .map(({ labels, at }) => `gpu_xid_errors_total{${labels},xid="79"} ${at >= xidSeconds ? 1 : 0} ${at}`),
  };
  return Object.entries(families)
    .map(([type, lines]) => `# TYPE ${type}\n${lines.join('\n')}`)
    .join('\n');
}

jest.setTimeout(180_000);

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-prediction-real-'));
const begun = performance.now();
/** It is the end of the history, and time goes on from there. */
const clock = {
  now: () => endSeconds + (performance.now() - begun) / 1000,
  monotonic: () => performance.now() / 1000,
};
let blocks: Blocks;
let server: RunningPrometheus;
let daemon: RunningDaemon;

beforeAll(async () => {
  blocks = blocksOf(samples());
  server = await startPrometheus({
    config: 'global: {}\n',
    dataDir: blocks.dataDir,
    args: ['--storage.tsdb.retention.time=100y'],
  });
  writeFileSync(
    join(folder, 'prediction.yaml'),
    `sources: [{name: main, url: "${server.url}", cluster: prod}]\ntraining: {window: 30d}\nfeatures: {every: 12h}\n`,
  );
  daemon = await startPredictionDaemon({ folder, everySeconds: 5, clock });
});

afterAll(async () => {
  await daemon.stop();
  await server.stop();
  blocks.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function scrapeWith(line: string): Promise<string> {
  const ask = async (): Promise<string | undefined> => {
    const text = await (await fetch(`${daemon.url}/metrics`)).text();
    return text.includes(line) ? text : undefined;
  };
  return eventually(line, ask, { withinSeconds: 60 });
}

async function json(path: string): Promise<ReturnType<typeof JSON.parse>> {
  return (await fetch(`${daemon.url}${path}`)).json();
}

test('history is read back to its beginning, failures are found in it, and models are made of it', async () => {
  await scrapeWith('prediction_backfill_progress_ratio{source="main"} 1');
  const text = await scrapeWith('prediction_trainings_total{outcome="success"} 1');
  expect(text).toContain('prediction_source_up{source="main"} 1');
  expect(text).toContain('prediction_entities{cluster="prod",kind="gpu"} 4');
  expect(text).toMatch(/^prediction_model_training_rows\{kind="gpu",horizon="24h"\} [1-9]/m);
  const { incidents } = await json('/api/v1/incidents');
  expect(incidents).toEqual([
    expect.objectContaining({ uuid: 'GPU-2', what: 'vanished', is_open: true, started: iso(goneSeconds) }),
    expect.objectContaining({ uuid: 'GPU-1', what: 'xid_79', started: iso(xidSeconds) }),
  ]);
}, 120_000);

test('a GPU that has failed is likelier to fail again, and one that is gone is told by a rule', async () => {
  // The models that know of the failure of the fleet answer.
  await scrapeWith('uuid="GPU-1",horizon="7d",layer="rate"} 1');
  await scrapeWith('rule="vanished_series",severity="act_now"} 1');
  const [well, failed] = await Promise.all(['GPU-0', 'GPU-1'].map((uuid) => json(`/api/v1/risk/${uuid}`)));
  expect(failed.probability['7d']).toBeGreaterThan(2 * well.probability['7d']);
  expect(failed.layer['7d']).toBe('rate');
  const gone = await json('/api/v1/risk/GPU-2');
  expect(gone.rules.map(({ rule }: { rule: string }) => rule)).toContain('vanished_series');
  expect(gone.recommended_action.action).toBe('investigate');
  expect([gone.out_of_service, failed.out_of_service]).toEqual([true, undefined]);
}, 120_000);

test('features of before know of the failures of before', async () => {
  const store = await openFeatureStore({
    folder: join(folder, 'state', 'sources', 'main', 'features-gpu'),
    kind: 'gpu',
    schema: schemaOf(gpuSpec),
  });
  const { entities, entity, atMs, values, schema } = await store.read({ fromMs: 0, untilMs: endSeconds * 1000 });
  const column = schema.names.indexOf('faults_7d');
  const failures = [...atMs.keys()].flatMap((row) => {
    const count = values[row * schema.names.length + column] ?? Number.NaN;
    const hasFailed = entities[entity[row] ?? -1]?.uuid === 'GPU-1' && (atMs[row] ?? 0) > (xidSeconds + 3600) * 1000;
    // Where a week of signs is not known yet the count is not.
    return Number.isNaN(count) ? [] : [[count, hasFailed ? 1 : 0]];
  });
  expect(failures.filter(([count]) => count === 1)).not.toEqual([]);
  expect(failures.filter(([count, expected]) => count !== expected)).toEqual([]);
});

test('anomaly detection begins with the three days before', async () => {
  // Without the history it would take hours until the first score.
  const text = await scrapeWith('prediction_anomaly_warm_ratio{kind="gpu",signal="gpu_temperature"} 1');
  expect(text).toMatch(/^prediction_anomaly_score\{cluster="prod",node="n0",uuid="GPU-0",signal="gpu_temperature"/m);
}, 120_000);

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
