import { gpu } from '../../../metrics/gpu.ts';
import { promql } from '../../../metrics/promql.ts';
import type { Alert } from '../../../rules/alert.ts';
import gpuLost from '../../../rules/alerts/gpu-lost.ts';
import { defineRecordings } from '../../../rules/recording.ts';
import { alertFile, recordingFile } from '../../../rules/render/prometheus.ts';

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
