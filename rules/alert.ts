import type { Duration, Expr } from '../metrics/promql.ts';
import type { ThresholdName } from './thresholds.ts';

export const severities = ['critical', 'warning', 'info', 'none'] as const;
export type Severity = (typeof severities)[number];

/** What the person who gets the alert is asked to do; NVIDIA's own words where it has them. */
export const actions = [
  'restart_app',
  'reset_gpu',
  'restart_node',
  'drain',
  'contact_support',
  'investigate',
  'none',
] as const;
export type Action = (typeof actions)[number];

export const domains = [
  'gpu',
  'training',
  'inference',
  'cmdb',
  'billing',
  'prediction',
  'fleetlens',
  'platform',
] as const;
export type Domain = (typeof domains)[number];

/** Exporters of others that alerts about GPUs can read in the place of ours. */
export const gpuProfiles = ['dcgm-4.8', 'dcgm-4.9', 'amd'] as const;
export type GpuProfile = (typeof gpuProfiles)[number];

/** Whose exporters a theme reads, where they are others' and not everybody has them. */
export const profiles = [...gpuProfiles, 'kubernetes', 'node', 'kafka', 'redis', 'postgresql', 'scheduler'] as const;
export type ProfileName = (typeof profiles)[number];

/** Who is on call for it: the owners of machines, of workloads, of the monitoring itself, or of the platform, who bills. */
export const teams = ['sre', 'workload', 'observability', 'finance'] as const;
export type Team = (typeof teams)[number];

/** One situation for promtool: series with their values over time, looked at once. */
export interface Example {
  /** In words, what happens. */
  readonly when: string;
  /** Input series, one value a minute unless `interval` says otherwise, in promtool's notation (`0x10 1`, `90+1x5`, `_`). */
  readonly series: readonly (readonly [series: Expr, values: string])[];
  readonly interval?: Duration['duration'];
  /** When to look, from the start of the series. */
  readonly at: Duration['duration'];
}

export interface FiringExample extends Example {
  /** Labels that the firing alert carries beside alertname and the rule's own labels; one entry for each alert expected. */
  readonly alerts: readonly Readonly<Record<string, string>>[];
}

export interface Runbook {
  /** What the alert means for the people who use the GPUs. */
  readonly meaning: string;
  /** What to look at first, a line for each step. */
  readonly firstLook: readonly string[];
  /** How to mend it, a line for each step. */
  readonly remedy: readonly string[];
}

/** An alert with all that hangs off it: rule, unit tests, runbook page and reference. */
export interface Alert {
  readonly name: Capitalize<string>;
  readonly expr: Expr;
  /** The entries of `thresholds` that the expression contains, for the reference and the runbook page. */
  readonly thresholds?: readonly ThresholdName[];
  readonly for: Duration['duration'] | '0s';
  readonly keepFiringFor?: Duration['duration'];
  readonly severity: Severity;
  readonly action: Action;
  readonly domain: Domain;
  readonly team: Team;
  /** One sentence without numbers. */
  readonly summary: string;
  /** One or two sentences in Prometheus' template language, with the humanized value and the first thing to do. */
  readonly description: string;
  /** Labels of a site, beside those that every rule sets. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of a site, beside those that every alert has. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly runbook: Runbook;
  readonly fires: FiringExample;
  /** Close to firing, yet quiet; 'never' only for a dead man's switch, which always fires. */
  readonly quiet: Example | 'never';
  /** What the two do not show, such as the other half of the expression, or how close the thresholds are: for the unit tests only. */
  readonly edges?: readonly (FiringExample | Example)[];
}

/** The examples and edges of an alert, each with the alerts that it expects: none where it stays quiet. */
export function situationsOf({ fires, quiet, edges = [] }: Alert): readonly FiringExample[] {
  const others = quiet === 'never' ? edges : [quiet, ...edges];
  return [fires, ...others.map((example) => ({ alerts: [], ...example }))];
}

/** Alerts of one theme: one file, one rule group. */
export interface AlertTheme {
  /** Name of the file and of the rule group. */
  readonly theme: string;
  /** Loaded only when this profile is asked for; without one, always. */
  readonly profile?: ProfileName;
  readonly interval?: Duration['duration'];
  readonly alerts: readonly Alert[];
}

export function defineAlerts(theme: AlertTheme): AlertTheme {
  return Object.freeze(theme);
}
