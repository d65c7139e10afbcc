import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureHistory, plantedFailures } from '../../cli/simulate/prediction/fleet-history.ts';
import { planFleet } from '../../cli/simulate/prediction/plan-fleet.ts';
import { writeFleetBlocks } from '../../cli/simulate/prediction/write-blocks.ts';
import { gpuSpec } from '../../exporters/prediction/features/gpu-spec.ts';
import { schemaOf } from '../../exporters/prediction/features/schema.ts';
import { failureHistoryOf } from '../../exporters/prediction/pipeline/failure-history.ts';
import { backfill } from '../../exporters/prediction/sources/prometheus/backfill.ts';
import { defaultBackfillSettings } from '../../exporters/prediction/sources/prometheus/backfill-settings.ts';
import { createHistoryApi } from '../../exporters/prediction/sources/prometheus/history-api.ts';
import { readLabelSigns } from '../../exporters/prediction/sources/prometheus/read-label-signs.ts';
import { openFeatureStore } from '../../exporters/prediction/store/features/feature-store.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { tool } from '../support/tools.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
/** 2023-11-10T00:00:00Z, as old as blocks must be for nothing to be compacted with the present. */
const fromMs = 1_699_574_400_000;
const plan = planFleet({
  seed: 5,
  gpus: 16,
  gpusPerNode: 8,
  fromMs,
  days: 14,
  failuresPerYear: 10,
  shownShare: 1,
  repeatShare: 0.2,
});
const folder = mkdtempSync(join(tmpdir(), 'fleetlens-planted-'));
const stop = new AbortController();
let server: RunningPrometheus;

beforeAll(async () => {
  const dataFolder = join(folder, 'data');
  await writeFleetBlocks(plan, { promtool: tool('promtool'), dataFolder, stepMs: 5 * minute });
  const args = ['--storage.tsdb.retention.time=100y'];
  server = await startPrometheus({ config: 'global: {}', dataDir: dataFolder, args });
}, 120_000);

afterAll(async () => {
  stop.abort();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const api = () => createHistoryApi({ url: server.url });

test('planted failures are read back from a real Prometheus, each at its time', async () => {
  const planned = failureHistory(plan).incidents;
  const records = await readLabelSigns(api(), {
    ...defaultBackfillSettings,
    startMs: fromMs,
    endMs: plan.untilMs,
    signal: stop.signal,
  });
  const { incidents } = failureHistoryOf(records, plan.untilMs);
  expect(planned.length).toBeGreaterThan(2);
  expect(plantedFailures(plan).length).toBeGreaterThanOrEqual(planned.length);
  const key = (each: { readonly entity: { readonly uuid: string } }) => each.entity.uuid;
  expect(incidents.map(key).sort()).toEqual(planned.map(key).sort());
  for (const own of planned) {
    const near = incidents.filter(
      (each) => key(each) === key(own) && Math.abs(each.startMs - own.startMs) < 60 * minute,
    );
    expect(near).toHaveLength(1);
  }
}, 60_000);

test('what comes before a failure is in the features', async () => {
  const failure = plantedFailures(plan).find(
    ({ cause, atMs, signFromMs }) => cause !== 'repeat' && atMs > fromMs + 9 * day && atMs - signFromMs > 5 * day,
  );
  if (failure === undefined) throw new Error('no late failure is planned');
  const store = await openFeatureStore({ folder: join(folder, 'store'), kind: 'gpu', schema: schemaOf(gpuSpec) });
  const untilMs = Math.floor(failure.atMs / day) * day + 1;
  const request = { spec: gpuSpec, settings: defaultBackfillSettings, fromMs: untilMs - day, untilMs, events: [] };
  await backfill({ ...request, signal: stop.signal }, { api: api(), sink: store });
  const table = await store.read({ fromMs: 0, untilMs });
  const column = table.schema.names.indexOf(
    {
      memory: 'ecc_correctable_growth_24h',
      thermal: 'temperature_mean_1h_vs_node',
      pcie: 'pcie_replays_growth_24h',
      nvlink: 'nvlink_errors_growth_24h',
      repeat: '',
      sudden: '',
    }[failure.cause],
  );
  const last = Math.max(...table.atMs);
  const rows = [...table.atMs.keys()].filter((row) => table.atMs[row] === last);
  const readingOf = (row: number) => table.values[row * table.schema.names.length + column] ?? Number.NaN;
  const likeliest = rows.toSorted((a, b) => readingOf(b) - readingOf(a))[0] ?? -1;
  expect(table.entities[table.entity[likeliest] ?? -1]?.uuid).toBe(failure.entity.uuid);
}, 60_000);
