import { floorVersion, type TargetVersion } from '../../alertmanager/features.ts';
import { renderAlertmanager } from '../../alertmanager/render.ts';
import type { Site } from '../../alertmanager/site.ts';
import type { ProfileName } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { profileThemes } from '../../rules/profiles/index.ts';
import { recordingGroups } from '../../rules/recording/index.ts';
import { type PrometheusRuleOptions, prometheusRule } from '../../rules/render/operator.ts';
import {
  type AlertFileOptions,
  alertFile,
  type RuleFile,
  recordingFile,
  sourceOf,
} from '../../rules/render/prometheus.ts';
import { userRunbookPage } from '../../rules/render/runbooks.ts';
import { sloAlerts } from '../../rules/slo/alerts.ts';
import { sloRecordings } from '../../rules/slo/recordings.ts';
import type { UserObjectives } from './slo/slo-file.ts';
import { toYaml } from './yaml.ts';

/** Text by path, relative to the folder that is written. */
export type Files = ReadonlyMap<string, string>;

export interface RuleSettings {
  /** Where the runbook pages are served; the name of the alert and `.md` follow. */
  readonly runbookBaseUrl: string;
  /** Where people open Grafana, for links to boards. */
  readonly grafanaUrl?: string | undefined;
  /** Objectives of the user beside ours, and the file that they are from. */
  readonly objectives?: UserObjectives | undefined;
  /** Names of the optional groups that are wanted, such as `compat`. */
  readonly optional: readonly string[];
  /** Whose exporters are there beside ours; the alerts on their series are left out otherwise. */
  readonly profiles?: readonly ProfileName[];
  /** False has every group evaluated at the interval of the Prometheus that loads it: for a demonstration on few GPUs. */
  readonly ownIntervals?: boolean;
}

interface NamedRuleFile {
  readonly name: string;
  readonly madeFrom: string;
  readonly file: RuleFile;
}

/** One rule group in each file, recordings before the alerts that read them. */
export function ruleFiles({
  runbookBaseUrl,
  grafanaUrl,
  objectives,
  optional: wanted,
  profiles = [],
  ownIntervals = true,
}: RuleSettings): readonly NamedRuleFile[] {
  const isWanted = ({ profile }: { readonly profile?: ProfileName }): boolean =>
    profile === undefined || profiles.includes(profile);
  const recordings = recordingGroups
    .filter(({ group, optional }) => !optional || wanted.includes(group))
    .filter(isWanted)
    .map((group) => ({ name: group.group, madeFrom: 'rules/recording', file: recordingFile(group) }));
  const themes = [...alertThemes, ...profileThemes].filter(isWanted);
  const alerts = themes.map((theme) => ({
    name: theme.theme,
    madeFrom: sourceOf(theme),
    file: alertFile(theme, { runbookBaseUrl, grafanaUrl }),
  }));
  const own = objectives === undefined ? [] : objectiveRuleFiles(objectives, { runbookBaseUrl, grafanaUrl });
  const files = [...recordings, ...alerts, ...own];
  return ownIntervals ? files : files.map((named) => ({ ...named, file: withoutInterval(named.file) }));
}

function objectiveRuleFiles(
  { file: madeFrom, slos }: UserObjectives,
  options: AlertFileOptions,
): readonly NamedRuleFile[] {
  return slos.flatMap((slo) => {
    const [recordings, alerts] = [sloRecordings(slo), sloAlerts(slo)];
    return [
      { name: recordings.group, madeFrom, file: recordingFile(recordings) },
      { name: alerts.theme, madeFrom, file: alertFile(alerts, options) },
    ];
  });
}

/** A page for each alert of the objectives of a user. */
export function objectiveRunbooks({ file, slos }: UserObjectives): Files {
  const alerts = slos.flatMap((slo) => sloAlerts(slo).alerts);
  return new Map(alerts.map((alert) => [`${alert.name}.md`, userRunbookPage(alert, file)]));
}

function withoutInterval({ groups: [{ interval: _, ...group }] }: RuleFile): RuleFile {
  return { groups: [group] };
}

/** Files for `rule_files` of a Prometheus. */
export function prometheusRuleFiles(settings: RuleSettings): Files {
  return new Map(ruleFiles(settings).map(({ name, madeFrom, file }) => [`${name}.yaml`, toYaml(file, madeFrom)]));
}

/** The same groups as objects for the Prometheus Operator. */
export function operatorRuleFiles(settings: RuleSettings, options: PrometheusRuleOptions): Files {
  return new Map(
    ruleFiles(settings).map(({ name, madeFrom, file }) => [
      `${name}.yaml`,
      toYaml(prometheusRule(file, options), madeFrom),
    ]),
  );
}

/** alertmanager.yml for a site; `templatesDir` is seen from that file. */
export function alertmanagerFile(
  site: Site,
  madeFrom: string,
  templatesDir: string,
  version: TargetVersion = floorVersion,
): string {
  return toYaml(renderAlertmanager(site, { templatesDir, target: { version, secrets: 'files' } }), madeFrom);
}
