import type { Expr } from '../../metrics/promql.ts';
import { countOf, promql, series } from '../../metrics/promql.ts';
import { apiServer } from '../../metrics/vendors/kube-apiserver.ts';
import { defineAlerts } from '../alert.ts';
import { kubernetesGroup } from '../recording/kubernetes.ts';
import { thresholds } from '../thresholds.ts';

const recorded = kubernetesGroup.series;
const errors = {
  '5m': recorded['cluster:apiserver_request_errors:ratio5m'],
  '30m': recorded['cluster:apiserver_request_errors:ratio30m'],
  '1h': recorded['cluster:apiserver_request_errors:ratio1h'],
  '6h': recorded['cluster:apiserver_request_errors:ratio6h'],
} as const;
const latency = recorded['cluster_verb:apiserver_request_duration_seconds:p99'];
const answers = apiServer.apiserver_request_sli_duration_seconds;

const cluster = { cluster: 'c1' } as const;
const budget = thresholds.apiServerErrorBudgetRatio;

function errorRatios(values: Readonly<Record<keyof typeof errors, string>>): readonly (readonly [Expr, string])[] {
  return Object.entries(errors).map(([window, metric]) => [
    series(metric, cluster),
    values[window as keyof typeof errors],
  ]);
}

const readyz =
  'What it says of itself: `kubectl get --raw "/readyz?verbose"` and `kubectl -n kube-system get pods -l component=kube-apiserver -o wide`.';

export default defineAlerts({
  theme: 'kubernetes-api',
  profile: 'kubernetes',
  alerts: [
    {
      name: 'ApiServerLatencyHigh',
      expr: promql`${latency} > ${thresholds.apiServerLatencySeconds}
and
sum by (cluster, verb) (rate(${countOf(answers)}[5m])) * 60 > ${thresholds.apiServerTrafficPerMinute}`,
      thresholds: ['apiServerLatencySeconds', 'apiServerTrafficPerMinute'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'The Kubernetes API answers slowly.',
      description:
        'The slowest hundredth of the {{ $labels.verb }} requests for single objects in {{ $labels.cluster }} takes {{ $value | humanizeDuration }} or more. Look at etcd first, then at who asks so much.',
      runbook: {
        meaning:
          'Schedulers, operators and launchers of jobs wait for the API. Pods start late, and leases of nodes may run out.',
        firstLook: [
          readyz,
          'Is it etcd: `histogram_quantile(0.99, sum by (le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket[5m])))`. More than 10 ms is slow.',
          'Who asks: `sum by (resource, verb) (rate(apiserver_request_total[5m]))`, and `kubectl get --raw /debug/api_priority_and_fairness/dump_priority_levels`.',
          'An admission webhook that is slow: `sum by (name) (rate(apiserver_admission_webhook_admission_duration_seconds_sum[5m]))`.',
        ],
        remedy: [
          'Put etcd on disks of its own, and defragment it if its database is large.',
          'A controller that lists everything again and again: give it a watch, or limit it by a FlowSchema.',
          'Give the API server more CPU.',
        ],
      },
      fires: {
        when: 'Hardly more than six requests a minute that create something take a second and a half for a quarter of an hour',
        series: [
          [series(latency, { ...cluster, verb: 'POST' }), '1.5x20'],
          [countOf(answers, { cluster: 'c1', job: 'apiserver', instance: 'm1:6443', verb: 'POST' }), '0+6.5x20'],
        ],
        at: '15m',
        alerts: [{ ...cluster, verb: 'POST' }],
      },
      quiet: {
        when: 'Requests take 0.9 s and then a bit more than one for minutes, and five slow ones in a minute are no traffic',
        series: [
          [series(latency, { ...cluster, verb: 'POST' }), '0.9x10 1.1x10'],
          [countOf(answers, { cluster: 'c1', job: 'apiserver', instance: 'm1:6443', verb: 'POST' }), '0+600x20'],
          [series(latency, { ...cluster, verb: 'DELETE' }), '5x20'],
          [countOf(answers, { cluster: 'c1', job: 'apiserver', instance: 'm1:6443', verb: 'DELETE' }), '0+5x20'],
        ],
        at: '15m',
      },
    },
    {
      name: 'ApiServerErrorBudgetBurn',
      expr: promql`(
  ${errors['1h']} > ${thresholds.apiServerBurnFastRatio} * ${budget}
  and
  ${errors['5m']} > ${thresholds.apiServerBurnFastRatio} * ${budget}
)
or
(
  ${errors['6h']} > ${thresholds.apiServerBurnMidRatio} * ${budget}
  and
  ${errors['30m']} > ${thresholds.apiServerBurnMidRatio} * ${budget}
)`,
      thresholds: ['apiServerBurnFastRatio', 'apiServerBurnMidRatio', 'apiServerErrorBudgetRatio'],
      for: '2m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'The Kubernetes API fails so many requests that its error budget will not last.',
      description:
        'The Kubernetes API of {{ $labels.cluster }} fails {{ $value | humanizePercentage }} of its requests. See whether etcd answers and what was rolled out last.',
      runbook: {
        meaning:
          'Requests end with an error of the server. Nothing new can be started reliably; what runs goes on, and nodes may be taken for lost.',
        firstLook: [
          readyz,
          'Which requests: `sum by (resource, verb, code) (rate(apiserver_request_total{code=~"5.."}[5m]))`.',
          'Is etcd well: `kubectl -n kube-system logs -l component=etcd --tail=50`, and `etcdctl endpoint status --cluster -w table`.',
        ],
        remedy: [
          'Errors of one resource only: an admission webhook or an aggregated API is down. `kubectl get apiservices | grep False` and `kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations`.',
          'etcd has lost its quorum or its disk is full: free the disk, `etcdctl defrag`, then `etcdctl alarm disarm`.',
          'A new version of the control plane: go back.',
        ],
      },
      fires: {
        when: 'A sixth of the requests fails for an hour',
        series: errorRatios({ '5m': '0.16x10', '30m': '0.16x10', '1h': '0.15x10', '6h': '0.03x10' }),
        at: '5m',
        alerts: [cluster],
      },
      quiet: {
        when: 'A burst of errors is nearly over, and too few have failed in six hours',
        series: errorRatios({ '5m': '0.14x10', '30m': '0.3x10', '1h': '0.3x10', '6h': '0.059x10' }),
        at: '5m',
      },
    },
  ],
});
