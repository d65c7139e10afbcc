import { situationsOf } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { profileThemes } from '../../rules/profiles/index.ts';
import { alertFile } from '../../rules/render/prometheus.ts';
import { testGroup } from '../../rules/render/promtool-tests.ts';
import { evaluationStep } from './evaluation-step.ts';
import { ruleFolder } from './rule-files.ts';
import { allSituationsOf } from './situations.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

test.each([...alertThemes, ...profileThemes])(
  'the alerts of $theme do as is said in edges, neighbours and variations of their examples',
  (theme) => {
    const files = theme.alerts.flatMap((alert) => {
      const rules = `${alert.name}.yaml`;
      folder.write(rules, alertFile({ ...theme, alerts: [alert] }, { runbookBaseUrl: 'https://x/' }));
      return allSituationsOf(alert)
        .slice(situationsOf(alert).length)
        .map((situation, index) => {
          const file = `${alert.name}.${index}.test.yaml`;
          const step = evaluationStep(alert, situation);
          folder.write(file, { rule_files: [rules], evaluation_interval: step, tests: [testGroup(alert, situation)] });
          return file;
        });
    });
    if (files.length === 0) return;
    expect(folder.promtool('test', 'rules', ...files)).toEqual({
      ok: true,
      output: expect.stringContaining('SUCCESS'),
    });
  },
);
