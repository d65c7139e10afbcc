import type { Alert, AlertTheme } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import type { AlertingRule, RuleFile } from '../../rules/render/prometheus.ts';
import { alertFile } from '../../rules/render/prometheus.ts';
import { alertTests } from '../../rules/render/promtool-tests.ts';
import { ruleFolder, type ToolResult } from './rule-files.ts';

/** Breaks that a careless edit could make: the examples of the alert must notice each of them. */
const breaks: readonly (readonly [alert: string, was: string, becomes: string])[] = [
  ['GpuXidNodeReboot', 'increase(', 'resets('],
  ['GpuXidNodeReboot', '=~"79|151"', '=~"97|151"'],
  ['GpuXidAppError', '\nor\n', '\nand\n'],
  ['GpuXidGpuReset', '< 600', '< 6000'],
  ['GpuLost', '[3m]', '[1m]'],
  ['GpuCountDropped', '[1d]', '[1h]'],
  ['GpuTemperatureHigh', ' - 5', ' - 4'],
  ['GpuTemperatureHigh', 'unless', 'and'],
  ['GpuTemperatureCritical', ' >= 92', ' > 92'],
  ['GpuThermalThrottle', 'sw_thermal|hw_thermal', 'sw_thermal|hw_thermal|sw_power_cap'],
  ['GpuMemoryNearlyFull', '> 0.9', '>= 0.9'],
  ['GpuEccCorrectableBurst', '> 1000', '> 900'],
  ['GpuEccUncorrectable', 'lifetime="volatile"', 'lifetime="aggregate"'],
  ['GpuPcieDowngrade', 'and on', 'unless on'],
  ['GpuPcieReplay', ' * 60', ''],
  ['ExporterAbsent', 'absent(up{job="fleetlens-gpu"})', 'absent(up{job="node"})'],
  ['ManyExportersDown', '>= 3', '>= 2'],
  ['GpuMetricsMissingWhileUp', 'unless', 'and'],
  ['StaleReadings', '{job="fleetlens-gpu"}', ''],
  ['StaleReadings', 'state!="ok"', 'state="ok"'],
  ['StaleReadings', 'unless', 'or'],
  ['ExporterWithoutNode', ',node=""', ''],
  ['ExporterWithoutNode', 'job="fleetlens-gpu",', ''],
  ['RuleEvaluationSlow', '> 0.8', '> 0.7'],
];

const folder = ruleFolder();
afterAll(() => folder.remove());

function withExpression(file: RuleFile, expr: string): RuleFile {
  const [group] = file.groups;
  return { groups: [{ ...group, rules: group.rules.map((rule) => ({ ...rule, expr }) as AlertingRule) }] };
}

function testWithExpression(theme: AlertTheme, alert: Alert, expr: string): ToolResult {
  const alone = { ...theme, alerts: [alert] };
  folder.write('rules.yaml', withExpression(alertFile(alone, { runbookBaseUrl: 'https://x' }), expr));
  folder.write('rules.test.yaml', alertTests(alone, { ruleFiles: ['rules.yaml'] }));
  return folder.promtool('test', 'rules', 'rules.test.yaml');
}

test.each(breaks)('the examples of %s notice when %j becomes %j', (name, was, becomes) => {
  const theme = alertThemes.find(({ alerts }) => alerts.some((alert) => alert.name === name));
  const alert = theme?.alerts.find((candidate) => candidate.name === name);
  if (theme === undefined || alert === undefined) throw new Error(`no alert ${name}`);
  const { promql } = alert.expr;
  expect(promql).toContain(was);
  expect(testWithExpression(theme, alert, promql)).toEqual({ ok: true, output: expect.stringContaining('SUCCESS') });
  expect(testWithExpression(theme, alert, promql.replaceAll(was, becomes))).toEqual({
    ok: false,
    output: expect.stringContaining('FAILED'),
  });
});
