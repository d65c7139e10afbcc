import { kubernetesGpuSumsGroup } from '../../rules/recording/kubernetes-gpu-sums.ts';
import { nodeGroup } from '../../rules/recording/node.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const gpus = 'cluster="c1",resource="nvidia_com_gpu",unit="integer"';
const request = (pod: string, namespace: string, node: string, replica = '0') =>
  `kube_pod_container_resource_requests{${gpus},namespace="${namespace}",pod="${pod}",container="main",node="${node}",instance="ksm-${replica}"}`;
const phase = (pod: string, namespace: string, is: string) =>
  `kube_pod_status_phase{cluster="c1",namespace="${namespace}",pod="${pod}",phase="${is}"}`;
const port = (node: string, number: number, exporter = '0') =>
  `node_infiniband_state_id{cluster="c1",node="${node}",device="mlx5_0",port="${number}",instance="exporter-${exporter}"}`;

const input: readonly (readonly [series: string, value: number])[] = [
  [`kube_node_status_capacity{${gpus},node="n1"}`, 8],
  [`kube_node_status_capacity{cluster="c1",resource="cpu",unit="core",node="n1"}`, 96],
  [`kube_node_status_allocatable{${gpus},node="n1"}`, 7],
  [request('runs', 'team-a', 'n1'), 4],
  [request('runs', 'team-a', 'n1', '1'), 4],
  [request('waits', 'team-b', 'n2'), 2],
  [request('ended', 'team-a', 'n1'), 8],
  [phase('runs', 'team-a', 'Running'), 1],
  [phase('waits', 'team-b', 'Pending'), 1],
  [phase('ended', 'team-a', 'Succeeded'), 1],
  [phase('ended', 'team-a', 'Running'), 0],
  [port('n1', 1), 4],
  [port('n1', 1, '1'), 4],
  [port('n1', 2), 1],
  [port('n2', 1), 1],
];

test('whole GPUs of nodes and of what lives on them, and ports of the fabric, each once', () => {
  folder.write('sums.yaml', recordingFile(kubernetesGpuSumsGroup));
  folder.write('node.yaml', recordingFile(nodeGroup));
  const expected: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    'node:kube_node_status_capacity:gpus': { 'node="n1"': 8 },
    'node:kube_node_status_allocatable:gpus': { 'node="n1"': 7 },
    'node:kube_pod_container_resource_requests:gpus': { 'node="n1"': 4, 'node="n2"': 2 },
    'cluster_namespace:kube_pod_container_resource_requests:gpus': {
      'namespace="team-a"': 4,
      'namespace="team-b"': 2,
    },
    'node:node_infiniband_state_id:active': { 'node="n1"': 1, 'node="n2"': 0 },
    'node:node_infiniband_state_id:count': { 'node="n1"': 2, 'node="n2"': 1 },
  };
  folder.write('sums.test.yaml', {
    rule_files: ['sums.yaml', 'node.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: input.map(([series, value]) => ({ series, values: `${value}x5` })),
        promql_expr_test: Object.entries(expected).map(([expr, samples]) => ({
          expr,
          eval_time: '3m',
          exp_samples: Object.entries(samples).map(([label, value]) => ({
            labels: `${expr}{cluster="c1",${label}}`,
            value,
          })),
        })),
      },
    ],
  });
  const { ok, output } = folder.promtool('test', 'rules', 'sums.test.yaml');
  expect({ ok, output }).toEqual({ ok: true, output: expect.stringContaining('SUCCESS') });
});
