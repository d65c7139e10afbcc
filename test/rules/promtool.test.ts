import { join } from 'node:path';
import { type AlertTheme, situationsOf } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { profileThemes } from '../../rules/profiles/index.ts';
import { recordingGroups } from '../../rules/recording/index.ts';
import { alertFile, recordingFile } from '../../rules/render/prometheus.ts';
import { testGroup } from '../../rules/render/promtool-tests.ts';
import { evaluationStep } from './evaluation-step.ts';
import { secondsOf } from './mutation/durations.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const options = { runbookBaseUrl: 'https://runbooks.example/' };

/** Each alert by itself, because all rules of a file are evaluated again for each example. */
function writeExamples({ theme, alerts, ...rest }: AlertTheme): readonly string[] {
  return alerts.flatMap((alert) => {
    const rules = `${alert.name}.yaml`;
    folder.write(rules, alertFile({ ...rest, theme, alerts: [alert] }, options));
    return situationsOf(alert).map((situation, index) => {
      const file = `${alert.name}.${index}.test.yaml`;
      const tests = [testGroup(alert, situation)];
      folder.write(file, { rule_files: [rules], evaluation_interval: evaluationStep(alert, situation), tests });
      return file;
    });
  });
}

test.each([...alertThemes, ...profileThemes])(
  'promtool accepts the alerts of $theme and sees their examples fire and stay quiet',
  (theme) => {
    folder.write(`${theme.theme}.yaml`, alertFile(theme, options));
    const checked = folder.promtool('check', 'rules', '--lint=all', '--lint-fatal', `${theme.theme}.yaml`);
    expect(checked).toEqual({ ok: true, output: expect.stringContaining(`${theme.alerts.length} rules found`) });
    const tested = folder.promtool('test', 'rules', ...writeExamples(theme));
    expect(tested).toEqual({ ok: true, output: expect.stringContaining('SUCCESS') });
  },
);

test('the generated files with the examples of a whole theme pass where they lie', () => {
  const generated = join(import.meta.dirname, '../../rules/generated/tests');
  // Those that take moments; the others are made by the same function.
  const quick = [...alertThemes, ...profileThemes].filter((theme) => evaluationsOf(theme) < 500);
  expect(quick.length).toBeGreaterThan(20);
  const files = quick.map(({ theme }) => join(generated, `${theme}.test.yaml`));
  expect(folder.promtool('test', 'rules', ...files)).toEqual({ ok: true, output: expect.stringContaining('SUCCESS') });
});

function evaluationsOf({ alerts }: AlertTheme): number {
  const minutes = alerts.flatMap((alert) => situationsOf(alert).map(({ at }) => secondsOf(at) / 60));
  return alerts.length * minutes.reduce((sum, each) => sum + each, 0);
}

test.each(recordingGroups)('promtool accepts the recording rules of $group', (group) => {
  folder.write(`${group.group}.yaml`, recordingFile(group));
  const checked = folder.promtool('check', 'rules', '--lint=all', '--lint-fatal', `${group.group}.yaml`);
  expect(checked).toEqual({
    ok: true,
    output: expect.stringContaining(`${Object.keys(group.series).length} rules found`),
  });
});
