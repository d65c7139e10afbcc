import { gpu } from '../../../metrics/gpu.ts';
import { promql } from '../../../metrics/promql.ts';
import { type Alert, domains } from '../../../rules/alert.ts';
import gpuLost from '../../../rules/alerts/gpu-lost.ts';
import { defineRecordings } from '../../../rules/recording.ts';
import { contextOf } from '../../../rules/render/context.ts';
import { dashboardUrl } from '../../../rules/render/dashboard-link.ts';
import { type AlertingRule, alertFile, recordingFile } from '../../../rules/render/prometheus.ts';
import { loadBoards } from '../../support/boards.ts';

const [lost] = gpuLost.alerts;
if (lost === undefined) throw new Error('gpu-lost has no alert');

test('an alert becomes a rule with its labels, texts and the address of its runbook', () => {
  const held: Alert = { ...lost, keepFiringFor: '15m' };
  expect(alertFile({ theme: 'gpu-lost', alerts: [held] }, { runbookBaseUrl: 'https://runbooks.example/gpu/' })).toEqual(
    {
      groups: [
        {
          name: 'gpu-lost',
          rules: [
            {
              alert: 'GpuLost',
              expr: 'max by (cluster, node, gpu_id, uuid) (last_over_time(gpu_up[3m])) == 0',
              for: '1m',
              keep_firing_for: '15m',
              labels: { severity: 'critical', action: 'drain', domain: 'gpu', team: 'sre' },
              annotations: {
                summary: lost.summary,
                context: contextOf(held),
                description: lost.description,
                runbook_url: 'https://runbooks.example/gpu/GpuLost.md',
              },
            },
          ],
        },
      ],
    },
  );
});

test('what a theme leaves out is not written', () => {
  const [group] = alertFile({ theme: 'gpu-lost', alerts: [lost] }, { runbookBaseUrl: 'https://x' }).groups;
  expect(group).not.toHaveProperty('interval');
  expect(group.rules[0]).not.toHaveProperty('keep_firing_for');
});

test('an interval of its own is written on the group', () => {
  const [alerts] = alertFile(
    { theme: 'gpu-lost', interval: '30s', alerts: [] },
    { runbookBaseUrl: 'https://x' },
  ).groups;
  expect(alerts.interval).toBe('30s');
  const recordings = defineRecordings(
    { group: 'gpu', interval: '2m' },
    {
      'cluster:gpu_up:sum': {
        help: 'GPUs that answer.',
        unit: 'none',
        labels: ['cluster'],
        expr: promql`sum by (cluster) (${gpu.gpu_up})`,
      },
    },
  );
  expect(recordingFile(recordings)).toEqual({
    groups: [
      {
        name: 'gpu',
        interval: '2m',
        rules: [{ record: 'cluster:gpu_up:sum', expr: 'sum by (cluster) (gpu_up)' }],
      },
    ],
  });
});

test.each([
  [
    'gpu',
    'https://g.example/d/fleetlens-gpu-fleet?var-cluster={{ $labels.cluster | urlquery }}{{ with $labels.node }}&var-node={{ . | urlquery }}{{ end }}',
  ],
  [
    'training',
    'https://g.example/d/fleetlens-training-runs?var-cluster={{ $labels.cluster | urlquery }}{{ with $labels.run }}&var-run={{ . | urlquery }}{{ end }}',
  ],
  [
    'inference',
    'https://g.example/d/fleetlens-llm-serving?var-cluster={{ $labels.cluster | urlquery }}{{ with $labels.engine_kind }}&var-engine_kind={{ . | urlquery }}{{ end }}{{ with $labels.model_name }}&var-model_name={{ . | urlquery }}{{ end }}{{ with $labels.tenant }}&var-tenant={{ . | urlquery }}{{ end }}',
  ],
  [
    'cmdb',
    'https://g.example/d/fleetlens-inventory?var-cluster={{ $labels.cluster | urlquery }}{{ with $labels.node }}&var-node={{ . | urlquery }}{{ end }}',
  ],
  ['fleetlens', undefined],
] as const)('an alert of the domain %s links to %s', (domain, url) => {
  const theme = { theme: 'x', alerts: [{ ...lost, domain }] };
  const [group] = alertFile(theme, { runbookBaseUrl: 'https://x', grafanaUrl: 'https://g.example/' }).groups;
  const [rule] = group.rules as readonly AlertingRule[];
  expect(rule?.annotations['dashboard_url']).toBe(url);
});

test('every board that alerts link to is there, with the variables that the link sets', async () => {
  const boards = await loadBoards();
  for (const domain of domains) {
    const [uid, variables = ''] = (dashboardUrl('', domain) ?? '').replace('/d/', '').split('?');
    const board = boards.find((candidate) => candidate.uid === uid);
    const set = [...variables.matchAll(/var-(\w+)=/g)].map(([, name]) => name);
    expect(set.filter((name) => !board?.variables.some((variable) => variable.name === name))).toEqual([]);
  }
});
