import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeatureTable } from '../../exporters/prediction/features/feature-table.ts';
import { gpuSpec } from '../../exporters/prediction/features/gpu-spec.ts';
import { nodeSpec } from '../../exporters/prediction/features/node-spec.ts';
import { schemaOf } from '../../exporters/prediction/features/schema.ts';
import { lostSigns } from '../../exporters/prediction/labels/lost-signs.ts';
import { remapSigns } from '../../exporters/prediction/labels/remap-signs.ts';
import { stateSigns } from '../../exporters/prediction/labels/state-signs.ts';
import { xidSigns } from '../../exporters/prediction/labels/xid-signs.ts';
import { type BackfillProgress, backfill } from '../../exporters/prediction/sources/prometheus/backfill.ts';
import { defaultBackfillSettings } from '../../exporters/prediction/sources/prometheus/backfill-settings.ts';
import { createHistoryApi } from '../../exporters/prediction/sources/prometheus/history-api.ts';
import { readLabelSigns } from '../../exporters/prediction/sources/prometheus/read-label-signs.ts';
import { openFeatureStore } from '../../exporters/prediction/store/features/feature-store.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { type Blocks, blocksOf, type Metric, type SimulatedTarget, scraped } from '../support/scraped.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** 2023-11-10T00:00:00Z */
const begin = 1_699_574_400_000;
const end = begin + 10 * day;
const every = 5 * minute;
/** GPU-b2 is gone from the bus from then on, and its driver restarts six hours before. */
const lostAt = begin + 8 * day + 20 * hour + 10 * minute;
const restartAt = begin + 8 * day + 14 * hour + 32 * minute;
/** The exporter of the second node does not answer for two hours. */
const down = { fromMs: begin + 8 * day + 6 * hour, untilMs: begin + 8 * day + 8 * hour };
const hostile = 'gpu"02\\|.*{a="b"}';

interface Gpu {
  readonly uuid: string;
  readonly model: string;
  readonly power: (ms: number) => number;
  readonly temperature: (ms: number) => number;
  readonly replays: (ms: number) => number;
}

const power = (ms: number): number => 300 + 100 * Math.sin(ms / (3 * hour));
const replays = (ms: number): number => Math.floor((ms - begin) / (37 * minute));
const gpus: readonly (readonly Gpu[])[] = [
  ['GPU-a1', 'GPU-a2'].map((uuid, at) => ({
    uuid,
    model: 'NVIDIA H100',
    power,
    temperature: (ms) => 20 + 0.1 * power(ms) + at,
    replays,
  })),
  [
    { uuid: 'GPU-b1', model: 'NVIDIA H100', power, temperature: (ms) => 28 + 0.1 * power(ms), replays },
    {
      uuid: 'GPU-b2',
      model: 'NVIDIA H100',
      power,
      temperature: (ms) => 24 + 0.1 * power(ms),
      replays: (ms) => (ms < restartAt ? 5 + replays(ms) : replays(ms) - replays(restartAt)),
    },
  ],
];
const xids = (ms: number, uuid: string): readonly Metric[] => {
  const label = (xid: number) => ({ uuid, gpu_id: '1', xid: String(xid) });
  if (uuid !== 'GPU-b2') return [['gpu_xid_errors_total', label(79), 0]];
  const seen79 = ms >= lostAt - 6 * minute ? 1 : 0;
  const raised: readonly Metric[] = ms >= begin + 8 * day ? [['gpu_xid_errors_total', label(63), 2]] : [];
  return [['gpu_xid_errors_total', label(79), seen79], ...raised];
};

function target(node: string, own: readonly Gpu[], offsetMs: number): SimulatedTarget {
  return {
    job: 'gpu',
    instance: `${node}:9400`,
    labels: { cluster: 'prod', node, rack: 'r1' },
    intervalMs: every,
    offsetMs,
    fromMs: begin,
    untilMs: end,
    isDown: (ms) => node !== 'gpu-01' && ms >= down.fromMs && ms < down.untilMs,
    metrics: (ms) => [
      ['scrape_duration_seconds', {}, 0.25],
      ...own.flatMap(({ uuid, model, power: watts, temperature, replays: count }, at): readonly Metric[] => {
        const device = { uuid, gpu_id: `${at}` };
        if (uuid === 'GPU-b2' && ms >= lostAt) return [['gpu_up', device, 0]];
        return [
          ['gpu_up', device, 1],
          ['gpu_info', { ...device, model, driver: at === 0 ? '535.104.05' : '550.54.15', vbios: '96.00.74.00.0A' }, 1],
          ['gpu_temperature_celsius', device, temperature(ms)],
          ['gpu_power_watts', device, watts(ms)],
          ['gpu_pcie_replays_total', device, count(ms)],
          ['gpu_row_remap_failure', device, uuid === 'GPU-a2' && ms >= begin + 9 * day ? 1 : 0],
          [
            'gpu_allocated_seconds_total',
            { ...device, namespace: 'ml', pod: `train-${at}`, job_id: '' },
            (ms - begin) / 1000,
          ],
          ...xids(ms, uuid),
        ];
      }),
    ],
  };
}

/** A node that only dcgm-exporter watches; its GPU says XID 48 from then on. */
const dcgmXidAt = begin + 9 * day + 2 * hour;
const dcgm: SimulatedTarget = {
  job: 'dcgm',
  instance: 'gpu-03:9400',
  labels: { cluster: 'prod', node: 'gpu-03' },
  intervalMs: every,
  offsetMs: 13_000,
  fromMs: begin,
  untilMs: end,
  metrics: (ms) => {
    const device = {
      UUID: 'GPU-d1',
      gpu: '5',
      modelName: 'NVIDIA A100',
      Hostname: 'gpu-03',
      DCGM_FI_DRIVER_VERSION: '535',
    };
    return [
      ['DCGM_FI_DEV_GPU_TEMP', device, 40],
      ['DCGM_FI_DEV_SM_CLOCK', device, 1410],
      ['DCGM_FI_DEV_GPU_UTIL', device, 75],
      ['DCGM_FI_DEV_PCIE_REPLAY_COUNTER', device, replays(ms)],
      ['DCGM_FI_DEV_XID_ERRORS', device, ms >= dcgmXidAt ? 48 : 0],
    ];
  },
};

/** The inventory has GPU-a1 under repair for a day, and knows when GPU-b2 came. */
const inventory: SimulatedTarget = {
  job: 'cmdb',
  instance: 'cmdb:9412',
  labels: {},
  intervalMs: hour,
  fromMs: begin - 5 * day,
  untilMs: end,
  metrics: (ms) => {
    const item = { class: 'gpu', cluster: 'prod', rack: 'r1' };
    const state = ms >= begin - 4 * day && ms < begin - 3 * day ? 'failed' : 'in_service';
    return [
      ['cmdb_ci_info', { ...item, ci: '1', uuid: 'GPU-a1', name: 'a1', node: 'gpu-01', state }, 1],
      ...(ms < begin - 2 * day
        ? []
        : [
            [
              'cmdb_ci_info',
              { ...item, ci: '2', uuid: 'GPU-b2', name: 'b2', node: hostile, state: 'in_service' },
              1,
            ] as const,
          ]),
    ];
  },
};

let blocks: Blocks;
let server: RunningPrometheus;
const folder = mkdtempSync(join(tmpdir(), 'fleetlens-features-'));
const targets = [target('gpu-01', gpus[0] ?? [], 7_000), target(hostile, gpus[1] ?? [], 91_000), dcgm, inventory];
const settings = { ...defaultBackfillSettings, nodesPerQuery: 1, concurrency: 2, chunksAtOnce: 1 };

beforeAll(async () => {
  blocks = blocksOf(scraped(targets, 's'));
  server = await startPrometheus({
    config: 'global: {}',
    dataDir: blocks.dataDir,
    args: ['--storage.tsdb.retention.time=100y'],
  });
}, 120_000);

afterAll(async () => {
  await server.stop();
  blocks.remove();
  rmSync(folder, { recursive: true, force: true });
});

const api = () => createHistoryApi({ url: server.url });
const request = {
  spec: gpuSpec,
  settings,
  fromMs: begin + 8 * day,
  untilMs: end,
  events: [],
  signal: new AbortController().signal,
};

function cellOf(table: FeatureTable, uuid: string, atMs: number, name: string): number {
  const entity = table.entities.findIndex((each) => each.uuid === uuid);
  const row = table.atMs.findIndex((ms, at) => ms === atMs && table.entity[at] === entity);
  const column = table.schema.names.indexOf(name);
  if (row < 0 || column < 0) throw new Error(`no ${name} of ${uuid} at ${new Date(atMs).toISOString()}`);
  return table.values[row * table.schema.names.length + column] ?? Number.NaN;
}

/** What was scraped in (after, until], one by one. */
function scrapedValues(
  node: number,
  offsetMs: number,
  from: number,
  until: number,
  value: (ms: number) => number,
): readonly number[] {
  const values: number[] = [];
  for (let ms = begin + offsetMs; ms < end; ms += every) {
    const isDown = node === 1 && ms >= down.fromMs && ms < down.untilMs;
    if (ms > from && ms <= until && !isDown) values.push(value(ms));
  }
  return values;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const sdOf = (values: readonly number[]): number =>
  Math.sqrt(meanOf(values.map((value) => (value - meanOf(values)) ** 2)));

test('features from a real Prometheus are those of the samples', async () => {
  const store = await openFeatureStore({ folder: join(folder, 'whole'), kind: 'gpu', schema: schemaOf(gpuSpec) });
  const seen: BackfillProgress[] = [];
  const done = await backfill({ ...request, onProgress: (each) => seen.push(each) }, { api: api(), sink: store });
  expect(seen.map(({ chunksDone }) => chunksDone)).toEqual([1, 2]);
  expect(done).toMatchObject({ chunksDone: 2, chunksTotal: 2, rows: 40 });
  expect(done.queries).toBeGreaterThan(50);
  expect(done.bytes).toBeGreaterThan(10_000);

  const table = await store.read({ fromMs: 0, untilMs: end });
  const at = begin + 8 * day + 12 * hour;
  const b1 = gpus[1]?.[0];
  const temperature = b1?.temperature ?? Math.abs;
  const near = (uuid: string, name: string, expected: number, digits = 3): void =>
    expect(cellOf(table, uuid, at, name)).toBeCloseTo(expected, digits);
  const lastHour = scrapedValues(1, 91_000, at - hour, at, temperature);
  const lastDay = scrapedValues(1, 91_000, at - day, at, temperature);
  const lastWeek = scrapedValues(1, 91_000, at - 7 * day, at, temperature);
  expect([lastHour.length, lastDay.length, lastWeek.length]).toEqual([12, 264, 1992]);
  near('GPU-b1', 'temperature_mean_1h', meanOf(lastHour));
  near('GPU-b1', 'temperature_max_1h', Math.max(...lastHour));
  near('GPU-b1', 'temperature_mean_24h', meanOf(lastDay));
  near('GPU-b1', 'temperature_sd_24h', sdOf(lastDay));
  near('GPU-b1', 'temperature_mean_7d', meanOf(lastWeek));
  near('GPU-b1', 'temperature_sd_7d', sdOf(lastWeek));
  // Two hours of scrapes failed: 24 of 288, and the GPU was not there in as many.
  near('GPU-b1', 'scrapes_mean_24h', 264 / 288);
  near('GPU-b1', 'seen_ratio_24h', 264 / 288);
  near('GPU-a1', 'seen_ratio_24h', 1);
  near('GPU-a1', 'scrape_seconds_mean_24h', 0.25);
  near('GPU-a1', 'scrape_slowness', 1);
  near('GPU-b1', 'pcie_replays_growth_24h', replays(at - 209_000) - replays(at - day - 209_000));
  // Temperatures differ by 0, 1, 8 and 4 degrees at the same power; the lines of the model go through the middle of them.
  near('GPU-b1', 'temperature_mean_1h_vs_model', 5.5, 1);
  expect(
    cellOf(table, 'GPU-b1', at, 'temperature_given_power_1h') -
      cellOf(table, 'GPU-a1', at, 'temperature_given_power_1h'),
  ).toBeCloseTo(8, 2);
  near('GPU-a1', 'driver_share', 0.5);
  near('GPU-a1', 'driver_newer_share', 0.5);
  near('GPU-a2', 'driver_newer_share', 0);
  near('GPU-a2', 'slot', 1);
  near('GPU-a1', 'faults_30d', 0);
  // Seen to be back at the next look, six hours apart, after begin - 3 days.
  near('GPU-a1', 'days_since_repair', (at - (begin - 3 * day)) / day, 1);
  near('GPU-b2', 'age_days', (at - (begin - 2 * day)) / day, 1);
  // There from the first look on, so of any age.
  expect(cellOf(table, 'GPU-a1', at, 'age_days')).toBeNaN();
  expect(cellOf(table, 'GPU-b1', at, 'age_days')).toBeNaN();
  near('GPU-a1', 'repairs_year', 1);
  near('GPU-b2', 'repairs_year', 0);
  expect(cellOf(table, 'GPU-b1', at, 'repairs_year')).toBeNaN();
  near('GPU-b2', 'xid_raised_growth_24h', 2);
  expect(cellOf(table, 'GPU-b1', at, 'memory_temperature_mean_1h')).toBeNaN();
}, 120_000);

test('where only dcgm-exporter is, its names and units are read', async () => {
  const store = await openFeatureStore({ folder: join(folder, 'whole'), kind: 'gpu', schema: schemaOf(gpuSpec) });
  const table = await store.read({ fromMs: 0, untilMs: end });
  const at = begin + 9 * day;
  const got = (name: string): number => cellOf(table, 'GPU-d1', at, name);
  expect(got('temperature_mean_1h')).toBe(40);
  expect(got('sm_clock_mean_1h')).toBe(1_410_000_000);
  expect(got('utilization_mean_24h')).toBe(0.75);
  expect(got('pcie_replays_growth_24h')).toBe(replays(at - 287_000) - replays(at - day - 287_000));
  expect([got('seen_ratio_24h'), got('scrapes_mean_24h'), got('slot'), got('driver_share')]).toEqual([1, 1, 5, 1]);
  expect([got('power_mean_1h'), got('answers_mean_1h')]).toEqual([Number.NaN, Number.NaN]);
});

test('what a counter counted before its reset is in its growth, and a GPU that is gone is seen to be', async () => {
  const store = await openFeatureStore({ folder: join(folder, 'whole'), kind: 'gpu', schema: schemaOf(gpuSpec) });
  const table = await store.read({ fromMs: 0, untilMs: end });
  const at = begin + 8 * day + 18 * hour;
  const b2 = gpus[1]?.[1]?.replays ?? Math.abs;
  const readings = scrapedValues(1, 91_000, at - day - every, at, b2);
  const grown = readings.reduce((sum, value, index) => {
    const before = readings[index - 1];
    if (before === undefined) return sum;
    return sum + (value >= before ? value - before : value);
  }, 0);
  expect(cellOf(table, 'GPU-b2', at, 'pcie_replays_growth_24h')).toBe(grown);
  const after = begin + 9 * day;
  expect(cellOf(table, 'GPU-b2', after, 'vanished_signals')).toBe(3);
  expect(cellOf(table, 'GPU-b2', after, 'answers_mean_1h')).toBe(0);
  expect(cellOf(table, 'GPU-b1', after, 'vanished_signals')).toBe(0);
});

test('a back-fill that was stopped goes on, and says the same', async () => {
  const parts = await openFeatureStore({ folder: join(folder, 'parts'), kind: 'gpu', schema: schemaOf(gpuSpec) });
  const stop = new AbortController();
  const first = backfill(
    { ...request, signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) },
    { api: api(), sink: parts },
  );
  await expect(first).rejects.toThrow('enough');
  expect(await parts.chunks()).toHaveLength(1);
  const done = await backfill(request, { api: api(), sink: parts });
  expect(done).toMatchObject({ chunksDone: 2, chunksTotal: 2, rows: 20 });
  const whole = await openFeatureStore({ folder: join(folder, 'whole'), kind: 'gpu', schema: schemaOf(gpuSpec) });
  const span = { fromMs: begin + 8 * day, untilMs: end };
  expect(await parts.read(span)).toEqual(await whole.read(span));
}, 120_000);

test('nodes have features of their own', async () => {
  const store = await openFeatureStore({ folder: join(folder, 'nodes'), kind: 'node', schema: schemaOf(nodeSpec) });
  await backfill({ ...request, spec: nodeSpec, untilMs: begin + 9 * day }, { api: api(), sink: store });
  const table = await store.read({ fromMs: 0, untilMs: end });
  expect(table.entities.map(({ node }) => node).sort()).toEqual(['gpu-01', 'gpu-03', hostile].sort());
  const index = table.entities.findIndex(({ node }) => node === hostile);
  const row = table.atMs.findIndex((ms, at) => ms === begin + 9 * day && table.entity[at] === index);
  const value = (name: string) => table.values[row * table.schema.names.length + table.schema.names.indexOf(name)];
  expect(value('scrapes_mean_24h')).toBeCloseTo(264 / 288, 5);
  expect(value('gpu_temperature_mean_1h')).toBeCloseTo(
    meanOf(scrapedValues(1, 91_000, begin + 9 * day - hour, begin + 9 * day, (ms) => 28 + 0.1 * power(ms))),
    3,
  );
}, 60_000);

test('the signs of failures are read as they were scraped', async () => {
  const signs = await readLabelSigns(api(), {
    ...settings,
    startMs: begin + 8 * day,
    endMs: end,
    signal: new AbortController().signal,
  });
  const scrapeAfter = (ms: number): number => Math.ceil((ms - begin - 91_000) / every) * every + begin + 91_000;
  expect(signs.xids.map(({ entity, atMs, code, count }) => [entity.uuid, code, count, atMs])).toEqual([
    ['GPU-b2', 63, 2, scrapeAfter(begin + 8 * day)],
    ['GPU-b2', 79, 1, scrapeAfter(lostAt - 6 * minute)],
    ['GPU-d1', 48, 1, dcgmXidAt + 13_000],
  ]);
  expect(signs.absences.map(({ entity, how, fromMs, untilMs }) => [entity.uuid, how, fromMs, untilMs])).toEqual([
    ['GPU-b2', 'off_the_bus', scrapeAfter(lostAt), undefined],
  ]);
  expect(signs.remaps.filter(({ hasFailed }) => hasFailed).map(({ entity }) => entity.uuid)).toEqual(['GPU-a2']);
  expect(signs.states.map(({ entity, state }) => [entity.uuid, state])).toEqual([
    ['GPU-a1', 'in_service'],
    ['GPU-b2', 'in_service'],
  ]);
  const failures = [
    ...xidSigns(signs.xids, end).signs,
    ...lostSigns(signs.absences, end).signs,
    ...remapSigns(signs.remaps, end).signs,
    ...stateSigns(signs.states, end).signs,
  ];
  expect(failures.map(({ entity, kind }) => [entity.uuid, kind])).toEqual([
    ['GPU-b2', 'xid_79'],
    ['GPU-b2', 'off_the_bus'],
    ['GPU-a2', 'row_remap_failure'],
  ]);
}, 60_000);
