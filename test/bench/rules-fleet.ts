import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { prometheusRuleFiles } from '../../cli/generate/files.ts';
import { toYaml } from '../../cli/generate/yaml.ts';
import { createPrometheusApi } from '../../kit/prometheus-api.ts';
import { recordingGroups } from '../../rules/recording/index.ts';
import { startChild } from '../support/child-process.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { type Bench, type BenchOptions, quantile, type Row, row } from './bench.ts';
import { type QueryTime, timeBoards, timeCurvesOfEachGpu } from './rules-fleet/board-times.ts';
import { naiveRuleFile, naiveRules } from './rules-fleet/naive-rules.ts';
import { type RuleState, ruleStates, type ServerFigures, serverFigures } from './rules-fleet/server-figures.ts';

const bench = 'rules-fleet';
const longestWarmUpMinutes = 3;
const everySeconds = 15;

/** GPUs by FLEETLENS_BENCH_GPUS (10000), optional groups too with FLEETLENS_BENCH_OPTIONAL=1. */
export const rulesFleet: Bench = {
  name: bench,
  about:
    'all default rules in a real Prometheus over 10,000 simulated GPUs × 60 series, against none and against naive rules',
  isLong: true,
  run: async (progress, options) => {
    const gpus = Number(process.env['FLEETLENS_BENCH_GPUS'] ?? 10_000);
    const port = await freePort();
    const side = join(import.meta.dirname, 'rules-fleet', 'fleet-side.ts');
    const args = ['--import', 'tsx', side, String(gpus), '4', String(port)];
    const server = startChild({ program: process.execPath, args });
    try {
      const started = await eventually('the fleet to be served', () => server.stdout() || undefined);
      progress(`fleet: ${started.trim()}`);
      return await measured(port, gpus, options, progress);
    } finally {
      await server.stop();
    }
  },
};

type Progress = (step: string) => void;

async function measured(
  port: number,
  gpus: number,
  { minutes = 10 }: BenchOptions,
  progress: Progress,
): Promise<readonly Row[]> {
  const optional = process.env['FLEETLENS_BENCH_OPTIONAL'] === '1' ? recordingGroups.map(({ group }) => group) : [];
  const rules = prometheusRuleFiles({ runbookBaseUrl: 'https://runbooks.example/', optional });
  const files = {
    ...Object.fromEntries([...rules].map(([name, text]) => [`rules/${name}`, text])),
    'naive/naive.yaml': toYaml(naiveRuleFile(), 'test/bench/rules-fleet'),
  };
  let folder = '';
  const configOf = (address: string, loaded: string): string => configText(port, address, loaded);
  let address = '';
  const prometheus = await startPrometheus({
    config: (own) => {
      address = own;
      return configOf(own, 'rules');
    },
    files,
    args: ['--storage.tsdb.retention.time=1d'],
  });
  folder = folderOf(prometheus.pid);
  const load = (loaded: string): void => {
    writeFileSync(join(folder, 'prometheus.yml'), configOf(address, loaded));
    process.kill(prometheus.pid, 'SIGHUP');
  };
  try {
    const warmUpMinutes = Math.min(longestWarmUpMinutes, minutes);
    progress(`warm-up: ${warmUpMinutes} min`);
    await pause(warmUpMinutes * 60);
    const ours = await phase({ prometheus, minutes, progress, title: 'all rules' });
    progress(`alerts: ${await firing(prometheus)}`);
    const boards = await timeBoards(prometheus.url, ours.seconds, progress);
    const curves = await timeCurvesOfEachGpu(prometheus.url, ours.seconds);
    load('naive');
    await pause(75);
    const naive = await phase({ prometheus, minutes: minutes / 2, progress, title: 'naive rules' });
    load('none');
    await pause(30);
    const none = await phase({ prometheus, minutes: minutes / 2, progress, title: 'no rules' });
    return [...rowsOf({ gpus, ours, naive, none, progress }), ...boardRows(boards, curves, progress)];
  } finally {
    await prometheus.stop();
  }
}

/** A fleet without faults has few alerts; many would cost more than the rules. */
async function firing({ url }: RunningPrometheus): Promise<string> {
  const query = 'sort_desc(count by (alertname, alertstate) (ALERTS))';
  const { samples } = await createPrometheusApi({ url }).query(query);
  return samples.map(({ labels, value }) => `${labels['alertname']} ${value} ${labels['alertstate']}`).join(', ');
}

interface Phase {
  readonly seconds: number;
  readonly cores: number;
  readonly first: ServerFigures;
  readonly last: ServerFigures;
  readonly resident: readonly number[];
  /** Durations of each group in seconds. */
  readonly groups: ReadonlyMap<string, readonly number[]>;
  readonly rules: readonly RuleState[];
}

async function phase({
  prometheus,
  minutes,
  progress,
  title,
}: {
  readonly prometheus: RunningPrometheus;
  readonly minutes: number;
  readonly progress: Progress;
  readonly title: string;
}): Promise<Phase> {
  const started = performance.now();
  const first = await serverFigures(prometheus.url);
  let last = first;
  const groups = new Map<string, number[]>();
  const resident: number[] = [];
  const secondsOf = (): number => (performance.now() - started) / 1000;
  for (let told = 0; secondsOf() < minutes * 60; ) {
    await pause(everySeconds);
    last = await serverFigures(prometheus.url);
    resident.push(last.residentBytes);
    for (const [group, seconds] of last.groups) groups.set(group, [...(groups.get(group) ?? []), seconds]);
    if (secondsOf() - told < 60) continue;
    told = secondsOf();
    const cores = (last.cpuSeconds - first.cpuSeconds) / secondsOf();
    progress(`${title}: ${Math.round(told / 60)} of ${minutes} min, ${cores.toFixed(3)} cores, ${last.series} series`);
  }
  const seconds = secondsOf();
  const cores = (last.cpuSeconds - first.cpuSeconds) / seconds;
  return { seconds, cores, first, last, resident, groups, rules: await ruleStates(prometheus.url) };
}

interface Phases {
  readonly gpus: number;
  readonly ours: Phase;
  readonly naive: Phase;
  readonly none: Phase;
  readonly progress: Progress;
}

function rowsOf({ gpus, ours, naive, none, progress }: Phases): readonly Row[] {
  const figure = (name: string, unit: string, value: number, baseline?: number): Row =>
    row({ bench, name, unit, runs: [value], ...(baseline !== undefined && { baselineRuns: [baseline] }) });
  const cost = (ours.cores - none.cores) * 1000;
  const naiveCost = (naive.cores - none.cores) * 1000;
  const intervals = new Map(ours.rules.map(({ group, intervalSeconds }) => [group, intervalSeconds]));
  const shares = [...ours.groups].map(([group, seconds]) => {
    const interval = intervals.get(group) ?? Number.NaN;
    return {
      group,
      p50: quantile(seconds, 0.5),
      p90: quantile(seconds, 0.9),
      share: quantile(seconds, 0.9) / interval,
    };
  });
  for (const { name, group, error } of ours.rules) if (error !== '') progress(`FAILED ${group}/${name}: ${error}`);
  for (const { group, p50, p90, share } of dearest(shares, ({ share }) => share))
    progress(
      `group ${group}: p50 ${p50.toFixed(3)} s, p90 ${p90.toFixed(3)} s, ${(100 * share).toFixed(1)} % of its interval`,
    );
  for (const { name, group, seconds } of dearest(
    ours.rules,
    ({ seconds, intervalSeconds }) => seconds / intervalSeconds,
  ))
    progress(`rule ${name} of ${group}: ${(1000 * seconds).toFixed(0)} ms`);
  return [
    figure('GPUs', 'GPUs', gpus),
    figure('active series', 'series', ours.last.series, none.last.series),
    figure('ingestion', 'samples/s', (ours.last.samples - ours.first.samples) / ours.seconds),
    figure('rules', 'rules', ours.rules.length, naiveRules.length),
    figure('missed iterations', 'iterations', ours.last.missed - ours.first.missed),
    figure('rule failures', 'failures', ours.last.failures - ours.first.failures),
    figure('CPU of Prometheus without rules', 'cores', none.cores),
    figure('CPU of Prometheus with all rules', 'cores', ours.cores, none.cores),
    figure('CPU of rules', 'mcores', cost, naiveCost),
    figure('CPU for each rule', 'mcores', cost / ours.rules.length, naiveCost / naiveRules.length),
    figure('dearest group, p90 of its interval', '%', 100 * Math.max(...shares.map(({ share }) => share))),
    figure('resident memory, highest', 'MiB', Math.max(...ours.resident) / 1048576),
  ];
}

const slow = 2;

/** Against curves of each GPU, as a board of dcgm-exporter draws them. */
function boardRows(boards: readonly QueryTime[], curves: readonly QueryTime[], progress: Progress): readonly Row[] {
  for (const { board, panel, seconds } of dearest(boards, (one) => one.seconds))
    progress(`query of ${board}, "${panel}": ${seconds.toFixed(3)} s`);
  const together = (all: readonly QueryTime[]): number => all.reduce((sum, { seconds }) => sum + seconds, 0);
  const opening = [...new Set(boards.map(({ board }) => board))].map((name) =>
    together(boards.filter(({ board, onOpening }) => onOpening && board === name)),
  );
  const highest = (all: readonly QueryTime[]): number => Math.max(...all.map(({ seconds }) => seconds));
  const overSlow = (all: readonly QueryTime[]): number => all.filter(({ seconds }) => seconds > slow).length;
  const figure = (name: string, unit: string, value: number, baseline: number): Row =>
    row({ bench, name, unit, runs: [value], baselineRuns: [baseline] });
  return [
    figure('board queries', 'queries', boards.length, curves.length),
    figure('board queries over 2 s', 'queries', overSlow(boards), overSlow(curves)),
    figure('dearest board query', 's', highest(boards), highest(curves)),
    figure('dearest board on opening, its queries together', 's', Math.max(...opening), together(curves)),
  ];
}

function dearest<T>(all: readonly T[], costOf: (one: T) => number): readonly T[] {
  return all.toSorted((a, b) => costOf(b) - costOf(a)).slice(0, 12);
}

function configText(port: number, address: string, loaded: string): string {
  return toYaml(
    {
      global: { scrape_interval: '15s', scrape_timeout: '10s', evaluation_interval: '30s' },
      rule_files: [`${loaded}/*.yaml`],
      scrape_configs: [
        { job_name: 'prometheus', static_configs: [{ targets: [address], labels: { cluster: 'c0' } }] },
        { job_name: 'fleet', honor_labels: true, http_sd_configs: [{ url: `http://127.0.0.1:${port}/targets` }] },
      ],
    },
    'test/bench/rules-fleet.ts',
  );
}

/** The folder of its configuration, which its command line names. */
function folderOf(pid: number): string {
  const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  return dirname(/--config\.file=([^\0]+)/.exec(line)?.[1] ?? '');
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
