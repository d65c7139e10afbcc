import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type BlockSeries, writeBlocks } from '../../../support/alert-blocks.ts';
import { minute } from '../../../support/alert-series.ts';
import { type RunningPrometheus, startPrometheus } from '../../../support/prometheus.ts';
import { runMain } from '../../../support/run-main.ts';

const startMs = Date.UTC(2026, 2, 2);
const hours = 10;
const steps = hours * 60;
const target = { cluster: 'berlin', node: 'n1', job: 'fleetlens-gpu', instance: 'n1:9400' };

/** A value for those minutes. */
function during(...spans: readonly (readonly [from: number, to: number])[]): readonly (number | undefined)[] {
  return Array.from({ length: steps }, (_, index) =>
    spans.some(([from, to]) => index >= from && index < to) ? 1 : undefined,
  );
}

function alerts(
  labels: Readonly<Record<string, string>>,
  firing: readonly (readonly [number, number])[],
  pending: readonly (readonly [number, number])[] = [],
): BlockSeries[] {
  const all = { cluster: 'berlin', ...labels };
  return [
    { name: 'ALERTS', labels: { ...all, alertstate: 'firing' }, values: during(...firing) },
    { name: 'ALERTS', labels: { ...all, alertstate: 'pending' }, values: during(...pending) },
  ];
}

const throttle = {
  alertname: 'GpuThermalThrottle',
  severity: 'warning',
  domain: 'gpu',
  team: 'sre',
  node: 'n1',
  gpu_id: '0',
  uuid: 'GPU-0',
};
const lost = { alertname: 'GpuLost', severity: 'critical', domain: 'gpu', team: 'sre', node: 'n1', uuid: 'GPU-0' };
/** Prometheus is down from the one minute to the other. */
const down = [310, 440] as const;
/** Every half hour it throttles for five minutes, hard only once; the bursts while Prometheus is down nobody saw. */
const bursts = Array.from({ length: 19 }, (_, index) => [30 * index + 20, 30 * index + 25] as const).filter(
  ([from]) => from < down[0] || from >= down[1],
);

const series: readonly BlockSeries[] = [
  ...alerts(
    throttle,
    bursts.map(([from, to]) => [from + 2, to + 2] as const),
    bursts.map(([from]) => [from, from + 2] as const),
  ),
  // While it fires three of the bursts come, and Prometheus is down.
  ...alerts(lost, [
    [100, 170],
    [300, down[0]],
    [down[1], 460],
  ]),
  ...alerts({ alertname: 'TrainingStalled', severity: 'critical', domain: 'training', team: 'workload', run: 'r' }, [
    [0, 10],
  ]),
  ...alerts(
    { alertname: 'TrainingMfuLow', severity: 'warning', domain: 'training', team: 'workload', run: 'r' },
    [],
    [
      [50, 55],
      [60, 65],
    ],
  ),
  ...alerts({ alertname: 'Watchdog', severity: 'none', domain: 'fleetlens', team: 'observability' }, [[0, steps]]),
  ...alerts({ alertname: 'CmdbDrift', severity: 'warning', domain: 'cmdb', team: 'sre', node: 'n2' }, [[560, steps]]),
  { name: 'up', labels: target, values: during([0, down[0]], [down[1], steps]) },
  {
    name: 'gpu_clock_event_active',
    labels: { ...target, gpu_id: '0', uuid: 'GPU-0', reason: 'sw_thermal' },
    values: Array.from({ length: steps }, (_, index) => {
      const burst = bursts.findIndex(([from, to]) => index >= from && index < to);
      if (index >= down[0] && index < down[1]) return undefined;
      if (burst < 0) return 0;
      return burst === 3 ? 1 : 0.4;
    }),
  },
];

let prometheus: RunningPrometheus;
let data: string;

beforeAll(async () => {
  data = writeBlocks(series, { startMs, stepMs: minute });
  prometheus = await startPrometheus({
    config: 'global: {}\n',
    dataDir: data,
    // The blocks have no markers for the end of a series, so a look finds only what is of that minute.
    args: ['--query.lookback-delta=59s', '--storage.tsdb.retention.time=100y'],
  });
});

afterAll(async () => {
  await prometheus.stop();
  rmSync(dirname(data), { recursive: true, force: true });
});

function report(...args: readonly string[]) {
  const span = [
    `--from=${new Date(startMs).toISOString()}`,
    `--to=${new Date(startMs + (steps - 1) * minute).toISOString()}`,
  ];
  return runMain('alerts', 'report', `--prometheus.url=${prometheus.url}`, ...span, ...args);
}

test('finds what was planted', async () => {
  const { status, stdout, stderr } = await report('--output=json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const found = JSON.parse(stdout) as Found;
  const rule = (alert: string) => found.rules.find((each) => each['alert'] === alert);
  expect(rule('GpuThermalThrottle')).toMatchObject({
    firings: 15,
    flaps: 13,
    medianSeconds: 300,
    p90Seconds: 300,
    short: 15,
    stillFiring: 0,
    pendingOnly: 0,
  });
  // Nothing was recorded from minute 310 to 440, so the second and the third firing are one.
  expect(rule('GpuLost')).toMatchObject({ firings: 2, resolved: 2, medianSeconds: 160 * 60 });
  expect(rule('TrainingStalled')).toMatchObject({ firings: 0, carriedOver: 1, resolved: 0 });
  expect(rule('TrainingMfuLow')).toMatchObject({ firings: 0, series: 0, pendingOnly: 2 });
  expect(rule('CmdbDrift')).toMatchObject({ firings: 1, stillFiring: 1 });
  expect(rule('Watchdog')).toBeUndefined();
  expect(found.gapSeconds).toBe(130 * 60);
  expect(found.unactedOn).toEqual([{ alert: 'GpuThermalThrottle', severity: 'warning' }]);
  expect(found.messages).toMatchObject({ firings: 18, keptBack: 3 });
  expect(found.delays).toEqual([expect.objectContaining({ alert: 'GpuThermalThrottle', firings: 15 })]);
});

test('a throttled GPU is kept back while it is lost', async () => {
  const found = JSON.parse((await report('--output=json', '--thresholds=0')).stdout) as Found;
  // Of the bursts those that fire from 112, 142 and 442 on.
  expect(found.messages).toEqual({ firings: 18, toldNobody: 0, keptBack: 3, messages: 15 });
  expect(found.thresholds).toEqual([]);
});

test('suggests the threshold that lets two hard bursts through, by asking the expression again', async () => {
  const found = JSON.parse((await report('--output=json', '--firings.per-week=20')).stdout) as Found;
  // Five minutes of 0.4 within ten are 0.2 on average. The hard burst is more, and so is the one right after the gap, which is all of its average.
  expect(found.thresholds).toEqual([
    {
      alert: 'GpuThermalThrottle',
      severity: 'warning',
      threshold: 'gpuThermalThrottleRatio',
      unit: 'ratio',
      from: 0.1,
      to: expect.any(Number),
      firings: 15,
      firingsThen: 2,
    },
  ]);
  const [{ to = 0 } = {}] = found.thresholds as { to?: number }[];
  expect(to).toBeGreaterThan(0.1);
  expect(to).toBeLessThan(0.5);
});

test('the text fits 80 columns', async () => {
  const { columns } = process.stdout;
  process.stdout.columns = 80;
  const { stdout } = await report();
  process.stdout.columns = columns;
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  for (const title of [
    'Noisiest rules',
    'Messages',
    'Over before anybody acts',
    'Longer waits',
    'Other thresholds',
    'What this rests on',
  ]) {
    expect(stdout).toContain(`\n${title}\n`);
  }
  expect(stdout).toContain('Nothing was recorded for 2 h 10 min');
});

test('CSV has a row for each rule, Markdown the same tables', async () => {
  const csv = (await report('--output=csv')).stdout.split('\n');
  expect(csv[0]).toBe(
    'alert,severity,domain,team,series,firings,carried_over,flaps,still_firing,resolved,short,median_seconds,p90_seconds,time_share,pending_only',
  );
  expect(csv[1]).toMatch(/^GpuThermalThrottle,warning,gpu,sre,1,15,0,13,0,15,15,300,300,0\.125,0/);
  const { stdout } = await report('--output=markdown');
  expect(stdout).toContain('| Alert | Severity | Fired |');
  expect(stdout).toContain('| GpuThermalThrottle | warning | 15 |');
});

test('only alerts that match are told of', async () => {
  const found = JSON.parse((await report('--output=json', '--match=team="workload"')).stdout) as Found;
  expect(found.rules.map((rule) => rule['alert'])).toEqual(['TrainingMfuLow', 'TrainingStalled']);
});

test('a stretch without alerts ends with status 1, and so does a Prometheus that is not there', async () => {
  expect(await report('--match=team="nobody"')).toMatchObject({ status: 1, stderr: '' });
  const gone = await runMain('alerts', 'report', '--prometheus.url=http://127.0.0.1:9');
  expect(gone).toMatchObject({ status: 1, stdout: '' });
  expect(gone.stderr).toMatch(/^fleetlens alerts report: .*127\.0\.0\.1:9/);
});

test.each([
  [['--from=yesterday'], '--from must be a time such as 2026-03-01'],
  [['--from=2026-03-02', '--to=2026-03-01'], '--from must be before --to'],
  [['--step=1s'], '--step must be a duration from 15s to 1h'],
  [['--output=xml'], '--output must be'],
])('%j is refused', async (args, complaint) => {
  const { status, stderr } = await runMain('alerts', 'report', ...args);
  expect(status).toBe(2);
  expect(stderr).toContain(complaint);
});

interface Found {
  readonly rules: readonly Readonly<Record<string, unknown>>[];
  readonly gapSeconds: number;
  readonly unactedOn: unknown;
  readonly messages: unknown;
  readonly delays: unknown;
  readonly thresholds: unknown;
}
