import type { Alert, AlertTheme } from '../alert.ts';
import { gpuProfiles } from '../alert.ts';
import type { RecordingGroup } from '../recording.ts';
import type { Threshold } from '../thresholds.ts';
import { generatedFrom, table } from './markdown.ts';
import { actionMeaning } from './runbooks.ts';

export interface RuleReference {
  readonly themes: readonly AlertTheme[];
  /** The same alerts on series of other exporters. */
  readonly profiles?: readonly AlertTheme[];
  readonly recordings: readonly RecordingGroup[];
  readonly thresholds: Readonly<Record<string, Threshold>>;
  /** Path of the runbook pages as seen from the reference page. */
  readonly runbooks: string;
}

/** The reference page of alerts, thresholds and recorded series in Markdown. */
export function ruleReference({
  themes,
  profiles: others = [],
  recordings,
  thresholds,
  runbooks,
}: RuleReference): string {
  return `${[
    generatedFrom('rules/'),
    '# Alerts and recorded series',
    'Each alert links to its runbook. `for` is how long the condition must hold; `keep` is how long the alert stays after it.',
    '## Alerts',
    ...themes.flatMap((theme) => [`### ${theme.theme}`, ...profileNote(theme), alertTable(theme.alerts, runbooks)]),
    ...(others.length === 0 ? [] : profileSection(others, runbooks)),
    '## Thresholds',
    'A site sets them in a file of its own, without changing code: `fleetlens generate --rules.overrides=FILE` with `thresholds: {gpuTemperatureMarginCelsius: 8}`; see the [guide of rules](../guides/rules.md). What is given here is the default.',
    thresholdTable(thresholds),
    '## Recorded series',
    ...recordings.flatMap((group) => [`### ${group.group}`, optionalNote(group), recordingTable(group)]),
  ].join('\n\n')}\n`;
}

function alertTable(alerts: readonly Alert[], runbooks: string): string {
  return table(
    ['Alert', 'Severity', 'Owner', 'for', 'keep', 'Summary', 'Action'],
    alerts.map((alert) => [
      `[${alert.name}](${runbooks}/${alert.name}.md)`,
      alert.severity,
      alert.team,
      alert.for,
      alert.keepFiringFor ?? '',
      alert.summary,
      actionMeaning[alert.action],
    ]),
  );
}

function profileSection(themes: readonly AlertTheme[], runbooks: string): readonly string[] {
  const names = [...new Set(themes.flatMap(({ alerts }) => alerts.map(({ name }) => name)))];
  const has = (name: string, wanted: string): boolean =>
    themes.some(({ profile, alerts }) => profile === wanted && alerts.some((alert) => alert.name === name));
  return [
    '## With series of other exporters',
    'Loaded with `--rules.profiles`; the [guide](../guides/alerts-gpu-profiles.md) tells who needs which. Name, texts and severity are those above.',
    table(
      ['Alert', ...gpuProfiles.map((profile) => `\`${profile}\``)],
      names.map((name) => [
        `[${name}](${runbooks}/${name}.md)`,
        ...gpuProfiles.map((profile) => (has(name, profile) ? 'yes' : '')),
      ]),
    ),
  ];
}

function thresholdTable(thresholds: Readonly<Record<string, Threshold>>): string {
  return table(
    ['Name', 'Default', 'Unit', 'Why'],
    Object.entries(thresholds).map(([name, { value, unit, reason }]) => [`\`${name}\``, String(value), unit, reason]),
  );
}

function profileNote({ profile }: Pick<AlertTheme, 'profile'>): readonly string[] {
  return profile === undefined ? [] : [`Loaded with the profile \`${profile}\`: \`--rules.profiles=${profile}\`.`];
}

function optionalNote({ optional, profile }: RecordingGroup): string {
  if (profile !== undefined) return profileNote({ profile }).join();
  return optional ? 'Optional: load this file only if you need it.' : 'Loaded by default; boards read these series.';
}

function recordingTable({ series }: RecordingGroup): string {
  return table(
    ['Series', 'Labels', 'Unit', 'What it is'],
    Object.values(series).map(({ name, labels, unit, help }) => [
      `\`${name}\``,
      labels.map((label) => `\`${label}\``).join(', '),
      unit,
      help,
    ]),
  );
}
