import { renderAlertmanager } from '../../alertmanager/render.ts';
import type { Site } from '../../alertmanager/site.ts';
import type { ProfileName } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { recordingGroups } from '../../rules/recording/index.ts';
import { type PrometheusRuleOptions, prometheusRule } from '../../rules/render/operator.ts';
import { alertFile, type RuleFile, recordingFile } from '../../rules/render/prometheus.ts';
import { toYaml } from './yaml.ts';

/** Text by path, relative to the folder that is written. */
export type Files = ReadonlyMap<string, string>;

export interface RuleSettings {
  /** Where the runbook pages are served; the name of the alert and `.md` follow. */
  readonly runbookBaseUrl: string;
  /** Where people open Grafana, for links to boards. */
  readonly grafanaUrl?: string | undefined;
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
  optional: wanted,
  profiles = [],
  ownIntervals = true,
}: RuleSettings): readonly NamedRuleFile[] {
  const recordings = recordingGroups
    .filter(({ group, optional }) => !optional || wanted.includes(group))
    .map((group) => ({ name: group.group, madeFrom: 'rules/recording', file: recordingFile(group) }));
  const alerts = alertThemes
    .filter(({ profile }) => profile === undefined || profiles.includes(profile))
    .map((theme) => ({
      name: theme.theme,
      madeFrom: `rules/alerts/${theme.theme}.ts`,
      file: alertFile(theme, { runbookBaseUrl, grafanaUrl }),
    }));
  const files = [...recordings, ...alerts];
  return ownIntervals ? files : files.map((named) => ({ ...named, file: withoutInterval(named.file) }));
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
export function alertmanagerFile(site: Site, madeFrom: string, templatesDir: string): string {
  return toYaml(renderAlertmanager(site, { templatesDir }), madeFrom);
}
