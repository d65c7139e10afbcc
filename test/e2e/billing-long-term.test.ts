import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Span } from '../../exporters/billing/span.ts';
import { recordingGroups } from '../../rules/recording/index.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { isExact, read, totals } from '../support/billing-read.ts';
import { at, exporter, hours, minute, plain, type Tenure, there } from '../support/billing-targets.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { blocksOf, type SimulatedTarget, scraped } from '../support/scraped.ts';
import { tool } from '../support/tools.ts';

/** Pods that follow each other on each GPU, from half a minute to three hours, with pauses; the same on each run. */
function workload(uuids: readonly string[]): readonly Tenure[] {
  let seed = 42;
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  return uuids.flatMap((uuid) => {
    const tenures: Tenure[] = [];
    let fromMs = at(0) + Math.round(random() * 10 * minute);
    while (fromMs < at(6)) {
      const untilMs = Math.min(at(6), fromMs + Math.round(30_000 * 360 ** random()));
      tenures.push({ uuid, namespace: 'team', pod: `${uuid}-${tenures.length}`, fromMs, untilMs });
      fromMs = untilMs + Math.round(1000 + random() ** 3 * 20 * minute);
    }
    return tenures;
  });
}

const uuids = Array.from({ length: 16 }, (_, index) => `GPU-${index}`);
const [first, second] = [uuids.slice(0, 8), uuids.slice(8)];
const tenures = workload(uuids);

function withEnergy(target: SimulatedTarget, own: readonly string[]): SimulatedTarget {
  return {
    ...target,
    metrics: (ms) => [
      ...target.metrics(ms),
      ...own.map((uuid) => ['gpu_energy_joules_total', { uuid, gpu_id: '0' }, ((ms - at(-50)) / 1000) * 350] as const),
    ],
  };
}

const lostMs = 10 * minute + 25_000;
const isLost = (ms: number): boolean => ms >= at(1, 10, 31) && ms < at(1, 10, 31) + lostMs;
const started = (ms: number): number => (ms < at(4) ? at(-100) : at(4));
const targets: readonly SimulatedTarget[] = [
  withEnergy(exporter('quiet', 'node-1', first, tenures), first),
  withEnergy(exporter('quiet', 'node-22', second, tenures), second),
  exporter('outage', 'node-1', first, tenures, { isDark: (ms) => ms >= at(2, 5, 3) && ms < at(2, 45, 3) }),
  plain('lost', 'node-1', (ms) => there('GPU-L', isLost(ms) ? 0 : 1)),
  exporter('restart', 'node-1', first, tenures, {
    startedAt: started,
    isDown: (ms) => ms >= at(3, 59, 10) && ms < at(4),
  }),
];

const root = join(import.meta.dirname, '../..');

let raw: RunningPrometheus;
let longTerm: RunningPrometheus;
const cleanUp: (() => void)[] = [];

beforeAll(async () => {
  const blocks = blocksOf(scraped(targets, 's'));
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-long-term-'));
  cleanUp.push(blocks.remove, () => rmSync(folder, { recursive: true, force: true }));
  const config = 'global: {scrape_interval: 15s}\n';
  const forever = '--storage.tsdb.retention.time=100y';
  raw = await startPrometheus({
    config,
    dataDir: blocks.dataDir,
    // Blocks that promtool makes have no marks where a series ends; a scrape later it is not there any more.
    args: [forever, '--query.lookback-delta=16s'],
  });
  const [group] = recordingGroups.filter((each) => each.group === 'billing-long-term');
  if (group === undefined) throw new Error('the group is gone');
  writeFileSync(join(folder, 'rules.yaml'), JSON.stringify(recordingFile(group)));
  const span = [`--start=${at(-1) / 1000}`, `--end=${at(8) / 1000}`, '--eval-interval=1m'];
  // Prometheus evaluates a group at a moment of the minute that follows from its name and that of its file.
  const args = [`--url=${raw.url}`, ...span, '--output-dir=data', 'rules.yaml'];
  execFileSync(tool('promtool'), ['tsdb', 'create-blocks-from', 'rules', '--quiet', ...args], {
    cwd: folder,
    stdio: 'pipe',
  });
  longTerm = await startPrometheus({ config, dataDir: join(folder, 'data'), args: [forever] });
}, 120_000);

afterAll(async () => {
  await raw?.stop();
  await longTerm?.stop();
  for (const clean of cleanUp) clean();
});

/** Milliseconds by pod. */
function truthOf(own: readonly string[], { startMs, endMs }: Span): Readonly<Record<string, number>> {
  const held = tenures
    .filter(({ uuid }) => own.includes(uuid))
    .map(({ pod, fromMs, untilMs }) => [pod, Math.min(endMs, untilMs) - Math.max(startMs, fromMs)] as const);
  return Object.fromEntries(held.filter(([, ms]) => ms > 0));
}

const spans = hours(0, 7);
const period = { startMs: at(0), endMs: at(7) };

function readBoth(cluster: string, meter?: string) {
  const gaps = { policy: 'zero' } as const;
  const asked = { cluster, spans, gaps, ...(meter === undefined ? {} : { meter }) };
  return Promise.all([
    read({ ...asked, url: raw.url }),
    read({ ...asked, url: longTerm.url, source: { recorded: true } }),
  ]);
}

type Windows = Awaited<ReturnType<typeof read>>['windows'];

const usedByPod = (windows: Windows): Readonly<Record<string, number>> =>
  totals(
    windows.map((window) => ({ ...window, usages: window.usages.filter(({ state }) => state === 'used') })),
    ({ holder }) => holder['pod'] ?? '',
  );

/** Of any pod, in seconds. */
function worstOf(billed: Readonly<Record<string, number>>, truth: Readonly<Record<string, number>>): number {
  const pods = new Set([...Object.keys(billed), ...Object.keys(truth)]);
  return Math.max(...[...pods].map((pod) => Math.abs((billed[pod] ?? 0) - (truth[pod] ?? 0)))) / 1000;
}

const worstOfPeriod = (windows: Windows, own: readonly string[]): number =>
  worstOf(usedByPod(windows), truthOf(own, period));
const worstOfHour = (windows: Windows, own: readonly string[]): number =>
  Math.max(...windows.map((window) => worstOf(usedByPod([window]), truthOf(own, window.span))));

/** Rows of the table of the guide, by their first cell. */
const guide = readFileSync(join(root, 'docs/guides/billing-meters.md'), 'utf8');
const rowOf = (name: string): readonly string[] =>
  guide
    .split('\n')
    .find((line) => line.startsWith(`| ${name} |`))
    ?.split('|')
    .slice(2, -1)
    .map((cell) => cell.trim()) ?? [];
const seconds = (all: readonly number[]): readonly string[] => all.map((each) => `${each.toFixed(1)} s`);

test('pods that come and go: in sum to the ms, at the edges of a window within a scrape', async () => {
  const both = (await readBoth('quiet')).map(({ windows }) => windows);
  expect(Object.keys(truthOf(uuids, period))).toHaveLength(186);
  expect(both.every(isExact)).toBe(true);
  expect(both.map((windows) => worstOfPeriod(windows, uuids))).toEqual([0, 0]);
  const ofHour = both.map((windows) => worstOfHour(windows, uuids));
  expect(rowOf('A pod, in an hour')).toEqual(seconds(ofHour));
  expect(rowOf('A pod, in seven hours')).toEqual(seconds([0, 0]));
  expect(ofHour[1]).toBeLessThanOrEqual(15 + 12);
  const read = both.map((windows) => windows[0]?.evidence.samples ?? 0);
  expect(rowOf('Samples read, thousands')).toEqual(read.map((samples) => String(Math.round(samples / 1000))));
});

test('energy is exact', async () => {
  const both = await readBoth('quiet', 'gpu_energy');
  const used = both.map(({ windows }) => totals(windows, ({ state }) => state));
  expect(used).toEqual(Array(2).fill({ used: uuids.length * 7 * 3600 * 350_000 }));
});

test('a GPU that does not answer: to a scrape, or to a minute at each end', async () => {
  const both = await readBoth('lost');
  const errors = both.map(({ windows }) => {
    const lost = totals(windows, ({ reason }) => reason)['lost'] ?? 0;
    return Math.abs(lost - lostMs) / 1000;
  });
  expect(rowOf('A GPU that was lost for 625 s')).toEqual(seconds(errors));
  expect(errors[1]).toBeLessThanOrEqual(60);
});

test('Prometheus away for 40 minutes: who had what in them is known from the counters', async () => {
  const both = (await readBoth('outage')).map(({ windows }) => windows);
  const errors = both.map((windows) => worstOfPeriod(windows, first));
  expect(errors).toEqual([0, 0]);
  expect(rowOf('A pod, with Prometheus away for 40 minutes')).toEqual(seconds(errors));
});

test('an exporter that starts anew without what it saved', async () => {
  const both = (await readBoth('restart')).map(({ windows }) => windows);
  const errors = both.map((windows) => worstOfPeriod(windows, first));
  expect(rowOf('A pod, with the exporter away for 50 s and without its state')).toEqual(seconds(errors));
  expect(Math.max(...errors)).toBeLessThanOrEqual(60 + 50);
});
