import type { Expr } from '../../metrics/promql.ts';
import type { Action, Alert, AlertTheme, Example, ProfileName, Severity, Team } from '../alert.ts';
import { thresholds } from '../thresholds.ts';
import { fenced, generatedFrom, numbered, table } from './markdown.ts';
import { sourceOf } from './prometheus.ts';

export const severityMeaning: Readonly<Record<Severity, string>> = {
  critical: 'critical: wake somebody up',
  warning: 'warning: look at it in working hours',
  info: 'info: a note beside other alerts',
  none: 'none: told to nobody; a heartbeat, or a reason why others are held back',
};

export const actionMeaning: Readonly<Record<Action, string>> = {
  restart_app: 'restart the application',
  reset_gpu: 'drain the node and reset the GPU',
  restart_node: 'drain and reboot the node',
  drain: 'take new work off the node, then repair',
  contact_support: 'have a person look, and contact support if need be',
  investigate: 'investigate',
  none: 'nothing, it is for information',
};

export const teamMeaning: Readonly<Record<Team, string>> = {
  sre: 'sre: owners of the machines',
  workload: 'workload: owner of the job on the GPU, or of the model that is served',
  observability: 'observability: owners of the monitoring',
  finance: 'finance: owner of the platform, who bills',
};

/** The same alert on the series of another exporter. */
export interface PageVariant {
  readonly profile: ProfileName;
  readonly expr: Expr;
}

/** The alerts of a name in the themes of the profiles. */
export function variantsOf(name: string, themes: readonly AlertTheme[]): readonly PageVariant[] {
  return themes.flatMap(({ profile, alerts }) =>
    profile === undefined ? [] : alerts.filter((alert) => alert.name === name).map(({ expr }) => ({ profile, expr })),
  );
}

/** The runbook page of one alert in Markdown. */
export function runbookPage(
  alert: Alert,
  theme: Pick<AlertTheme, 'theme' | 'profile'>,
  variants: readonly PageVariant[] = [],
): string {
  return pageUnder(generatedFrom(sourceOf(theme)), alert, variants);
}

/** The same for an alert that was made from the file of a user. */
export function userRunbookPage(alert: Alert, file: string): string {
  return pageUnder(generatedFrom(file, 'fleetlens generate'), alert, []);
}

function pageUnder(origin: string, alert: Alert, variants: readonly PageVariant[]): string {
  return `${[
    origin,
    `# ${alert.name}`,
    alert.summary,
    facts(alert),
    '## What it means',
    alert.runbook.meaning,
    '## First look',
    numbered(alert.runbook.firstLook),
    '## Remedy',
    numbered(alert.runbook.remedy),
    '## When it fires',
    fenced('promql', alert.expr.promql),
    timing(alert),
    ...variants.filter(({ expr }) => expr !== alert.expr).flatMap(variantSection),
    ...thresholdSection(alert),
    '## Examples',
    `Fires: ${alert.fires.when}.`,
    exampleSeries(alert.fires),
    ...quietSection(alert),
  ].join('\n\n')}\n`;
}

function facts(alert: Alert): string {
  return table(
    ['Severity', 'Action', 'Owner'],
    [[severityMeaning[alert.severity], actionMeaning[alert.action], teamMeaning[alert.team]]],
  );
}

function timing(alert: Alert): string {
  const fires = alert.for === '0s' ? 'It fires at once' : `It fires after ${alert.for} without a break`;
  return alert.keepFiringFor === undefined
    ? `${fires}.`
    : `${fires}, and goes on firing for ${alert.keepFiringFor} after the expression has ended.`;
}

function variantSection({ profile, expr }: PageVariant): readonly string[] {
  return [`With the profile \`${profile}\`:`, fenced('promql', expr.promql)];
}

function thresholdSection({ expr, thresholds: names = [] }: Alert): readonly string[] {
  if (names.length === 0) return [];
  const here = thresholdsInForce(expr);
  const isChanged = names.some((name) => here.get(name) !== thresholds[name].value);
  const rows = names.map((name) => {
    const { value, unit, reason } = thresholds[name];
    return [`\`${name}\``, ...(isChanged ? [String(here.get(name))] : []), String(value), unit, reason];
  });
  return [
    'Thresholds, which a site may set (guide of rules, overrides):',
    table(['Name', ...(isChanged ? ['Here'] : []), 'Default', 'Unit', 'Why'], rows),
  ];
}

/** The values that stand in an expression, by the name of the threshold. */
export function thresholdsInForce({ parts }: Expr): ReadonlyMap<string, number> {
  return new Map(parts.flatMap((part) => (typeof part === 'string' ? [] : [[part.parameter, part.value] as const])));
}

function quietSection({ quiet }: Alert): readonly string[] {
  if (quiet === 'never') return ['It is never quiet.'];
  return [`Stays quiet: ${quiet.when}.`, exampleSeries(quiet)];
}

function exampleSeries({ series, interval = '1m', at }: Example): string {
  const lines = series.map(([name, values]) => `${name.promql}  ${values}`);
  return fenced('text', [`# one value every ${interval}, looked at after ${at}`, ...lines].join('\n'));
}
