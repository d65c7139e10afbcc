import type { Expr, PlainMetric } from '../../metrics/promql.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { kueue } from '../../metrics/vendors/kueue.ts';
import { slurm } from '../../metrics/vendors/slurm-exporter.ts';
import { volcano } from '../../metrics/vendors/volcano.ts';
import { absentAlert } from '../absent-alert.ts';
import { defineAlerts } from '../alert.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

const { kueue_pending_workloads: pending, kueue_admitted_workloads_total: admitted } = kueue;
const { kueue_cluster_queue_nominal_quota: quota, kueue_cluster_queue_resource_reservation: reserved } = kueue;
const { volcano_queue_pod_group_pending_count: waiting, volcano_queue_pod_group_inqueue_count: inQueue } = volcano;
const { volcano_queue_deserved_scalar_resources: deserved, volcano_queue_allocated_scalar_resources: allocated } =
  volcano;

/** GPUs as the schedulers of Kubernetes spell them. */
const gpus = { re: '(nvidia|amd)[.]com/(gpu|mig-.+)' } as const;

/** One value for each queue of Kueue, whose controller may have replicas; GPUs of all flavors together. */
function perQueue(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, cluster_queue) (${vector})`;
}

function gpusOf(metric: typeof quota | typeof reserved): Expr {
  return promql`sum by (cluster, cluster_queue) (max by (cluster, cluster_queue, flavor, resource) (${recent(select(metric, { resource: gpus }))}))`;
}

function perVolcanoQueue(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, queue_name) (${vector})`;
}

const controller = { cluster: 'c1', job: 'kueue', instance: 'kueue:8443' } as const;
const queue = { ...controller, cluster_queue: 'research' } as const;
const ofQueue = { cluster: 'c1', cluster_queue: 'research' } as const;
const gpusOfQueue = { ...queue, flavor: 'h100', resource: 'nvidia.com/gpu' } as const;
const flavors = [
  gpusOfQueue,
  { ...gpusOfQueue, flavor: 'a100' },
  { ...gpusOfQueue, flavor: 'a100', resource: 'nvidia.com/mig-1g.10gb' },
] as const;

/** Quota and reservation of whole GPUs of two flavors and of MIG instances. */
function gpusOfFlavors(
  quotas: readonly [string, string, string],
  reservations: readonly [string, string, string],
): readonly (readonly [Expr, string])[] {
  return flavors.flatMap((labels, index) => [
    [series(quota, labels), quotas[index] ?? ''] as const,
    [series(reserved, labels), reservations[index] ?? ''] as const,
  ]);
}

const exporter = { cluster: 'c1', job: 'slurm', instance: 'slurm:8080' } as const;
const scheduler = { cluster: 'c1', job: 'volcano', instance: 'volcano:8080', queue_name: 'research' } as const;
const onGpus = { ...scheduler, resource: 'nvidia.com/gpu' } as const;
const onMig = { ...scheduler, resource: 'nvidia.com/mig-1g.10gb' } as const;

const meaning = 'Jobs wait and GPUs stand idle. Either no job fits what is free, or the scheduler does not schedule.';
const rest =
  'All of them ask for more than is free in one piece: start small jobs in between (backfill), or wait. Raise queueFreeGpusCount to what is usually left over.';

export default defineAlerts({
  theme: 'scheduler',
  profile: 'scheduler',
  alerts: [
    {
      name: 'QueueStalledWithFreeGpus',
      expr: promql`${gpusOf(quota)} - ${gpusOf(reserved)} > ${thresholds.queueFreeGpusCount}
and
${perQueue(recent(pending))} > 0
and
${perQueue(promql`increase(${admitted}[30m])`)} == 0`,
      thresholds: ['queueFreeGpusCount'],
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A queue of Kueue lets nothing in although GPUs of its quota are free.',
      description:
        'Queue {{ $labels.cluster_queue }} in {{ $labels.cluster }} has {{ $value | humanize }} GPUs of its quota free, and workloads wait. See why Kueue does not admit the first of them.',
      runbook: {
        meaning: `${meaning} Quota that another queue of the cohort has borrowed counts as free here.`,
        firstLook: [
          'What waits: `kubectl get workloads -A | grep <cluster_queue>` and `kubectl describe workload <workload>`, section Conditions.',
          'What the queue says: `kubectl describe clusterqueue <cluster_queue>`.',
          'Does the controller run: `kubectl -n kueue-system logs deploy/kueue-controller-manager --tail=50`.',
        ],
        remedy: [
          'A workload at the head that never fits holds the others back: the strategy BestEffortFIFO lets them pass.',
          'An admission check that is not ready: mend what it waits for.',
          rest,
        ],
      },
      fires: {
        when: 'Nine of 40 GPUs are free, a workload waits, and nothing was admitted for an hour',
        series: [
          ...gpusOfFlavors(['16x80', '16x80', '8x80'], ['13x80', '13x80', '5x80']),
          [series(pending, { ...queue, status: 'active' }), '0x80'],
          [series(pending, { ...queue, status: 'inadmissible' }), '1x80'],
          [series(admitted, queue), '100x80'],
        ],
        at: '65m',
        alerts: [ofQueue],
      },
      quiet: {
        when: 'Workloads wait for eight free GPUs, and for more since a quarter of an hour; elsewhere the queue moves on, or nothing waits',
        series: [
          ...gpusOfFlavors(['16x80', '16x80', '8x80'], ['13x80', '13x80', '6x50 5x30']),
          [series(pending, { ...queue, status: 'active' }), '3x80'],
          [series(admitted, queue), '100x80'],
          [series(quota, { ...gpusOfQueue, cluster_queue: 'test' }), '64x80'],
          [series(reserved, { ...gpusOfQueue, cluster_queue: 'test' }), '0x80'],
          [series(pending, { ...queue, cluster_queue: 'test', status: 'active' }), '0x80'],
          [series(admitted, { ...queue, cluster_queue: 'test' }), '100x80'],
          [series(quota, { ...gpusOfQueue, cluster_queue: 'serving' }), '64x80'],
          [series(reserved, { ...gpusOfQueue, cluster_queue: 'serving' }), '40x80'],
          [series(pending, { ...queue, cluster_queue: 'serving', status: 'active' }), '3x80'],
          [series(admitted, { ...queue, cluster_queue: 'serving' }), '100x20 101x20 102x40'],
        ],
        at: '65m',
      },
    },
    {
      name: 'KueueQueueInactive',
      expr: promql`${perQueue(recent(select(kueue.kueue_cluster_queue_status, { status: 'active' })))} == 0`,
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A queue of Kueue is not active, so it lets nothing in.',
      description:
        'Queue {{ $labels.cluster_queue }} in {{ $labels.cluster }} is not active. Its conditions say what it lacks.',
      runbook: {
        meaning:
          'Workloads of the queue wait until it is active again. It was stopped, or something that it names does not exist.',
        firstLook: ['Why: `kubectl describe clusterqueue <cluster_queue>`, section Conditions.'],
        remedy: [
          'FlavorNotFound: make the ResourceFlavor, or take it out. Stopped: set `stopPolicy: None` when the work is done.',
        ],
      },
      fires: {
        when: 'A flavor of the queue was removed twenty minutes ago',
        series: [
          [series(kueue.kueue_cluster_queue_status, { ...queue, status: 'active' }), '1 0x25'],
          [series(kueue.kueue_cluster_queue_status, { ...queue, status: 'pending' }), '0 1x25'],
        ],
        at: '20m',
        alerts: [ofQueue],
      },
      quiet: {
        when: 'A queue was stopped for ten minutes',
        series: [
          [series(kueue.kueue_cluster_queue_status, { ...queue, status: 'active' }), '1 0x10 1x15'],
          [series(kueue.kueue_cluster_queue_status, { ...queue, status: 'pending' }), '0 1x10 0x15'],
        ],
        at: '10m',
      },
    },
    {
      name: 'SlurmQueueStalledWithFreeGpus',
      expr: promql`max by (cluster, job) (min_over_time(${slurm.slurm_gpus_idle}[30m])) > ${thresholds.queueFreeGpusCount}
and
sum by (cluster, job) (min_over_time(${slurm.slurm_queue_pending}[30m])) > 0`,
      thresholds: ['queueFreeGpusCount'],
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Jobs of Slurm wait although GPUs are idle.',
      description:
        'At least {{ $value | humanize }} GPUs of Slurm in {{ $labels.cluster }} have been idle all the time, and jobs wait. See what they wait for.',
      runbook: {
        meaning,
        firstLook: [
          'Why jobs wait: `squeue -t PD -o "%.10i %.9P %.8u %.10b %.20R" | head -20`, column NODELIST(REASON).',
          'What is free: `sinfo -N -o "%N %t %G %E" | grep -E "idle|mix"`.',
          'Does the scheduler run: `sdiag | head -30` and `tail /var/log/slurm/slurmctld.log`.',
        ],
        remedy: [
          'QOSMax, AssocGrp: limits of the account; raise them, or leave it so and raise queueFreeGpusCount.',
          'Reservation or Licenses: wait for their end.',
          'Priority with free nodes: the first job waits for many; have `SchedulerType=sched/backfill` and time limits that are true.',
          rest,
        ],
      },
      fires: {
        when: 'Nine GPUs are idle and a job waits for more than an hour',
        series: [
          [series(slurm.slurm_gpus_idle, exporter), '9x80'],
          [series(slurm.slurm_queue_pending, exporter), '1x80'],
        ],
        at: '70m',
        alerts: [{ cluster: 'c1', job: 'slurm' }],
      },
      quiet: {
        when: 'Eight GPUs are idle, and twelve since half an hour; and elsewhere they are idle because nobody wants them',
        series: [
          [series(slurm.slurm_gpus_idle, exporter), '8x40 12x40'],
          [series(slurm.slurm_queue_pending, exporter), '5x80'],
          [series(slurm.slurm_gpus_idle, { ...exporter, cluster: 'c2' }), '12x80'],
          [series(slurm.slurm_queue_pending, { ...exporter, cluster: 'c2' }), '0x80'],
        ],
        at: '72m',
      },
    },
    {
      name: 'VolcanoQueueStalledWithFreeGpus',
      expr: promql`(
  sum by (cluster, queue_name) (max by (cluster, queue_name, resource) (${recent(select(deserved, { resource: gpus }))}))
  -
  sum by (cluster, queue_name) (max by (cluster, queue_name, resource) (${recent(select(allocated, { resource: gpus }))}))
) / 1000 > ${thresholds.queueFreeGpusCount}
and
${perVolcanoQueue(promql`min_over_time(${waiting}[30m])`)} + ${perVolcanoQueue(promql`min_over_time(${inQueue}[30m])`)} > 0`,
      thresholds: ['queueFreeGpusCount'],
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Pod groups of Volcano wait although their queue deserves more GPUs.',
      description:
        'Queue {{ $labels.queue_name }} in {{ $labels.cluster }} lacks {{ $value | humanize }} of the GPUs that it deserves, and pod groups wait. See why Volcano does not place them.',
      runbook: {
        meaning: `${meaning} What other queues have taken beyond their share counts as free until it is reclaimed.`,
        firstLook: [
          'What waits: `kubectl get podgroups -A` and `kubectl -n <namespace> describe podgroup <podgroup>`, section Events.',
          'What the queue has: `kubectl describe queue <queue_name>`.',
          'Does the scheduler run: `kubectl -n volcano-system logs deploy/volcano-scheduler --tail=50`.',
        ],
        remedy: [
          'Others have borrowed its share: set `reclaimable: true` on their queues, and the action reclaim in the scheduler.',
          rest,
        ],
      },
      fires: {
        when: 'A queue has 23 of the 32 GPUs that it deserves, half of them MIG instances, and one pod group waits for more than an hour',
        series: [
          [series(deserved, onGpus), '16000x80'],
          [series(allocated, onGpus), '12000x80'],
          [series(deserved, onMig), '16000x80'],
          [series(allocated, onMig), '11000x80'],
          [series(waiting, scheduler), '0x80'],
          [series(inQueue, scheduler), '1x80'],
        ],
        at: '70m',
        alerts: [{ cluster: 'c1', queue_name: 'research' }],
      },
      quiet: {
        when: 'A queue lacks eight GPUs, and more since minutes; and another one has nothing that waits',
        series: [
          [series(deserved, onGpus), '16000x80'],
          [series(allocated, onGpus), '12000x55 4000x25'],
          [series(deserved, onMig), '16000x80'],
          [series(allocated, onMig), '12000x80'],
          [series(waiting, scheduler), '2x80'],
          [series(inQueue, scheduler), '1x80'],
          [series(deserved, { ...onGpus, queue_name: 'idle' }), '32000x80'],
          [series(allocated, { ...onGpus, queue_name: 'idle' }), '0x80'],
          [series(waiting, { ...scheduler, queue_name: 'idle' }), '0x80'],
          [series(inQueue, { ...scheduler, queue_name: 'idle' }), '0x80'],
        ],
        at: '70m',
      },
    },
    absentAlert({
      name: 'SchedulerMetricsAbsent',
      anyOf: [kueue.kueue_cluster_queue_status, slurm.slurm_queue_pending, waiting],
      exporter: 'Kueue, Slurm or Volcano',
      blind: 'Alerts about queues',
      firstLook: [
        'Does it answer: `kubectl -n kueue-system get servicemonitor`, or `curl -s http://<slurm exporter>:8080/metrics | grep -c ^slurm_`.',
      ],
      remedy: ['Another scheduler: leave the profile scheduler out when you generate the rules.'],
      example: series(kueue.kueue_cluster_queue_status, { ...queue, status: 'active' }),
    }),
  ],
});
