import type { RecordingGroup } from '../../../rules/recording.ts';
import { median } from '../bench.ts';

/** CPU time of the server for one evaluation of a recording rule. */
export interface RuleCost {
  readonly group: string;
  readonly rule: string;
  readonly cpuSeconds: number;
  /** Series that it gives. */
  readonly series: number;
  /** Evaluations in a minute. */
  readonly perMinute: number;
}

/** A clock of process CPU time ticks every 10 ms, so cheap rules are asked more than once. */
const leastCpuSeconds = 0.2;
const maxAsks = 20;
const usualIntervalSeconds = 60;

/**
 * What each rule costs a Prometheus that does nothing else: CPU time before and after the same question at one instant. The server must be
 * idle and hold the series that the rules read.
 */
export async function ruleCosts(
  url: string,
  groups: readonly RecordingGroup[],
  atMs: number,
): Promise<readonly RuleCost[]> {
  const costs: RuleCost[] = [];
  for (const { group, interval, series } of groups) {
    for (const { name, expr } of Object.values(series)) {
      const cost = await costOfQuery(url, expr.promql, atMs);
      costs.push({ group, rule: name, perMinute: 60 / secondsOf(interval), ...cost });
    }
  }
  return costs;
}

async function costOfQuery(url: string, query: string, atMs: number): Promise<Pick<RuleCost, 'cpuSeconds' | 'series'>> {
  // The first one reads blocks from disk.
  const series = await ask(url, query, atMs);
  const rounds: number[] = [];
  for (let round = 0; round < 3; round++) {
    const before = await cpuSecondsOf(url);
    let asks = 0;
    let spent = 0;
    while (spent < leastCpuSeconds && asks < maxAsks) {
      await ask(url, query, atMs);
      asks++;
      spent = (await cpuSecondsOf(url)) - before;
    }
    rounds.push(spent / asks);
  }
  return { cpuSeconds: median(rounds), series };
}

async function ask(url: string, query: string, atMs: number): Promise<number> {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    // A count of the answer: rules write no JSON.
    body: new URLSearchParams({ query: `count(${query})`, time: String(atMs / 1000) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${query}: ${text}`);
  return Number(/"value":\[[^,]*,"(\d+)"\]/.exec(text)?.[1] ?? 0);
}

async function cpuSecondsOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1]);
}

function secondsOf(interval: RecordingGroup['interval']): number {
  const [, count, unit = 's'] = /^(\d+)([smh])$/.exec(interval ?? `${usualIntervalSeconds}s`) ?? [];
  return Number(count) * ({ s: 1, m: 60, h: 3600 }[unit] ?? 1);
}
