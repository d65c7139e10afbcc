import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc: (options: { readonly type: 'minor' }) => void = runInNewContext('gc');

/** One figure of a benchmark. */
export interface Row {
  readonly bench: string;
  readonly name: string;
  /** Median of the runs. */
  readonly value: number;
  readonly unit: string;
  /** What a user would pick instead, measured in the same run; null where there is nothing to run here. */
  readonly baseline: number | null;
  /** value / baseline. */
  readonly ratio: number | null;
  /** Every single run, for the spread. */
  readonly runs: readonly number[];
}

export interface Bench {
  readonly name: string;
  /** One sentence: what is measured against what. */
  readonly about: string;
  /** Runs only when it is named. */
  readonly isLong?: boolean;
  readonly run: (progress: (step: string) => void, options: BenchOptions) => Promise<readonly Row[]>;
}

export interface BenchOptions {
  /** How long a benchmark that goes on for a while is to last. */
  readonly minutes?: number | undefined;
  /** Folder of public data sets; what needs them is left out without it. */
  readonly data?: string | undefined;
}

interface Figures {
  readonly bench: string;
  readonly name: string;
  readonly unit: string;
  readonly runs: readonly number[];
  readonly baselineRuns?: readonly number[];
}

export function row({ bench, name, unit, runs, baselineRuns }: Figures): Row {
  const value = median(runs);
  const baseline = baselineRuns === undefined ? null : median(baselineRuns);
  return { bench, name, value, unit, baseline, ratio: baseline === null ? null : value / baseline, runs };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The nearest-rank quantile, from 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/**
 * Wall and CPU time of this process for one piece of work. CPU time is what counts on a machine that others use too. The young
 * garbage of the work before is collected first, so that nobody pays for somebody else's.
 */
export async function costOf(work: () => unknown): Promise<Cost> {
  gc({ type: 'minor' });
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}
