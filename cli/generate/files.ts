import { floorVersion, type TargetVersion } from '../../alertmanager/features.ts';
import { renderAlertmanager } from '../../alertmanager/render.ts';
import type { Site } from '../../alertmanager/site.ts';
import type { ProfileName } from '../../rules/alert.ts';
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
import { forTarget } from '../../rules/targets/for-target.ts';
import { defaultTarget, type RuleTarget } from '../../rules/targets/target.ts';
import { allThemes } from '../../rules/themes.ts';
import { applyOverrides } from '../rules/overrides/apply-overrides.ts';
import { overrideRecordings } from '../rules/overrides/override-recordings.ts';
import { noOverrides, type Overrides } from '../rules/overrides/overrides.ts';
import { objectiveRules } from './slo/objective-rules.ts';
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
  objectives,
  optional: wanted,
  profiles = [],
  overrides = noOverrides,
  target = defaultTarget,
  queryOffset,
  ownIntervals = true,
}: RuleSettings): readonly NamedRuleFile[] {
  const isWanted = ({ profile }: { readonly profile?: ProfileName }): boolean =>
    profile === undefined || profiles.includes(profile);
  const recordings = recordingGroups
    .filter(({ group, optional }) => !optional || wanted.includes(group))
    .filter(isWanted)
    .map((group) => ({
      name: group.group,
      madeFrom: 'rules/recording',
      file: recordingFile(overrideRecordings(group, overrides)),
    }));
  const themes = applyOverrides(allThemes, overrides).filter(isWanted);
  const alerts = themes.map((theme) => ({
    name: theme.theme,
    madeFrom: sourceOf(theme),
    file: alertFile(theme, { runbookBaseUrl, grafanaUrl }),
  }));
  const own = objectives === undefined ? [] : objectiveRuleFiles(objectives, overrides, { runbookBaseUrl, grafanaUrl });
  const files = [...recordings, ...alerts, ...own].map((named) => ({
    ...named,
    file: forTarget(named.file, target, { queryOffset }),
  }));
  return ownIntervals ? files : files.map((named) => ({ ...named, file: withoutInterval(named.file) }));
}

function objectiveRuleFiles(
  { file: madeFrom, slos }: UserObjectives,
  overrides: Overrides,
  options: AlertFileOptions,
): readonly NamedRuleFile[] {
  return slos.flatMap((slo) => {
    const { recordings, themes } = objectiveRules(slo, overrides);
    return [
      { name: recordings.group, madeFrom, file: recordingFile(recordings) },
      ...themes.map((theme) => ({ name: theme.theme, madeFrom, file: alertFile(theme, options) })),
    ];
  });
}

/** A page for each alert of the objectives of a user. */
export function objectiveRunbooks({ file, slos }: UserObjectives, overrides: Overrides = noOverrides): Files {
  const themes = slos.flatMap((slo) => objectiveRules(slo, overrides).themes);
  const alerts = themes.flatMap((theme) => theme.alerts);
  return new Map(alerts.map((alert) => [`${alert.name}.md`, userRunbookPage(alert, file)]));
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
export function alertmanagerFile(
  site: Site,
  madeFrom: string,
  templatesDir: string,
  version: TargetVersion = floorVersion,
): string {
  return toYaml(renderAlertmanager(site, { templatesDir, target: { version, secrets: 'files' } }), madeFrom);
}
