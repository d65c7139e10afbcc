import { operatorRuleFiles, prometheusRuleFiles } from '../../cli/generate/files.ts';
import { runbookPages } from '../../cli/generate/runbook-pages.ts';
import { toYaml } from '../../cli/generate/yaml.ts';
import { profiles } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { profileThemes } from '../../rules/profiles/index.ts';
import { recordingGroups } from '../../rules/recording/index.ts';
import { sourceOf } from '../../rules/render/prometheus.ts';
import { alertTests } from '../../rules/render/promtool-tests.ts';

type Files = readonly (readonly [path: string, text: string])[];

const optional = recordingGroups.map(({ group }) => group);
const settings = { runbookBaseUrl: 'docs/runbooks/', optional, profiles };

/** Rule files in both forms, and the unit tests of the alerts for promtool. */
export function generatedRules(): Files {
  return [
    ...below('rules/generated/prometheus', prometheusRuleFiles(settings)),
    ...below('rules/generated/operator', operatorRuleFiles(settings, {})),
    ...[...alertThemes, ...profileThemes].map((theme) => {
      const tests = alertTests(theme, { ruleFiles: [`../prometheus/${theme.theme}.yaml`] });
      return [`rules/generated/tests/${theme.theme}.test.yaml`, toYaml(tests, sourceOf(theme))] as const;
    }),
  ];
}

export function generatedRunbooks(): Files {
  return below('docs/runbooks', runbookPages());
}

function below(folder: string, files: ReadonlyMap<string, string>): Files {
  return [...files].map(([name, text]) => [`${folder}/${name}`, text] as const);
}
