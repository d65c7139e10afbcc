import { renderAlertmanager } from '../../alertmanager/render.ts';
import type { Site } from '../../alertmanager/site.ts';
import type { ProfileName } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { recordingGroups } from '../../rules/recording/index.ts';
import { type PrometheusRuleOptions, prometheusRule } from '../../rules/render/operator.ts';
import { alertFile, type RuleFile, recordingFile } from '../../rules/render/prometheus.ts';
import { forTarget } from '../../rules/targets/for-target.ts';
import { defaultTarget, type RuleTarget } from '../../rules/targets/target.ts';
import { applyOverrides } from '../rules/overrides/apply-overrides.ts';
import { noOverrides, type Overrides } from '../rules/overrides/overrides.ts';
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
  /** What the site has otherwise. */
  readonly overrides?: Overrides;
  /** Who evaluates the rules; the oldest Prometheus that we know if it is not said. */
  readonly target?: RuleTarget;
  /** How far in the past the rules look. */
  readonly queryOffset?: string | undefined;
  /** False has every group evaluated at the interval of the Prometheus that loads it: for a demonstration on few GPUs. */
  readonly ownIntervals?: boolean;
}

/** Under which mimirtool loads the groups. */
const mimirNamespace = 'fleetlens';

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
  overrides = noOverrides,
  target = defaultTarget,
  queryOffset,
  ownIntervals = true,
}: RuleSettings): readonly NamedRuleFile[] {
  const recordings = recordingGroups
    .filter(({ group, optional }) => !optional || wanted.includes(group))
    .map((group) => ({ name: group.group, madeFrom: 'rules/recording', file: recordingFile(group) }));
  const alerts = applyOverrides(alertThemes, overrides)
    .filter(({ profile }) => profile === undefined || profiles.includes(profile))
    .map((theme) => ({
      name: theme.theme,
      madeFrom: `rules/alerts/${theme.theme}.ts`,
      file: alertFile(theme, { runbookBaseUrl, grafanaUrl }),
    }));
  const files = [...recordings, ...alerts].map((named) => ({
    ...named,
    file: forTarget(named.file, target, { queryOffset }),
  }));
  return ownIntervals ? files : files.map((named) => ({ ...named, file: withoutInterval(named.file) }));
}

function withoutInterval({ groups: [{ interval: _, ...first }, ...others] }: RuleFile): RuleFile {
  return { groups: [first, ...others.map(({ interval: __, ...group }) => group)] };
}

/** Files for `rule_files` of a Prometheus, a Thanos Ruler or a vmalert; for Mimir one file, which holds a namespace. */
export function prometheusRuleFiles(settings: RuleSettings): Files {
  const files = ruleFiles(settings);
  if (settings.target?.name !== 'mimir')
    return new Map(files.map(({ name, madeFrom, file }) => [`${name}.yaml`, toYaml(file, madeFrom)]));
  const namespace = { namespace: mimirNamespace, groups: files.flatMap(({ file }) => file.groups) };
  return new Map([[`${mimirNamespace}.yaml`, toYaml(namespace, 'rules')]]);
}

/** The same groups as objects for the operator of Prometheus, or that of VictoriaMetrics. */
export function operatorRuleFiles(settings: RuleSettings, options: PrometheusRuleOptions): Files {
  const operator = settings.target?.name === 'victoriametrics' ? 'victoriametrics' : 'prometheus';
  return new Map(
    ruleFiles(settings).map(({ name, madeFrom, file }) => [
      `${name}.yaml`,
      objectsYaml(file, { ...options, operator }, madeFrom),
    ]),
  );
}

/** One object, or one for each part of a group that is too large for one. */
function objectsYaml({ groups }: RuleFile, options: PrometheusRuleOptions, madeFrom: string): string {
  return groups.map((group) => toYaml(prometheusRule({ groups: [group] }, options), madeFrom)).join('---\n');
}

/** alertmanager.yml for a site; `templatesDir` is seen from that file. */
export function alertmanagerFile(site: Site, madeFrom: string, templatesDir: string): string {
  return toYaml(renderAlertmanager(site, { templatesDir }), madeFrom);
}
