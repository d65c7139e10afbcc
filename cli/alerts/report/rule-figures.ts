import type { AlertSeries } from './alert-history.ts';
import { quantileOf } from './quantile.ts';
import type { Stretches } from './stretches.ts';
import { stepsOf, type Window } from './window.ts';

export interface Limits {
  /** A firing that begins so soon after the end of the one before is a flap. */
  readonly flapMs: number;
  /** Whoever was told of a firing that ends so soon could hardly act on it. */
  readonly shortMs: number;
}

/** What one alerting rule did, over all its sets of labels. */
export interface RuleFigures {
  readonly alert: string;
  readonly severity: string;
  readonly domain: string;
  readonly team: string;
  /** Sets of labels that fired. */
  readonly series: number;
  /** Those that began in the window. */
  readonly firings: number;
  /** Those that fired at its first step already. */
  readonly carriedOver: number;
  readonly flaps: number;
  readonly stillFiring: number;
  /** Began and ended in the window. */
  readonly resolved: number;
  readonly short: number;
  /** Of those that began and ended in the window; undefined without one. */
  readonly medianSeconds: number | undefined;
  readonly p90Seconds: number | undefined;
  /** Share of the steps at which at least one set of labels fired. */
  readonly timeShare: number;
  /** Became true, and ended before they had lasted for long enough. */
  readonly pendingOnly: number;
  /** Seconds of each firing that began and ended in the window, ascending. */
  readonly durations: readonly number[];
  /** Seconds between the end of a firing and the next of the same labels, ascending. */
  readonly pauses: readonly number[];
}

interface Gathered {
  readonly series: AlertSeries[];
}

/** Figures of each rule, noisiest first. A rule is an alert of one name and severity. */
export function ruleFigures(all: readonly AlertSeries[], window: Window, limits: Limits): readonly RuleFigures[] {
  const rules = new Map<string, Gathered>();
  for (const series of all) {
    const key = JSON.stringify([series.labels['alertname'], series.labels['severity']]);
    const rule = rules.get(key) ?? { series: [] };
    rule.series.push(series);
    rules.set(key, rule);
  }
  return [...rules.values()]
    .map(({ series }) => figuresOf(series, window, limits))
    .sort((one, other) => other.firings - one.firings || (one.alert < other.alert ? -1 : 1));
}

function figuresOf(series: readonly AlertSeries[], window: Window, limits: Limits): RuleFigures {
  const { labels = {} } = series[0] ?? {};
  const fired = series.filter(({ firing }) => firing.startsMs.length > 0);
  const durations = sorted(fired.flatMap(({ firing }) => resolvedSeconds(firing)));
  const pauses = sorted(fired.flatMap(({ firing }) => pauseSeconds(firing)));
  const carriedOver = fired.filter(({ firing }) => firing.heldAtStart).length;
  return {
    alert: labels['alertname'] ?? '',
    severity: labels['severity'] ?? '',
    domain: labels['domain'] ?? '',
    team: labels['team'] ?? '',
    series: fired.length,
    firings: sum(fired.map(({ firing }) => firing.startsMs.length)) - carriedOver,
    carriedOver,
    flaps: pauses.filter((pause) => pause * 1000 <= limits.flapMs).length,
    stillFiring: fired.filter(({ firing }) => firing.holdsAtEnd).length,
    resolved: durations.length,
    short: durations.filter((seconds) => seconds * 1000 <= limits.shortMs).length,
    medianSeconds: quantileOf(durations, 0.5),
    p90Seconds: quantileOf(durations, 0.9),
    timeShare: shareOfSteps(fired, window),
    pendingOnly: sum(series.map((each) => pendingOnly(each, window.stepMs))),
    durations,
    pauses,
  };
}

/** Those whose beginning or end nobody saw are left out: they lasted longer than what was seen. */
function resolvedSeconds({ startsMs, endsMs, heldAtStart, holdsAtEnd }: Stretches): readonly number[] {
  const seconds = startsMs.map((start, index) => ((endsMs[index] ?? start) - start) / 1000);
  return seconds.slice(heldAtStart ? 1 : 0, holdsAtEnd ? -1 : undefined);
}

function pauseSeconds({ startsMs, endsMs }: Stretches): readonly number[] {
  return startsMs.slice(1).map((start, index) => (start - (endsMs[index] ?? start)) / 1000);
}

/** A wait that a firing follows at once was one of those that fired, and one that still lasts may yet. */
function pendingOnly({ pending, firing }: AlertSeries, stepMs: number): number {
  const firingFrom = new Set(firing.startsMs);
  const ended = pending.holdsAtEnd ? pending.endsMs.slice(0, -1) : pending.endsMs;
  return ended.filter((end) => !firingFrom.has(end) && !firingFrom.has(end - stepMs)).length;
}

function shareOfSteps(series: readonly AlertSeries[], window: Window): number {
  const steps = stepsOf(window);
  const isFiring = new Uint8Array(steps);
  for (const { firing } of series) {
    for (const [index, start] of firing.startsMs.entries()) {
      const end = firing.endsMs[index] ?? start;
      isFiring.fill(1, (start - window.startMs) / window.stepMs, (end - window.startMs) / window.stepMs);
    }
  }
  return sum(isFiring) / steps;
}

function sorted(values: readonly number[]): readonly number[] {
  return values.toSorted((one, other) => one - other);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
