import type { Alert, AlertTheme } from '../alert.ts';
import { gpuProfiles } from '../alert.ts';
import type { RecordingGroup } from '../recording.ts';
import { contextOf } from './context.ts';
import { dashboardUrl } from './dashboard-link.ts';

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface RuleGroup {
  readonly name: string;
  readonly interval?: string;
  /** How far in the past the rules look; vmalert calls it eval_delay. */
  readonly query_offset?: string;
  readonly eval_delay?: string;
  /** Thanos: what to do when a store does not answer. */
  readonly partial_response_strategy?: 'abort' | 'warn';
  readonly rules: readonly (AlertingRule | RecordingRule)[];
}

/** The content of one rule file as Prometheus loads it. */
export interface RuleFile {
  readonly groups: readonly [RuleGroup, ...RuleGroup[]];
}

export interface AlertFileOptions {
  /** Where the runbook pages are served; the name of the alert and `.md` follow. */
  readonly runbookBaseUrl: string;
  /** Where people open Grafana; without it alerts have no link to a board. */
  readonly grafanaUrl?: string | undefined;
}

export function alertFile(theme: AlertTheme, options: AlertFileOptions): RuleFile {
  return file({
    name: theme.theme,
    ...(theme.interval && { interval: theme.interval }),
    rules: theme.alerts.map((alert) => alertingRule(alert, options)),
  });
}

export function recordingFile(group: RecordingGroup): RuleFile {
  return file({
    name: group.group,
    ...(group.interval && { interval: group.interval }),
    rules: Object.values(group.series).map(({ name, expr, fixed }) => ({
      record: name,
      expr: expr.promql,
      ...(fixed && { labels: fixed }),
    })),
  });
}

/** Where a theme is written. */
export function sourceOf({ theme, profile }: Pick<AlertTheme, 'theme' | 'profile'>): string {
  return gpuProfiles.some((name) => name === profile) ? 'rules/profiles' : `rules/alerts/${theme}.ts`;
}

/** The labels that the rule itself sets on the alert, beside those of its expression. */
export function ruleLabels({ severity, action, domain, team, labels }: Alert): Readonly<Record<string, string>> {
  return { ...labels, severity, action, domain, team };
}

function file(group: RuleGroup): RuleFile {
  return { groups: [group] };
}

function alertingRule(alert: Alert, { runbookBaseUrl, grafanaUrl }: AlertFileOptions): AlertingRule {
  const dashboard = grafanaUrl === undefined ? undefined : dashboardUrl(grafanaUrl, alert.domain);
  const context = contextOf(alert);
  return {
    alert: alert.name,
    expr: alert.expr.promql,
    for: alert.for,
    ...(alert.keepFiringFor && { keep_firing_for: alert.keepFiringFor }),
    labels: ruleLabels(alert),
    annotations: {
      ...alert.annotations,
      summary: alert.summary,
      description: alert.description,
      runbook_url: `${runbookBaseUrl.replace(/\/+$/, '')}/${alert.name}.md`,
      ...(context && { context }),
      ...(dashboard && { dashboard_url: dashboard }),
    },
  };
}
