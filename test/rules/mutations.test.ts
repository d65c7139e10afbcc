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
  ['TrainingLossNonFinite', 'unless', 'and'],
  ['TrainingLossNonFinite', ' unless ', ' or '],
  [
    'TrainingLossNonFinite',
    'max by (cluster, run, job_id, framework)',
    'max by (cluster, node, run, job_id, framework)',
  ],
  ['TrainingLossSpike', '>= 3', '>= 2'],
  ['TrainingLossSpike', '>= 3', '>= 4'],
  ['TrainingLossSpike', '\nand\n', '\nor\n'],
  ['TrainingGradNormExplosion', '[5m] offset 20m', '[5m]'],
  ['TrainingGradNormExplosion', '> 10 *', '> 12 *'],
  ['TrainingStalled', '120 + 2 *', '30 + 2 *'],
  ['TrainingStalled', '120 + 2 *', '1200 + 2 *'],
  [
    'TrainingStalled',
    '(training_last_step_timestamp_seconds)',
    '(last_over_time(training_last_step_timestamp_seconds[5m]))',
  ],
  ['TrainingStalled', 'phase="training"', 'phase=~"training|evaluating"'],
  ['TrainingStalled', '== 1 unless', '== 1 or'],
  [
    'TrainingStalled',
    'max by (cluster, run, job_id, framework) (t',
    'max by (cluster, node, run, job_id, framework) (t',
  ],
  ['TrainingWentQuiet', '== 1\nunless\n', '== 1\nor\n'],
  [
    'TrainingWentQuiet',
    'unless\nmax by (cluster, run, job_id, framework) (last_over_time(training_max_steps[3m]))',
    '',
  ],
  ['TrainingFailed', '!= 0', '!= 137'],
  [
    'TrainingFailed',
    '(training_run_phase{phase="failed"})',
    '(last_over_time(training_run_phase{phase="failed"}[3m]))',
  ],
  ['TrainingRestartLoop', '> 3', '>= 3'],
  ['TrainingRestartLoop', 'unless', 'or'],
  ['TrainingRolledBack', 'wasted_steps', 'restarts'],
  ['TrainingThroughputDrop', '< 0.85', '< 0.95'],
  ['TrainingThroughputDrop', '[5m] offset 30m', '[5m]'],
  ['TrainingThroughputDrop', 'changes(training_world_size[130m])', 'changes(training_world_size[1m])'],
  ['TrainingThroughputDrop', 'changes(training_global_batch_size[130m])', 'changes(training_global_batch_size[1m])'],
  ['TrainingMfuLow', '< 0.25', '< 0.27'],
  ['TrainingMfuLow', '[5m] offset 30m', '[5m]'],
  ['TrainingStraggler', '< 0.75', '< 0.8'],
  ['TrainingStraggler', '0.05 *', '0.0005 *'],
  ['TrainingStraggler', 'communication|', ''],
  ['TrainingStraggler', 'and on (cluster, run, job_id, framework)', 'unless on (cluster, run, job_id, framework)'],
  ['TrainingStraggler', '{phase=~"training|evaluating|checkpointing"}', ''],
  ['TrainingDataStarved', '> 0.2', '> 0.16'],
  ['TrainingDataStarved', '{reason="data_loading"}', ''],
  ['TrainingCheckpointStale', '> 2 *', '> 1.5 *'],
  ['TrainingCheckpointStale', 'unless', 'and'],
  ['TrainingCheckpointFailed', '[30m]', '[1h]'],
  ['TrainingPlateau', ' - 0.001', ' - 0.01'],
  ['TrainingPlateau', '[30m] offset 690m', '[30m]'],
  ['TrainingGoodputLow', '{reason!="evaluation"}', ''],
  ['TrainingGoodputLow', '> 14400', '> 0'],
  [
    'TrainingGoodputLow',
    '(max by (cluster, run, job_id, framework, reason)',
    '(max by (cluster, node, run, job_id, framework, reason)',
  ],
  ['TrainingSourceErrors', '>= 10', '>= 9'],
  ['TrainingSourceErrors', ' offset 15m', ''],
  ['TrainingLimitReached', ' offset 15m', ''],
  ['InferenceTtftHigh', '> 2', '>= 1.9'],
  ['InferenceTtftHigh', '>= 6', '>= 5'],
  ['InferenceTtftHigh', '_first_token_seconds_count', '_per_output_token_seconds_count'],
  ['InferenceTpotHigh', '> 0.1', '> 0.13'],
  ['InferenceTpotHigh', '\n  or\n', '\n  unless\n'],
  ['InferenceTpotHigh', '>= 6', '>= 5'],
  ['InferenceE2eHigh', '> 120', '> 100'],
  ['InferenceE2eHigh', '\nand\n', '\nor\n'],
  ['InferenceErrorsHigh', '> 0.05', '>= 0.05'],
  ['InferenceErrorsHigh', '>= 6', '>= 4'],
  ['InferenceUsageMissing', 'absent|too_large', 'absent|too_large|cut'],
  ['InferenceUsageMissing', '>= 5', '>= 4'],
  ['InferenceQueueGrowing', '> 10', '> 9'],
  ['InferenceQueueGrowing', '[10m]) > 0', '[10m]) < 0'],
  ['InferenceQueueGrowing', 'proxy|service', 'service'],
  ['InferenceKvCacheSaturated', '> 0.95', '>= 0.95'],
  ['InferenceKvCacheSaturated', '[5m]) == 0', '[1m]) == 0'],
  ['InferenceKvCacheSaturated', 'unless on', 'and on'],
  ['InferencePreemptions', '> 6', '>= 6'],
  ['InferenceCacheHitLow', '< 0.5', '< 0.7'],
  ['InferenceCacheHitLow', '>= 0.2', '>= 0.1'],
  ['InferenceReplicaImbalance', '> 1.5', '> 1.3'],
  ['InferenceReplicaImbalance', '>= 8', '>= 7'],
  ['InferenceReplicaImbalance', 'inference_requests_waiting', 'inference_kv_cache_usage_ratio'],
  ['InferenceErrorBudgetBurnFast', 'rate5m', 'rate1h'],
  ['InferenceErrorBudgetBurnFast', '14.4', '9'],
  ['InferenceErrorBudgetBurnFast', '>= 5', '>= 4'],
  ['InferenceErrorBudgetBurnMid', 'group_left () 6 *', 'group_left () 5.9 *'],
  ['InferenceErrorBudgetBurnMid', '>= 20', '>= 19'],
  ['InferenceErrorBudgetBurnSlow', 'rate2h', 'rate1d'],
  ['InferenceErrorBudgetBurnVerySlow', ') > 0)', '))'],
  ['InferenceErrorBudgetBurnVerySlow', '1 - max', '2 - max'],
  ['SloMetricAbsent', 'status!="cancelled",reason!~', 'status!="cancelled",model_name!~'],
  ['SloMetricAbsent', 'and on (cluster)', 'or on (cluster)'],
  ['SloMetricAbsent', '[30m] offset 1h', '[30m]'],
  ['SloMetricAbsent', 'up{job="fleetlens-inference"}', 'up{job="fleetlens-gpu"}'],
  ['InferenceAllUpstreamsDown', 'max by', 'min by'],
  ['InferenceUpstreamDown', 'max by', 'min by'],
  ['InferenceUpstreamDown', 'max by (cluster, upstream)', 'max by (cluster, instance, upstream)'],
  ['InferenceAllEnginesDown', 'fleetlens-engine-.*', 'fleetlens-.*'],
  ['InferenceAllEnginesDown', 'max by (cluster, job)', 'max by (cluster)'],
  ['InferenceEngineUnreachable', '(up{', '(last_over_time(up{'],
  ['InferenceEngineDown', 'max by', 'min by'],
  ['TenantTokenBudgetBurn', '>= 0.5', '>= 0.3'],
  ['TenantTokenBudgetBurn', '>= 1', '> 1'],
  ['TenantTokenBudgetBurn', '(86400 - time() % 86400)', '86400'],
  ['TenantTokenBudgetBurn', 'day_of_month(vector(time())) + 1', '1'],
  ['TenantRateLimited', '> 0.1', '>= 0.1'],
  ['TenantRateLimited', '>= 20', '>= 1'],
  ['TenantRateLimited', '|token_budget', '|token_budget|model_not_allowed'],
  ['ModelAccuracyLow', '< 0.85', '<= 0.85'],
  ['ModelAccuracyLow', 'unless', 'and'],
  ['ModelAccuracyLow', 'and on (cluster, instance, model_name, dataset)', 'and on (cluster, model_name, dataset)'],
  ['ModelAccuracyStale', 'max by', 'min by'],
  ['ExporterDown', 'unless', 'and'],
  ['ExporterDown', 'unless\nmax by (cluster, node, job, instance) (up{job=~"fleetlens-engine-.*"})', ''],
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
