import { prometheus } from '../../metrics/external.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { gpu } from '../../metrics/gpu.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import type { Runbook } from '../alert.ts';
import { defineAlerts } from '../alert.ts';
import { exampleEngineTarget, exampleGpuTarget, exampleNode, exampleTarget } from '../examples.ts';
import { engineJobs } from '../serving.ts';
import { thresholds } from '../thresholds.ts';
import { perNode, recent } from '../vectors.ts';

const ourUp = select(prometheus.up, { job: { re: 'fleetlens-.*' } });
/** Engines are scraped too, but what is down with them is not the monitoring; they have alerts of their own. */
const engineUp = select(prometheus.up, { job: engineJobs });
const gpuUp = select(prometheus.up, { job: 'fleetlens-gpu' });
const gpuUpWithoutNode = select(prometheus.up, { job: 'fleetlens-gpu', node: '' });
/** Nodes whose driver is known to be away, which has alerts of its own. */
const driverAway = promql`${perNode(recent(select(gpu.gpu_driver_state, { state: { not: 'ok' } })))} == 1`;

const secondNode = { ...exampleTarget, node: 'n2', instance: 'n2:9400' } as const;

const readStatus =
  'On the node: `systemctl status "fleetlens-*"` and `journalctl -u <job> -n 50`; in Kubernetes `kubectl get pods -A -o wide | grep fleetlens` and `kubectl logs <pod> --tail=50`.';
const askExporter =
  'Ask it from the node itself: `curl -sS -m 10 http://localhost:<port>/-/healthy` (GPU exporter: 9400, training 9410, inference 9411).';
const askTargets =
  'What Prometheus says: page Status, Targets, column Error, or `curl -s http://<prometheus>:9090/api/v1/targets`.';

const many: Runbook = {
  meaning:
    'A large share of the fleet is no longer watched, and alerts about its GPUs cannot fire. So many at once have one cause: network, a rollout, a certificate, or Prometheus itself.',
  firstLook: [
    'Which ones, and what they share: `count by (rack) (up{job="<job>"} == 0)`. A job fleetlens-engine-<kind> is engines that serve models, not exporters.',
    askTargets,
    'What was rolled out: `kubectl rollout history daemonset/<name>`, or the log of your configuration management.',
  ],
  remedy: [
    'Connection refused everywhere: go back to the version before the rollout.',
    'Deadline exceeded everywhere: look at the network between Prometheus and the nodes, and at the CPU of Prometheus.',
    'Certificate or 401: renew the certificate or the password on both sides.',
  ],
};

export default defineAlerts({
  theme: 'exporter-health',
  alerts: [
    {
      name: 'ExporterDown',
      expr: promql`max by (cluster, node, job, instance) (${ourUp}) == 0
unless
max by (cluster, node, job, instance) (${engineUp})`,
      for: '3m',
      severity: 'critical',
      action: 'investigate',
      domain: 'fleetlens',
      team: 'observability',
      summary: 'An exporter cannot be scraped, so its node or service is not watched.',
      description:
        '{{ $labels.job }} at {{ $labels.instance }} on {{ $labels.node }} in {{ $labels.cluster }} cannot be scraped. See first whether the node itself is up.',
      runbook: {
        meaning:
          'Prometheus gets no answer. While this lasts, no alert about what this exporter watches can fire. A daemon of the job fleetlens-inference may also be the proxy that requests go through: then its clients are cut off as well. Engines that Prometheus scrapes itself have the alert InferenceEngineUnreachable instead.',
        firstLook: [
          'Is the node up: `ping <node>`, `kubectl get node <node>`, `sinfo -n <node>`.',
          readStatus,
          askExporter,
          askTargets,
        ],
        remedy: [
          'Node down: this alert is a consequence; mend the node.',
          'Exporter stopped: restart it (`systemctl restart <job>`, `kubectl delete pod <pod>`). If it stops again, its last log lines say why; exit code 2 is a wrong option or configuration file.',
          'It answers locally and not to Prometheus: firewall, network policy, TLS or password.',
          'Node taken out for good: remove it from service discovery.',
        ],
      },
      fires: {
        when: 'A target is down for four minutes',
        series: [[series(prometheus.up, exampleTarget), '1 0x5']],
        at: '4m',
        alerts: [{ ...exampleTarget }],
      },
      quiet: {
        when: 'A target has missed two scrapes during a restart; an engine and a target of someone else are down',
        series: [
          [series(prometheus.up, exampleTarget), '1 0 0 1 1 1'],
          [series(prometheus.up, { ...exampleTarget, job: 'node' }), '0x6'],
          [series(prometheus.up, exampleEngineTarget), '0x6'],
        ],
        at: '5m',
      },
    },
    {
      name: 'ExporterAbsent',
      expr: promql`absent(${gpuUp})`,
      for: '10m',
      severity: 'critical',
      action: 'investigate',
      domain: 'fleetlens',
      team: 'observability',
      summary: 'Prometheus has no GPU exporter to scrape at all.',
      description:
        'Prometheus knows no target of job {{ $labels.job }}. Look at service discovery first: the scrape job is missing, has another name, or finds nothing.',
      runbook: {
        meaning:
          'No GPU is watched, and every alert about GPUs is quiet because it has no data, not because all is well.',
        firstLook: [
          'Is the job in the configuration that is loaded: `curl -s http://<prometheus>:9090/api/v1/status/config | grep fleetlens-gpu`.',
          'Does it find targets: page Status, Service discovery; with the operator `kubectl get servicemonitor,podmonitor,scrapeconfig -A | grep fleetlens`.',
          'Are exporters running: `kubectl get daemonset -A | grep fleetlens`.',
        ],
        remedy: [
          'Add the scrape job `fleetlens-gpu`, or mend its discovery. With the operator, its labels must match the selector of the Prometheus object.',
          'If your job has another name, set `job_name` or relabel `job` to fleetlens-gpu: rules and boards go by it.',
        ],
      },
      fires: {
        when: 'Only exporters of someone else are scraped',
        series: [[series(prometheus.up, { ...exampleTarget, job: 'node' }), '1x15']],
        at: '12m',
        alerts: [{ job: 'fleetlens-gpu' }],
      },
      quiet: {
        when: 'The only GPU exporter is down: it is known, so ExporterDown speaks',
        series: [[series(prometheus.up, exampleTarget), '0x15']],
        at: '12m',
      },
    },
    {
      name: 'ManyExportersDown',
      expr: promql`count by (cluster, job) (${ourUp} == 0) / count by (cluster, job) (${ourUp}) > ${thresholds.manyExportersDownRatio}
and on (cluster, job)
count by (cluster, job) (${ourUp} == 0) >= ${thresholds.manyExportersDownCount}`,
      thresholds: ['manyExportersDownRatio', 'manyExportersDownCount'],
      // Shorter than that of ExporterDown, which it inhibits: else each of them is told before the one.
      for: '2m',
      severity: 'critical',
      action: 'investigate',
      domain: 'fleetlens',
      team: 'observability',
      summary: 'Many exporters of one job are down at once.',
      description:
        '{{ $value | humanizePercentage }} of the targets of {{ $labels.job }} in {{ $labels.cluster }} cannot be scraped. Look for what they share: a rollout, a network, a certificate.',
      runbook: many,
      fires: {
        when: 'Three of four targets are down',
        series: [
          [series(prometheus.up, { ...exampleTarget, instance: 'n1:9400', node: 'n1' }), '0x10'],
          [series(prometheus.up, { ...exampleTarget, instance: 'n2:9400', node: 'n2' }), '0x10'],
          [series(prometheus.up, { ...exampleTarget, instance: 'n3:9400', node: 'n3' }), '0x10'],
          [series(prometheus.up, { ...exampleTarget, instance: 'n4:9400', node: 'n4' }), '1x10'],
        ],
        at: '2m',
        alerts: [{ cluster: 'c1', job: 'fleetlens-gpu' }],
      },
      quiet: {
        when: 'Two of three targets are down, which is a matter for ExporterDown',
        series: [
          [series(prometheus.up, { ...exampleTarget, instance: 'n1:9400', node: 'n1' }), '0x10'],
          [series(prometheus.up, { ...exampleTarget, instance: 'n2:9400', node: 'n2' }), '0x10'],
          [series(prometheus.up, { ...exampleTarget, instance: 'n3:9400', node: 'n3' }), '1x10'],
        ],
        at: '8m',
      },
    },
    {
      name: 'ExporterWithoutNode',
      expr: promql`count by (cluster, job) (${gpuUpWithoutNode}) > 0`,
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'fleetlens',
      team: 'observability',
      summary: 'GPU exporters are scraped without the label node.',
      description:
        'Targets of {{ $labels.job }} in {{ $labels.cluster }} lack the label node ({{ $value | humanize }} of them), and alerts by node are blind for them. Add the label in the scrape job.',
      runbook: {
        meaning:
          'Alerts and boards group by `node`. Targets without it are taken together as one nameless node: a hanging driver or a missing GPU of one hides behind the others, alerts do not say where, and those of one node are not told as one message.',
        firstLook: [
          'Which ones: `up{job="fleetlens-gpu",node=""}`.',
          'What service discovery offers to take the name from: page Status, Service discovery.',
          'Is it relabelled away: look for `labeldrop` or `labelkeep` in the scrape job.',
        ],
        remedy: [
          'With `static_configs`: take the scrape job that FleetLens generates, which makes `node` of the address of the target, or set `labels: {node: <name>}` beside the targets.',
          'Kubernetes: `relabel_configs: [{source_labels: [__meta_kubernetes_pod_node_name], target_label: node}]`; with the operator the same under `relabelings`.',
          'The name must be the one that your scheduler and your other exporters use, or boards cannot join them.',
        ],
      },
      fires: {
        when: 'One of two exporters has no label node for a quarter of an hour',
        series: [
          [series(prometheus.up, exampleTarget), '1x15'],
          [series(prometheus.up, { cluster: 'c1', job: 'fleetlens-gpu', instance: 'n2:9400' }), '1x15'],
        ],
        at: '12m',
        alerts: [{ cluster: 'c1', job: 'fleetlens-gpu' }],
      },
      quiet: {
        when: 'The GPU exporter has the label; an exporter of someone else has none',
        series: [
          [series(prometheus.up, exampleTarget), '1x15'],
          [series(prometheus.up, { cluster: 'c1', job: 'node', instance: 'n2:9100' }), '1x15'],
        ],
        at: '12m',
      },
    },
    {
      name: 'GpuMetricsMissingWhileUp',
      expr: promql`${perNode(gpuUp)} == 1
unless on (cluster, node)
${perNode(recent(gpu.gpu_up))}
unless on (cluster, node)
${driverAway}`,
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'fleetlens',
      team: 'observability',
      summary: 'A GPU exporter answers but shows no GPU, and its driver gives no reason.',
      description:
        'The GPU exporter on {{ $labels.node }} in {{ $labels.cluster }} is up and shows no GPU, although its driver is not in a failed state. Compare nvidia-smi -L with the page of the exporter.',
      runbook: {
        meaning:
          'The exporter looks healthy to Prometheus and watches nothing. A driver that is missing, hangs or crashes has alerts of its own; here the exporter and the driver disagree, or relabelling drops the series.',
        firstLook: [
          'On the node: `nvidia-smi -L` and `curl -s http://localhost:9400/metrics | grep -c ^gpu_up`.',
          'Shown by the exporter and missing in Prometheus: look for `metric_relabel_configs` or a `sample_limit` in the scrape job.',
          'Collectors that failed: `fleetlens_collector_success{node="<node>"} == 0`.',
        ],
        remedy: [
          'The exporter sees no GPU and nvidia-smi does: restart it; in a container give it the NVIDIA runtime and `NVIDIA_VISIBLE_DEVICES=all`.',
          'nvidia-smi sees none: the GPUs are gone or passed to a virtual machine; see GpuCountDropped.',
          'Relabelling drops the series: mend the scrape job.',
        ],
      },
      fires: {
        when: 'The driver is fine and enumerates nothing; another node shows its GPU; in other clusters a node of the same name shows one, and another has no driver',
        series: [
          [series(gpu.gpu_up, { ...exampleGpuTarget, cluster: 'c2' }), '1x12'],
          [series(gpu.gpu_driver_state, { ...exampleTarget, cluster: 'c3', state: 'driver_not_loaded' }), '1x12'],
          [series(prometheus.up, { ...exampleTarget, node: 'n2', instance: 'n2:9400' }), '1x12'],
          [series(gpu.gpu_up, { ...exampleGpuTarget, node: 'n2', instance: 'n2:9400' }), '1x12'],
          [series(prometheus.up, exampleTarget), '1x12'],
          [series(gpu.gpu_driver_state, { ...exampleTarget, state: 'ok' }), '1x12'],
          [series(gpu.gpu_driver_state, { ...exampleTarget, state: 'unresponsive' }), '0x12'],
        ],
        at: '6m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'One node has a lost GPU, another a hanging driver: both have alerts of their own; a third has none',
        series: [
          [series(prometheus.up, { ...exampleTarget, node: 'n3', job: 'node' }), '1x12'],
          [series(prometheus.up, exampleTarget), '1x12'],
          [series(gpu.gpu_up, exampleGpuTarget), '0x12'],
          [series(prometheus.up, { ...exampleTarget, node: 'n2', instance: 'n2:9400' }), '1x12'],
          [
            series(gpu.gpu_driver_state, {
              ...exampleTarget,
              node: 'n2',
              instance: 'n2:9400',
              state: 'unresponsive',
            }),
            '1x12',
          ],
        ],
        at: '10m',
      },
    },
    {
      name: 'ExporterCollectorErrors',
      expr: promql`min by (cluster, node, job, instance, collector) (avg_over_time(${fleetlens.fleetlens_collector_success}[15m])) < ${thresholds.collectorSuccessRatio}`,
      thresholds: ['collectorSuccessRatio'],
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'fleetlens',
      team: 'observability',
      summary: 'A collector of an exporter fails most of the time.',
      description:
        'Collector {{ $labels.collector }} of {{ $labels.job }} on {{ $labels.node }} in {{ $labels.cluster }} succeeded in {{ $value | humanizePercentage }} of its last runs. Read the log of the exporter for its error.',
      runbook: {
        meaning:
          'The series of this collector are missing or have gaps; other collectors of the exporter are not affected. Alerts on those series cannot fire.',
        firstLook: [
          readStatus,
          'Which series are missing: compare `curl -s http://localhost:<port>/metrics` with an exporter that works.',
          'Is it one node or the fleet: `count by (job, collector) (fleetlens_collector_success == 0)`.',
        ],
        remedy: [
          'One node: follow the error in the log; for the GPU exporter it is mostly a GPU that is lost or a missing permission.',
          'The fleet after an update of the driver or of the exporter: go back, and report the error text.',
        ],
      },
      fires: {
        when: 'A collector succeeds seven times out of sixteen',
        series: [
          [
            series(fleetlens.fleetlens_collector_success, { ...exampleTarget, collector: 'ecc' }),
            '0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 0 0 1 0 1 0 1 0 1 0 1 0',
          ],
        ],
        at: '24m',
        alerts: [{ ...exampleTarget, collector: 'ecc' }],
      },
      quiet: {
        when: 'A collector fails every second time',
        series: [
          [
            series(fleetlens.fleetlens_collector_success, { ...exampleTarget, collector: 'ecc' }),
            '1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1',
          ],
        ],
        at: '24m',
      },
    },
    {
      name: 'StaleReadings',
      expr: promql`${perNode(recent(select(fleetlens.fleetlens_snapshot_age_seconds, { job: 'fleetlens-gpu' })))} > ${thresholds.gpuReadingsStaleSeconds}
unless on (cluster, node)
${driverAway}`,
      thresholds: ['gpuReadingsStaleSeconds'],
      for: '2m',
      severity: 'warning',
      action: 'investigate',
      domain: 'fleetlens',
      team: 'observability',
      summary: 'A GPU exporter answers with old readings.',
      description:
        'The readings of the GPU exporter on {{ $labels.node }} in {{ $labels.cluster }} are {{ $value | humanizeDuration }} old. See whether nvidia-smi hangs on the node.',
      runbook: {
        meaning:
          'Scrapes succeed, but the numbers are from the past: what happens on the GPUs now is not seen. The driver answers slowly, or the exporter waits for something. A driver that is known to be away or to hang has alerts of its own, and this one stays quiet.',
        firstLook: [
          'On the node: `time timeout 60 nvidia-smi`. More than a few seconds is too slow.',
          'What the exporter says: `curl -s http://localhost:9400/metrics | grep -E "fleetlens_(snapshot_age|collector_duration)|gpu_driver_"`.',
          'Load of the node: `uptime`, `cat /proc/pressure/cpu`, and a CPU limit on the pod of the exporter.',
        ],
        remedy: [
          'nvidia-smi is slow too: switch persistence mode on (`nvidia-smi -pm 1`) and look for an XID.',
          'nvidia-smi is fast: raise the CPU limit of the exporter, or restart it and keep its log.',
        ],
      },
      fires: {
        when: 'Readings are always more than two minutes old; the driver is away on a node of the same name in another cluster',
        series: [
          [series(gpu.gpu_driver_state, { ...exampleTarget, cluster: 'c2', state: 'driver_not_loaded' }), '1x9'],
          [series(fleetlens.fleetlens_snapshot_age_seconds, exampleTarget), '5 130x8'],
          [series(gpu.gpu_driver_state, { ...exampleTarget, state: 'ok' }), '1x9'],
          [series(gpu.gpu_driver_state, { ...exampleTarget, state: 'driver_not_loaded' }), '0x9'],
        ],
        at: '6m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'Readings of the GPU exporter are two minutes old, those of another daemon half an hour, and on a second node the driver was unloaded',
        series: [
          [series(fleetlens.fleetlens_snapshot_age_seconds, exampleTarget), '120x8'],
          [series(fleetlens.fleetlens_snapshot_age_seconds, { ...exampleTarget, job: 'fleetlens-cmdb' }), '1800x8'],
          [series(fleetlens.fleetlens_snapshot_age_seconds, secondNode), '5 130+60x8'],
          [series(gpu.gpu_driver_state, { ...secondNode, state: 'ok' }), '1 0x8'],
          [series(gpu.gpu_driver_state, { ...secondNode, state: 'driver_not_loaded' }), '0 1x8'],
        ],
        at: '7m',
      },
    },
    {
      name: 'ExporterScrapeSlow',
      expr: promql`max by (cluster, node, job, instance) (avg_over_time(${select(prometheus.scrape_duration_seconds, { job: { re: 'fleetlens-.*' } })}[5m])) > ${thresholds.exporterScrapeSlowSeconds}`,
      thresholds: ['exporterScrapeSlowSeconds'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'fleetlens',
      team: 'observability',
      summary: 'Scrapes of an exporter take nearly as long as they may.',
      description:
        'A scrape of {{ $labels.job }} at {{ $labels.instance }} on {{ $labels.node }} in {{ $labels.cluster }} takes {{ $value | humanizeDuration }}. Find the slow collector before scrapes begin to fail.',
      runbook: {
        meaning: 'When a scrape takes longer than the scrape timeout it fails, and the target counts as down.',
        firstLook: [
          'Which collector: `topk(5, fleetlens_collector_duration_seconds{instance="<instance>"})`.',
          'From the node itself: `time curl -s http://localhost:<port>/metrics | wc -c`. Fast here means that the network is slow.',
          'Load of the node: `uptime`, `cat /proc/pressure/cpu`, and a CPU limit on the pod of the exporter.',
        ],
        remedy: [
          'Raise the CPU limit of the exporter. An engine (job fleetlens-engine-<kind>) that is slow to show its metrics is overloaded, or has too few CPUs for its server process.',
          'Until the cause is found raise `scrape_timeout` of the job, and the threshold exporterScrapeSlowSeconds with it.',
        ],
      },
      fires: {
        when: 'Scrapes take nine of ten seconds for a quarter of an hour',
        series: [[series(prometheus.scrape_duration_seconds, exampleTarget), '9x20']],
        at: '15m',
        alerts: [{ ...exampleTarget }],
      },
      quiet: {
        when: 'Scrapes take seven and a half seconds, with one of nine; those of someone else are slow',
        series: [
          [series(prometheus.scrape_duration_seconds, exampleTarget), '7.5x8 9 7.5x10'],
          [series(prometheus.scrape_duration_seconds, { ...exampleTarget, job: 'node' }), '9x20'],
        ],
        at: '15m',
      },
    },
    {
      name: 'ConfigReloadFailed',
      expr: promql`min by (cluster, node, job, instance) (${recent(fleetlens.fleetlens_config_last_reload_successful)}) == 0`,
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'fleetlens',
      team: 'observability',
      summary: 'A daemon could not load its configuration and runs on with the old one.',
      description:
        '{{ $labels.job }} at {{ $labels.instance }} on {{ $labels.node }} in {{ $labels.cluster }} refused its configuration. Its log names the key that is wrong.',
      runbook: {
        meaning:
          'The file on disk and the configuration in force differ. At the next restart the daemon does not start at all.',
        firstLook: [
          readStatus,
          'Who changed the file, and when: `ls -l <config file>`, or `kubectl describe configmap <name>`.',
        ],
        remedy: [
          'Correct the key that the log names, then load again: `systemctl reload <job>` or `kill -HUP <pid>`.',
          'If it is urgent, put the file back as it was and load again.',
        ],
      },
      fires: {
        when: 'A load failed six minutes ago',
        series: [[series(fleetlens.fleetlens_config_last_reload_successful, exampleTarget), '1 0x8']],
        at: '7m',
        alerts: [{ ...exampleTarget }],
      },
      quiet: {
        when: 'A wrong file was corrected within four minutes',
        series: [[series(fleetlens.fleetlens_config_last_reload_successful, exampleTarget), '1 0x3 1x5']],
        at: '4m',
      },
    },
  ],
});
