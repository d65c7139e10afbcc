import type { Readings } from '../../scenes/ReadingsView';
import type { Row } from '../../scenes/rows';
import type { runQueries } from './run-queries';

export interface Run {
  readonly key: string;
  readonly run: string;
  readonly framework: string;
  readonly phase: string | undefined;
  readonly silentSeconds: number | undefined;
  readonly intervalSeconds: number | undefined;
  readonly step: number | undefined;
  readonly steps: number | undefined;
  readonly leftSeconds: number | undefined;
  readonly loss: number | undefined;
  readonly isLossFinite: boolean;
  readonly tokens: number | undefined;
  readonly goodput: number | undefined;
  /** Speed of the slowest rank against the fastest. */
  readonly slowest: number | undefined;
  /** What took most of the time that made no progress. */
  readonly mostLost: { readonly reason: string; readonly ratio: number } | undefined;
  readonly alerts: readonly string[];
}

type RunReadings = Readings<keyof typeof runQueries>;

/** Runs with what is known of them; those that need somebody first, then by name. */
export function runsOf(readings: RunReadings): readonly Run[] {
  const rows = [...readings.phase, ...readings.silence, ...readings.step];
  const keys = new Map(rows.map((row) => [keyOf(row), row.labels] as const));
  const at = (name: Exclude<keyof RunReadings, 'alerts'>, key: string) =>
    readings[name].find((row) => keyOf(row) === key);
  return [...keys]
    .map(([key, { run = '', framework = '' }]) => ({
      key,
      run,
      framework,
      phase: at('phase', key)?.labels.phase,
      silentSeconds: at('silence', key)?.value,
      intervalSeconds: at('interval', key)?.value,
      step: at('step', key)?.value,
      steps: at('steps', key)?.value,
      leftSeconds: at('left', key)?.value,
      loss: at('loss', key)?.value,
      isLossFinite: at('nonFinite', key)?.value !== 1,
      tokens: at('tokens', key)?.value,
      goodput: at('goodput', key)?.value,
      slowest: at('slowest', key)?.value,
      mostLost: largest(readings.lost.filter((row) => keyOf(row) === key)),
      alerts: readings.alerts.filter(({ labels }) => labels.run === run).map(({ labels }) => labels.alertname ?? ''),
    }))
    .sort((a, b) => rankOf(a) - rankOf(b) || (a.run < b.run ? -1 : 1));
}

export type Verdict = 'failed' | 'not_a_number' | 'stuck' | 'slow_rank' | 'losing_time' | 'waiting' | 'ended' | 'well';

const order: readonly Verdict[] = [
  'failed',
  'not_a_number',
  'stuck',
  'slow_rank',
  'losing_time',
  'waiting',
  'well',
  'ended',
];
/** As the alert TrainingStraggler and the colours of the board have it. */
const straggling = 0.75;
const lastingShare = 0.9;
/** Where no alert says so: so many reports, and at least so long, without a new step. */
const missedReports = 20;
const leastSilentSeconds = 600;

/** Is the run stuck, and why? The worst that is known comes first. */
export function verdictOf(run: Run): Verdict {
  if (run.phase === 'failed') return 'failed';
  if (run.phase === 'ended') return 'ended';
  if (!run.isLossFinite) return 'not_a_number';
  if (isStuck(run)) return 'stuck';
  if (run.slowest !== undefined && run.slowest < straggling) return 'slow_rank';
  if (run.phase !== undefined && run.phase !== 'training') return 'waiting';
  return run.goodput !== undefined && run.goodput < lastingShare ? 'losing_time' : 'well';
}

function isStuck({ alerts, phase, silentSeconds = 0, intervalSeconds = 0 }: Run): boolean {
  if (alerts.some((name) => name === 'TrainingStalled' || name === 'TrainingWentQuiet')) return true;
  return phase === 'training' && silentSeconds > Math.max(leastSilentSeconds, missedReports * intervalSeconds);
}

function rankOf(run: Run): number {
  return order.indexOf(verdictOf(run));
}

function largest(rows: readonly Row[]): Run['mostLost'] {
  const [first] = [...rows].sort((a, b) => b.value - a.value);
  return first === undefined || first.value <= 0
    ? undefined
    : { reason: first.labels.reason ?? '', ratio: first.value };
}

function keyOf({ labels: { cluster, run, job_id, framework } }: Row): string {
  return JSON.stringify([cluster, run, job_id, framework]);
}
