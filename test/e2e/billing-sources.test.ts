import { defaultMeters } from '../../exporters/billing/meters/default-meters.ts';
import type { Meter } from '../../exporters/billing/meters/meter.ts';
import { readFileNow } from '../../exporters/billing/sources/config/fields.ts';
import { defaultGaps, type GapSettings } from '../../exporters/billing/sources/config/gaps.ts';
import { readSources } from '../../exporters/billing/sources/config/read-sources.ts';
import { readWindows } from '../../exporters/billing/sources/read-windows.ts';
import { storeDeps } from '../../exporters/billing/sources/store.ts';
import type { Span } from '../../exporters/billing/span.ts';
import type { MeteredWindow, Usage } from '../../exporters/billing/usage.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { blocksOf, type Metric, type SimulatedTarget, scraped } from '../support/scraped.ts';
import type { RunningServer } from '../support/server-process.ts';
import { importSamples, startVictoriaMetrics } from '../support/victoria-metrics.ts';

const hour = 3_600_000;
const minute = 60_000;
/** 2023-11-14T23:00:00Z */
const begin = 1_700_002_800_000;
const at = (hours: number, minutes = 0, seconds = 0): number =>
  begin + hours * hour + minutes * minute + seconds * 1000;
const hours = (first: number, count: number): readonly Span[] =>
  Array.from({ length: count }, (_, index) => ({ startMs: at(first + index), endMs: at(first + index + 1) }));

interface Tenure {
  readonly uuid: string;
  readonly namespace: string;
  readonly pod: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** An exporter that knows to the ms who has which GPU, and counts from when it was started. */
function exporter(
  cluster: string,
  node: string,
  uuids: readonly string[],
  tenures: readonly Tenure[],
  more: Partial<SimulatedTarget> & { readonly startedAt?: (ms: number) => number } = {},
): SimulatedTarget {
  const startedAt = more.startedAt ?? (() => at(-100));
  const metrics = (ms: number): readonly Metric[] => [
    ['process_start_time_seconds', {}, startedAt(ms) / 1000],
    ...uuids.flatMap((uuid, index): readonly Metric[] => [
      ['gpu_up', { uuid, gpu_id: `${index}` }, 1],
      ['gpu_info', { uuid, gpu_id: `${index}`, model: 'NVIDIA H100' }, 1],
    ]),
    ...tenures.flatMap(({ uuid, namespace, pod, fromMs, untilMs }): readonly Metric[] => {
      const since = Math.max(fromMs, startedAt(ms));
      const held = Math.min(ms, untilMs) - since;
      if (!uuids.includes(uuid) || held <= 0 || ms > untilMs + hour) return [];
      const who = { uuid, gpu_instance_id: '', profile: '', namespace, pod, container: 'main', job_id: '' };
      return [
        ['gpu_allocated_seconds_total', who, held / 1000],
        ['gpu_allocated_share_seconds_total', who, held / 1000],
      ];
    }),
  ];
  return {
    job: 'gpu',
    instance: `${node}:9400`,
    labels: { cluster, node },
    intervalMs: 15_000,
    offsetMs: node.length * 1234 + 7,
    fromMs: at(-1),
    untilMs: at(8),
    metrics,
    ...more,
  };
}

const tenures: readonly Tenure[] = [
  { uuid: 'GPU-1', namespace: 'team-a', pod: 'train-0', fromMs: at(0, 10, 7.3), untilMs: at(3, 20, 11.111) },
  { uuid: 'GPU-1', namespace: 'team-b', pod: 'eval', fromMs: at(3, 30, 0.5), untilMs: at(9) },
  { uuid: 'GPU-2', namespace: 'team-b', pod: 'serve', fromMs: at(-50), untilMs: at(9) },
];

const isInOutage = (ms: number): boolean => ms >= at(1, 30) && ms < at(3, 30);
const restarted = (ms: number): number => (ms < at(2, 30) ? at(-100) : at(2, 30));

const targets: readonly SimulatedTarget[] = [
  exporter('plain', 'n1', ['GPU-1', 'GPU-2'], tenures),
  exporter('plain', 'n22', ['GPU-3', 'GPU-4'], tenures),
  exporter('outage', 'n1', ['GPU-1', 'GPU-2'], tenures, { isDark: isInOutage }),
  exporter('restart', 'n1', ['GPU-1', 'GPU-2'], tenures, {
    startedAt: restarted,
    isDown: (ms) => ms >= at(2, 25) && ms < at(2, 30),
  }),
  exporter('ha', 'n1', ['GPU-1', 'GPU-2'], tenures, {
    labels: { cluster: 'ha', node: 'n1', replica: 'a' },
    isDark: (ms) => ms >= at(1, 10) && ms < at(1, 40),
  }),
  exporter('ha', 'n1', ['GPU-1', 'GPU-2'], tenures, {
    labels: { cluster: 'ha', node: 'n1', replica: 'b' },
    offsetMs: 11_111,
    isDark: (ms) => ms >= at(3, 10) && ms < at(3, 40),
  }),
];

let prometheus: RunningPrometheus;
let victoria: RunningServer;
let removeBlocks: () => void;

beforeAll(async () => {
  const blocks = blocksOf(scraped(targets, 's'));
  removeBlocks = blocks.remove;
  prometheus = await startPrometheus({
    config: 'global: {scrape_interval: 1m}\n',
    dataDir: blocks.dataDir,
    args: ['--storage.tsdb.retention.time=100y'],
  });
  victoria = await startVictoriaMetrics();
  await importSamples(victoria.url, scraped(targets, 'ms'));
}, 120_000);

afterAll(async () => {
  await prometheus?.stop();
  await victoria?.stop();
  removeBlocks?.();
});

interface Asked {
  readonly cluster: string;
  readonly spans: readonly Span[];
  readonly url?: string;
  readonly meter?: string;
  readonly gaps?: Partial<GapSettings>;
  readonly source?: Readonly<Record<string, unknown>>;
}

async function read({ cluster, spans, url = prometheus.url, meter = 'gpu_time', gaps, source }: Asked) {
  const given = { name: 'main', cluster_label: 'cluster', clusters: [cluster], url, ...source };
  const [first] = readSources({ value: [given], where: 'billing.yaml: sources' });
  if (first === undefined) throw new Error('no source');
  const problems: string[] = [];
  const windows = await readWindows(
    {
      source: first,
      meter: meterOf(meter),
      spans,
      gaps: { ...defaultGaps, ...gaps },
      systemNamespaces: ['kube-system'],
      onProblem: (problem) => problems.push(problem),
    },
    storeDeps(readFileNow),
  );
  return { windows, problems };
}

function meterOf(name: string): Meter {
  const meter = defaultMeters.find((each) => each.name === name);
  if (meter === undefined) throw new Error(`no meter ${name}`);
  return meter;
}

/** Quantities by what they are of, summed over windows. */
function totals(windows: readonly MeteredWindow[], of: (usage: Usage) => string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const usage of windows.flatMap(({ usages }) => usages)) {
    const key = of(usage);
    sums[key] = (sums[key] ?? 0) + Number(usage.quantity);
  }
  return sums;
}

const byPod = ({ resource, state, reason, holder }: Usage): string =>
  `${resource} ${state}${reason === '' ? '' : ` ${reason}`}${holder['pod'] === undefined ? '' : ` ${holder['pod']}`}`;

const isExact = (windows: readonly MeteredWindow[]): boolean =>
  windows.every(({ conservation }) => conservation?.error.num === 0n);

const truth = {
  'GPU-1 idle unassigned': at(0, 10, 7.3) - at(0) + (at(3, 30, 0.5) - at(3, 20, 11.111)),
  'GPU-1 used train-0': at(3, 20, 11.111) - at(0, 10, 7.3),
  'GPU-1 used eval': at(6) - at(3, 30, 0.5),
  'GPU-2 used serve': 6 * hour,
};

test('six hours of two nodes: to the ms, and every ms of every GPU', async () => {
  const { windows } = await read({ cluster: 'plain', spans: hours(0, 6) });
  expect(totals(windows, byPod)).toEqual({
    ...truth,
    'GPU-3 idle unassigned': 6 * hour,
    'GPU-4 idle unassigned': 6 * hour,
  });
  expect(isExact(windows)).toBe(true);
  expect(windows.map(({ conservation }) => conservation?.installedMs)).toEqual(
    Array.from({ length: 6 }, () => 4 * hour),
  );
  expect(windows.map(({ coverage }) => coverage)).toEqual(
    windows.map(() => ({ expectedScrapes: 480, seenScrapes: 480, gaps: [], gapMs: 0, isHeld: false })),
  );
  expect(windows[0]?.usages[0]).toMatchObject({ meter: 'gpu_time', cluster: 'plain', node: 'n1', sku: 'NVIDIA H100' });
});
