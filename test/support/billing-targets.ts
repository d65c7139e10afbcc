import type { Span } from '../../exporters/billing/span.ts';
import type { Metric, SimulatedTarget } from './scraped.ts';

export const hour = 3_600_000;
export const minute = 60_000;
/** 2023-11-14T23:00:00Z */
const begin = 1_700_002_800_000;
export const at = (hours: number, minutes = 0, seconds = 0): number =>
  begin + hours * hour + minutes * minute + seconds * 1000;
export const hours = (first: number, count: number): readonly Span[] =>
  Array.from({ length: count }, (_, index) => ({ startMs: at(first + index), endMs: at(first + index + 1) }));

export interface Tenure {
  readonly uuid: string;
  readonly namespace: string;
  readonly pod: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** An exporter that knows to the ms who has which GPU, and counts from when it was started. */
export function exporter(
  cluster: string,
  node: string,
  uuids: readonly string[],
  tenures: readonly Tenure[],
  more: Partial<SimulatedTarget> & { readonly startedAt?: (ms: number) => number } = {},
): SimulatedTarget {
  const startedAt = more.startedAt ?? (() => at(-100));
  const metrics = (ms: number): readonly Metric[] => [
    ['process_start_time_seconds', {}, startedAt(ms) / 1000],
    ...uuids.flatMap((uuid, index): readonly Metric[] => [
      ['gpu_up', { uuid, gpu_id: `${index}` }, 1],
      ['gpu_info', { uuid, gpu_id: `${index}`, model: 'NVIDIA H100' }, 1],
    ]),
    ...tenures.flatMap(({ uuid, namespace, pod, fromMs, untilMs }): readonly Metric[] => {
      const since = Math.max(fromMs, startedAt(ms));
      const held = Math.min(ms, untilMs) - since;
      if (!uuids.includes(uuid) || held <= 0 || ms > untilMs + hour) return [];
      const who = { uuid, gpu_instance_id: '', profile: '', namespace, pod, container: 'main', job_id: '' };
      return [
        ['gpu_allocated_seconds_total', who, held / 1000],
        ['gpu_allocated_share_seconds_total', who, held / 1000],
      ];
    }),
  ];
  return {
    job: 'gpu',
    instance: `${node}:9400`,
    labels: { cluster, node },
    intervalMs: 15_000,
    offsetMs: node.length * 1234 + 7,
    fromMs: at(-1),
    untilMs: at(8),
    metrics,
    ...more,
  };
}

/** dcgm-exporter: labels of the pod on each series, an exporter pod's own labels where Prometheus does not honour them. */
export function dcgm(
  cluster: string,
  node: string,
  uuids: readonly string[],
  tenures: readonly Tenure[],
  honors: boolean,
): SimulatedTarget {
  const metrics = (ms: number): readonly Metric[] =>
    uuids.flatMap((uuid) => {
      const tenure = tenures.find((each) => each.uuid === uuid && ms >= each.fromMs && ms < each.untilMs);
      const told = {
        namespace: tenure?.namespace ?? '',
        pod: tenure?.pod ?? '',
        container: tenure === undefined ? '' : 'main',
      };
      const own = { namespace: 'gpu-operator', pod: 'nvidia-dcgm-exporter-x', container: 'nvidia-dcgm-exporter' };
      const exported = Object.fromEntries(Object.entries(told).map(([name, value]) => [`exported_${name}`, value]));
      const who = Object.entries(honors ? told : { ...exported, ...own }).filter(([, value]) => value !== '');
      const labels = { UUID: uuid, gpu: '0', modelName: 'NVIDIA A100', Hostname: node, ...Object.fromEntries(who) };
      return [
        ['DCGM_FI_DEV_GPU_TEMP', labels, 40],
        ['DCGM_FI_DEV_FB_USED', labels, ms % 7 === 0 ? Number.NaN : 0],
      ] as const;
    });
  return {
    job: 'dcgm',
    instance: `${node}:9400`,
    labels: { cluster },
    intervalMs: 30_000,
    offsetMs: 777,
    fromMs: at(-1),
    untilMs: at(8),
    metrics,
  };
}

interface KubePod {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly node: string;
  readonly gpus: number;
  readonly cores: number;
  readonly bytes: number;
  readonly fromMs: number;
  readonly completedMs: number;
  readonly deletedMs: number;
}

const pods: readonly KubePod[] = [
  {
    namespace: 'team-a',
    pod: 'train-0',
    uid: 'u1',
    node: 'k1',
    gpus: 4,
    cores: 3.5,
    bytes: 1_500_000_000_000,
    fromMs: at(0, 10),
    completedMs: at(1, 10),
    deletedMs: at(1, 55),
  },
  {
    namespace: 'team-a',
    pod: 'train-0',
    uid: 'u2',
    node: 'k1',
    gpus: 2,
    cores: 1,
    bytes: 1000,
    fromMs: at(2, 0),
    completedMs: at(9),
    deletedMs: at(9),
  },
  {
    namespace: 'kube-system',
    pod: 'check',
    uid: 'u3',
    node: 'k1',
    gpus: 1,
    cores: 0.1,
    bytes: 1,
    fromMs: at(3),
    completedMs: at(3, 30),
    deletedMs: at(3, 30),
  },
];

export function kubeState(instance: string, offsetMs: number, more: Partial<SimulatedTarget> = {}): SimulatedTarget {
  const metrics = (ms: number): readonly Metric[] => [
    ['kube_node_status_capacity', { node: 'k1', resource: 'nvidia_com_gpu', unit: 'integer' }, 8],
    ['kube_node_labels', { node: 'k1', label_nvidia_com_gpu_product: 'NVIDIA-H100' }, 1],
    ['kube_node_spec_unschedulable', { node: 'k1' }, ms >= at(4) && ms < at(4, 30) ? 1 : 0],
    [
      'kube_node_status_condition',
      { node: 'k1', condition: 'Ready', status: 'true' },
      ms >= at(5) && ms < at(5, 15) ? 0 : 1,
    ],
    ...pods
      .filter(({ fromMs, deletedMs }) => ms >= fromMs && ms < deletedMs)
      .flatMap(({ namespace, pod, uid, node, gpus, cores, bytes, fromMs, completedMs }): readonly Metric[] => {
        const it = { namespace, pod, uid };
        const container = { ...it, node, container: 'main' };
        return [
          ['kube_pod_container_resource_requests', { ...container, resource: 'nvidia_com_gpu', unit: 'integer' }, gpus],
          ['kube_pod_container_resource_requests', { ...container, resource: 'cpu', unit: 'core' }, cores],
          ['kube_pod_container_resource_requests', { ...container, resource: 'memory', unit: 'byte' }, bytes],
          ['kube_pod_status_phase', { ...it, phase: 'Running' }, ms < completedMs ? 1 : 0],
          ['kube_pod_status_phase', { ...it, phase: 'Succeeded' }, ms < completedMs ? 0 : 1],
          ['kube_pod_info', { ...it, node }, 1],
          ['kube_pod_labels', { ...it, label_team: uid === 'u1' ? 'blue' : 'green' }, 1],
          ['kube_pod_start_time', it, fromMs / 1000],
          ...(ms < completedMs ? [] : ([['kube_pod_completion_time', it, completedMs / 1000]] as const)),
        ];
      }),
  ];
  return {
    job: 'ksm',
    instance,
    labels: { cluster: 'kube' },
    intervalMs: 30_000,
    offsetMs,
    fromMs: at(-1),
    untilMs: at(8),
    metrics,
    ...more,
  };
}

/** An exporter of which each series is written out. */
export function plain(
  cluster: string,
  node: string,
  metrics: SimulatedTarget['metrics'],
  more: Partial<SimulatedTarget> = {},
): SimulatedTarget {
  const started: Metric = ['process_start_time_seconds', {}, at(-100) / 1000];
  return {
    job: 'gpu',
    instance: `${node}:9400`,
    labels: { cluster, node },
    intervalMs: 15_000,
    offsetMs: 3003,
    fromMs: at(-1),
    untilMs: at(8),
    metrics: (ms) => [started, ...metrics(ms)],
    ...more,
  };
}

export const there = (uuid: string, up = 1): readonly Metric[] => [
  ['gpu_up', { uuid, gpu_id: '0' }, up],
  ['gpu_info', { uuid, gpu_id: '0', model: 'NVIDIA H100' }, 1],
];

export function had(
  uuid: string,
  who: Readonly<Record<string, string>>,
  [seconds, share]: readonly [number, number],
): readonly Metric[] {
  const labels = { uuid, gpu_instance_id: '', profile: '', namespace: '', pod: '', container: '', job_id: '', ...who };
  return [
    ['gpu_allocated_seconds_total', labels, seconds],
    ['gpu_allocated_share_seconds_total', labels, share],
  ];
}

export const since = (ms: number, from: number): number => (ms - from) / 1000;
