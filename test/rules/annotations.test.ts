import type { AlertTheme } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { profileThemes } from '../../rules/profiles/index.ts';
import { alertFile } from '../../rules/render/prometheus.ts';
import { evaluationStep } from './evaluation-step.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

/**
 * The descriptions as Prometheus expands them for the firing examples. promtool prints the annotations that it got
 * when they differ from the expected ones, and here no alert is expected at all.
 */
function expandedDescriptions(theme: AlertTheme): readonly (readonly [string, string])[] {
  const files = theme.alerts.map((alert) => {
    const { name, fires } = alert;
    const file = `${theme.theme}.${name}`;
    // The other rules of its theme would be evaluated for nothing.
    folder.write(`${file}.yaml`, alertFile({ ...theme, alerts: [alert] }, { runbookBaseUrl: 'https://x' }));
    folder.write(`${file}.test.yaml`, {
      rule_files: [`${file}.yaml`],
      evaluation_interval: evaluationStep(alert, fires),
      tests: [
        {
          interval: fires.interval ?? '1m',
          input_series: fires.series.map(([series, values]) => ({ series: series.promql, values })),
          alert_rule_test: [{ eval_time: fires.at, alertname: name, exp_alerts: [] }],
        },
      ],
    });
    return `${file}.test.yaml`;
  });
  const { output } = folder.promtool('test', 'rules', ...files);
  return output.split('alertname: ').flatMap((part) => {
    const name = /^\w+/.exec(part)?.[0];
    const quoted = /Annotations:\{(?:context="(?:[^"\\]|\\.)*", )?description=("(?:[^"\\]|\\.)*")/.exec(part)?.[1];
    return name === undefined || quoted === undefined ? [] : [[name, String(JSON.parse(quoted))] as const];
  });
}

const themes = [...profileThemes, ...alertThemes];
const descriptions = new Map<string, string>();

beforeAll(() => {
  for (const theme of themes) {
    for (const [name, description] of expandedDescriptions(theme)) {
      descriptions.set(`${theme.theme} ${name}`, description);
      descriptions.set(name, description);
    }
  }
});

const every = themes.flatMap(({ theme, alerts }) => alerts.map(({ name }) => `${theme} ${name}`));

test.each(every)('%s reads well when it fires', (name) => {
  expect(descriptions.get(name)).toMatch(/^\S.*\.$/);
  expect(descriptions.get(name)).not.toMatch(/no value|error expanding|NaN|\bInf\b|\{\{|\}\}|%!| {2}|\(\)| \./);
  expect(descriptions.get(name)).not.toMatch(/\d\.\d{5}/);
});

test.each([
  ['GpuXidNodeReboot', 'reported XID 79 (1 within five minutes).'],
  ['GpuXidAppError', 'reported XID 32 (2 within five minutes).'],
  ['GpuXidGpuReset', 'on n1 in c1 reported XID 119'],
  ['GpuLost', 'GPU 0 (GPU-11111111-2222-3333-4444-555555555555) on n1 in c1 does not answer: gpu_is_lost.'],
  ['GpuDriverUnavailable', 'cannot use the driver (driver_not_loaded).'],
  ['GpuCountDropped', 'n1 in c1 lost 1 of its GPUs'],
  ['GpuXidContainedMemory', 'reported XID 94 (1 within five minutes). Start the job'],
  ['ExporterWithoutNode', 'Targets of fleetlens-gpu in c1 lack the label node (1 of them)'],
  ['GpuEccUncorrectable', '(1 within five minutes)'],
  ['GpuTemperatureHigh', 'is at 85 °C'],
  ['GpuMemoryNearlyFull', 'uses 92.5% of its memory'],
  ['GpuPcieDowngrade', 'has 50% of its PCIe bandwidth'],
  ['GpuPcieReplay', 'replays 9 packets a minute'],
  ['GpuPowerAboveLimit', 'draws 112% of its enforced power limit'],
  ['ManyExportersDown', '75% of the targets of fleetlens-gpu in c1'],
  ['StaleReadings', 'are 2m 10s old'],
  ['TrainingStalled', 'Run llama-8b (job 4711) in c1 has reported no step for 4m 0s.'],
  ['TrainingLossSpike', 'far above those before (3 within half an hour)'],
  ['TrainingFailed', 'has failed with exit code 137.'],
  ['TrainingRestartLoop', 'was started 4 times within an hour'],
  ['TrainingRolledBack', 'lost 80 steps'],
  ['TrainingThroughputDrop', 'runs at 80% of its usual speed'],
  ['TrainingStraggler', 'Rank 17 of run llama-8b (job 4711) in c1 works at 67% of the speed of the fastest rank'],
  ['TrainingDataStarved', 'spends 25% of its time'],
  ['TrainingCheckpointStale', 'is 23m 0s old'],
  ['TrainingGoodputLow', 'spent 85% of the last day'],
  ['InferenceTtftHigh', 'Model llama-8b (proxy) in c1 lets people wait up to 3s for the first token'],
  ['InferenceErrorsHigh', 'fails 6% of its requests'],
  ['InferenceKvCacheSaturated', 'uses 99% of the KV cache at n4:8000 while requests wait'],
  ['InferencePreemptions', 'pushes out 6.6 requests a minute'],
  ['InferenceReplicaImbalance', 'has 1.6 times the mean'],
  ['InferenceErrorBudgetBurnFast', '15.12% of the requests to llama-8b in c1 miss the objective availability'],
  ['InferenceUsageMissing', 'leaves out the usage in 5.667% of its answers (absent)'],
  ['InferenceUpstreamDown', 'No proxy in c1 sends requests to chat-a'],
  ['TenantTokenBudgetBurn', 'Tenant search in c1 has used 60% of its token budget of the day'],
  ['TenantRateLimited', 'Tenant search in c1 has 11.11% of its requests rejected (rate_limit)'],
  ['ModelAccuracyLow', 'Model llama-8b on support-tickets in c1 has a quality of 900m'],
  ['ModelAccuracyStale', 'was last evaluated 7d 0h 30m 0s ago'],
])('%s says: %s', (name, text) => {
  expect(descriptions.get(name)).toContain(text);
});
