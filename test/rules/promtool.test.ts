import { alertThemes } from '../../rules/alerts/index.ts';
import { profileThemes } from '../../rules/profiles/index.ts';
import { recordingGroups } from '../../rules/recording/index.ts';
import { alertFile, recordingFile } from '../../rules/render/prometheus.ts';
import { alertTests } from '../../rules/render/promtool-tests.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const options = { runbookBaseUrl: 'https://runbooks.example/' };

test.each([...alertThemes, ...profileThemes])(
  'promtool accepts the alerts of $theme and sees their examples fire and stay quiet',
  (theme) => {
    folder.write(`${theme.theme}.yaml`, alertFile(theme, options));
    folder.write(`${theme.theme}.test.yaml`, alertTests(theme, { ruleFiles: [`${theme.theme}.yaml`] }));
    const checked = folder.promtool('check', 'rules', '--lint=all', '--lint-fatal', `${theme.theme}.yaml`);
    expect(checked).toEqual({ ok: true, output: expect.stringContaining(`${theme.alerts.length} rules found`) });
    const tested = folder.promtool('test', 'rules', `${theme.theme}.test.yaml`);
    expect(tested).toEqual({ ok: true, output: expect.stringContaining('SUCCESS') });
  },
);

test.each(recordingGroups)('promtool accepts the recording rules of $group', (group) => {
  folder.write(`${group.group}.yaml`, recordingFile(group));
  const checked = folder.promtool('check', 'rules', '--lint=all', '--lint-fatal', `${group.group}.yaml`);
  expect(checked).toEqual({
    ok: true,
    output: expect.stringContaining(`${Object.keys(group.series).length} rules found`),
  });
});
