import { type Expr, promql, select, series } from '../../metrics/promql.ts';
import { kubeState } from '../../metrics/vendors/kube-state-metrics.ts';
import { kubelet } from '../../metrics/vendors/kubelet.ts';
import { defineAlerts, type Example } from '../alert.ts';
import { exampleKubeStateTarget, examplePod } from '../examples.ts';
import { gpuPods } from '../kubernetes.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

const { kubelet_volume_stats_available_bytes: available, kubelet_volume_stats_capacity_bytes: capacity } = kubelet;
const { kube_pod_spec_volumes_persistentvolumeclaims_info: claims } = kubeState;

/** A volume that many nodes mount is one volume. */
const left = promql`min by (cluster, namespace, persistentvolumeclaim) (${recent(available)})
/
max by (cluster, namespace, persistentvolumeclaim) (${recent(capacity)})`;
const ofGpuPods = promql`max by (cluster, namespace, persistentvolumeclaim) (
  max by (cluster, namespace, pod, persistentvolumeclaim) (${recent(claims)})
  and on (cluster, namespace, pod)
  ${gpuPods}
)`;
/** Volumes of what stores series, as the charts and operators name their claims. */
const monitoring = { re: '.*(prometheus|alertmanager|thanos|mimir|victoria|vmstorage).*' } as const;
const leftForMonitoring = promql`min by (cluster, namespace, persistentvolumeclaim) (${recent(select(available, { persistentvolumeclaim: monitoring }))})
/
max by (cluster, namespace, persistentvolumeclaim) (${recent(select(capacity, { persistentvolumeclaim: monitoring }))})`;

const claim = { cluster: 'c1', namespace: 'vision', persistentvolumeclaim: 'checkpoints' } as const;
const onKubelet = { ...claim, job: 'kubelet', instance: 'n1:10250' } as const;
const database = {
  ...onKubelet,
  namespace: 'monitoring',
  persistentvolumeclaim: 'prometheus-k8s-db-prometheus-k8s-0',
} as const;
interface Place {
  readonly claim: string;
  readonly cluster?: string;
  readonly namespace?: string;
}

/** A volume as a kubelet shows it, with its free bytes. */
function volume({ claim: name, ...place }: Place, free: string, bytes = 1000): readonly (readonly [Expr, string])[] {
  const labels = { ...onKubelet, ...place, persistentvolumeclaim: name };
  return [
    [series(available, labels), free],
    [series(capacity, labels), `${bytes}x110`],
  ];
}

interface Mount extends Place {
  readonly pod?: string;
  /** How many the pod asks for, if it says a number. */
  readonly gpus?: number;
}

/** A pod that mounts the volume. */
function podWith({ claim: name, gpus, ...place }: Mount): readonly (readonly [Expr, string])[] {
  const pod = { ...exampleKubeStateTarget, ...examplePod, ...place };
  const asks = { ...pod, container: 'trainer', node: 'n1', resource: 'nvidia_com_gpu' };
  const mounts = [series(claims, { ...pod, persistentvolumeclaim: name }), '1x110'] as const;
  return gpus === undefined
    ? [mounts]
    : [mounts, [series(kubeState.kube_pod_container_resource_requests, asks), `${gpus}x110`]];
}

/** Volumes of pods without GPUs, some of which are called as one with GPUs is elsewhere. */
function besideOthers(free: string, at: Example['at']): Example {
  const mounts: readonly Mount[] = [
    { claim: 'scratch', pod: 'web-0', gpus: 0 },
    { claim: 'notes', pod: 'web-1' },
    { claim: 'uploads', namespace: 'web' },
    { claim: 'mirror', cluster: 'c2' },
  ];
  const volumes = mounts.flatMap((mount) => {
    const { pod: _pod, gpus: _gpus, ...place } = mount;
    return [...volume(place, free), ...podWith(mount)];
  });
  return {
    when: 'Volumes of pods without GPUs fill up, some of them called as one with GPUs is elsewhere',
    series: [...podWith({ claim: 'checkpoints', gpus: 8 }), ...volumes],
    at,
  };
}

const whatFills =
  'What fills it, from a pod that has it: `kubectl -n <namespace> exec <pod> -- sh -c "df -h <path>; du -xh --max-depth=2 <path> | sort -h | tail"`.';
const grow =
  'Make it larger, if its storage class may grow: `kubectl -n <namespace> patch pvc <claim> -p \'{"spec":{"resources":{"requests":{"storage":"<size>"}}}}\'`.';
const who = 'Volume {{ $labels.persistentvolumeclaim }} of namespace {{ $labels.namespace }} in {{ $labels.cluster }}';

export default defineAlerts({
  theme: 'kubernetes-storage',
  profile: 'kubernetes',
  alerts: [
    {
      name: 'StorageCheckpointFull',
      expr: promql`${left} < ${thresholds.volumeLeftCriticalRatio}
and
${ofGpuPods}`,
      thresholds: ['volumeLeftCriticalRatio'],
      for: '15m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'workload',
      summary: 'A volume of pods with GPUs is nearly full, so the next checkpoint may fail.',
      description: `${who} has {{ $value | humanizePercentage }} left. Remove old checkpoints or make it larger.`,
      runbook: {
        meaning:
          'A checkpoint that does not fit is torn, and most frameworks end the run over it. What was learned since the last whole one is lost.',
        firstLook: [
          whatFills,
          'Who has it: `kubectl -n <namespace> get pods -o json | jq -r \'.items[] | select(.spec.volumes[]?.persistentVolumeClaim.claimName=="<claim>") | .metadata.name\'`.',
        ],
        remedy: [
          'Remove checkpoints but for the newest few, and set `save_total_limit` or its like in the framework.',
          grow,
        ],
      },
      fires: {
        when: 'A volume of a pod with a GPU has less than three percent left',
        series: [...podWith({ claim: 'checkpoints', gpus: 1 }), ...volume({ claim: 'checkpoints' }, '50 29x30')],
        at: '20m',
        alerts: [claim],
      },
      quiet: {
        when: 'A volume of a pod with GPUs has hardly more than three percent left, and less for some minutes, and one that no such pod uses has nothing',
        series: [
          ...podWith({ claim: 'checkpoints', gpus: 8 }),
          ...volume({ claim: 'checkpoints' }, '31x15 20x15'),
          ...volume({ claim: 'old-logs' }, '0x30'),
        ],
        at: '20m',
      },
      edges: [besideOthers('0x30', '20m')],
    },
    {
      name: 'StorageCheckpointFilling',
      expr: promql`${left} < ${thresholds.volumeLeftWarningRatio}
and
min by (cluster, namespace, persistentvolumeclaim) (predict_linear(${available}[6h], ${thresholds.volumeFullWithinSeconds})) < 0
and
${ofGpuPods}`,
      thresholds: ['volumeLeftWarningRatio', 'volumeFullWithinSeconds'],
      for: '1h',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'workload',
      summary: 'A volume of pods with GPUs will be full within a day.',
      description: `${who} has {{ $value | humanizePercentage }} left, and at the pace of the last six hours nothing in a day. Remove old checkpoints or make it larger.`,
      runbook: {
        meaning: 'There is still room for some checkpoints, and time to make more.',
        firstLook: [whatFills],
        remedy: [grow, 'Keep fewer checkpoints, or move old ones to cheaper storage.'],
      },
      fires: {
        when: 'A volume has a seventh left, which for an hour has gone so fast that it lasts for less than a day',
        series: [...podWith({ claim: 'checkpoints', gpus: 1 }), ...volume({ claim: 'checkpoints' }, '147.5-0.1x110')],
        at: '100m',
        alerts: [claim],
      },
      quiet: {
        when: 'It has been so for a little less than an hour; and a sixth of another one is left, which goes faster',
        series: [
          ...podWith({ claim: 'checkpoints', gpus: 8 }),
          ...volume({ claim: 'checkpoints' }, '148.5-0.1x110'),
          ...podWith({ claim: 'data' }),
          ...volume({ claim: 'data' }, '330-0.3x110', 1800),
        ],
        at: '100m',
      },
      edges: [besideOthers('140-0.1x110', '100m')],
    },
    {
      name: 'PrometheusDiskFilling',
      expr: promql`${leftForMonitoring} < ${thresholds.monitoringVolumeLeftRatio}`,
      thresholds: ['monitoringVolumeLeftRatio'],
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'A volume of the monitoring is nearly full.',
      description: `${who} has {{ $value | humanizePercentage }} left. A Prometheus whose disk is full stores nothing and evaluates no rule.`,
      runbook: {
        meaning:
          'Prometheus cannot write its log when the disk is full, and stops scraping. On machines without Kubernetes the alert NodeFilesystemFilling tells the same.',
        firstLook: [
          'What grows: `prometheus_tsdb_storage_blocks_bytes`, and `prometheus_tsdb_head_series` against last week.',
          'What fills it: `kubectl -n <namespace> exec <pod> -c prometheus -- du -sh /prometheus/wal /prometheus`.',
        ],
        remedy: [
          'Set `--storage.tsdb.retention.size` to four fifths of the volume.',
          grow,
          'More series than before: see TsdbHeadSeriesGrowth.',
        ],
      },
      fires: {
        when: 'The volume of a Prometheus has eight percent left',
        series: [
          [series(available, database), '80x30'],
          [series(capacity, database), '1000x30'],
          [series(available, { ...database, persistentvolumeclaim: 'mail-spool' }), '0x30'],
          [series(capacity, { ...database, persistentvolumeclaim: 'mail-spool' }), '1000x30'],
        ],
        at: '20m',
        alerts: [{ cluster: 'c1', namespace: 'monitoring', persistentvolumeclaim: database.persistentvolumeclaim }],
      },
      quiet: {
        when: 'It has hardly more than a tenth left, and less for some minutes, and the volume of something else is full',
        series: [
          [series(available, database), '101x15 90x15'],
          [series(capacity, database), '1000x30'],
          [series(available, { ...database, persistentvolumeclaim: 'mail-spool' }), '0x30'],
          [series(capacity, { ...database, persistentvolumeclaim: 'mail-spool' }), '1000x30'],
        ],
        at: '20m',
      },
    },
  ],
});
