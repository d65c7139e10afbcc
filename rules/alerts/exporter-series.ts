import { prometheus } from '../../metrics/external.ts';
import { promql, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleTarget } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

const { scrape_samples_post_metric_relabeling: samples, scrape_series_added: added } = prometheus;
const now = promql`max by (cluster, node, job, instance) (${recent(samples)})`;

const whichMetrics =
  'Which metrics: `topk(10, count by (__name__) ({instance="<instance>"}))`, which is expensive on a large server; or count lines of its page by name.';
const keepOut =
  'Until it is mended drop the metric or the label with `metric_relabel_configs`, or set `sample_limit` of the job.';

export default defineAlerts({
  theme: 'exporter-series',
  alerts: [
    {
      name: 'ExporterCardinalityJump',
      expr: promql`${now} > ${thresholds.cardinalityJumpRatio} * max by (cluster, node, job, instance) (${samples} offset 1d)
and
${now} > ${thresholds.cardinalityJumpCount}`,
      thresholds: ['cardinalityJumpRatio', 'cardinalityJumpCount'],
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'A target shows many more series than a day ago.',
      description:
        '{{ $labels.job }} at {{ $labels.instance }} on {{ $labels.node }} in {{ $labels.cluster }} shows {{ $value | humanize }} series, far more than a day ago. Find the metric and the label that grew.',
      runbook: {
        meaning:
          'Each series costs memory and disk of Prometheus. A label whose values never end takes the server down in days.',
        firstLook: [
          whichMetrics,
          'What changed: a new version of the exporter, a new collector, or more pods on the machine.',
          'Is there room: `prometheus_tsdb_head_series` and the memory of Prometheus.',
        ],
        remedy: [keepOut, 'It is meant to be so, such as after MIG was switched on: the alert ends after a day.'],
      },
      fires: {
        when: 'A target has grown from 1,400 to 2,200 series',
        series: [[series(samples, exampleTarget), '1400x1450 2200x60']],
        at: '1480m',
        alerts: [exampleTarget],
      },
      quiet: {
        when: 'A target has grown from 4,000 to 5,900, and further for minutes; and a small one from 10 to 1,900',
        series: [
          [series(samples, exampleTarget), '4000x1450 5900x25 6100x35'],
          [series(samples, { ...exampleTarget, instance: 'n1:9410' }), '10x1450 1900x60'],
        ],
        at: '1480m',
      },
    },
    {
      name: 'ExporterSeriesChurn',
      expr: promql`sum by (cluster, job) (avg_over_time(${added}[1h]))
/
(sum by (cluster, job) (avg_over_time(${samples}[1h])) > ${thresholds.cardinalityJumpCount})
> ${thresholds.seriesChurnRatio}`,
      thresholds: ['seriesChurnRatio', 'cardinalityJumpCount'],
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Targets show other series with each scrape.',
      description:
        '{{ $value | humanizePercentage }} of the series of {{ $labels.job }} in {{ $labels.cluster }} are new with each scrape. Look for a label that counts up, such as a process, a step or a request.',
      runbook: {
        meaning:
          'The number of series at any moment looks harmless, but each new one stays in memory for two hours and in the index for as long as data are kept.',
        firstLook: [
          'Which target: `topk(5, avg_over_time(scrape_series_added{job="<job>"}[1h]))`.',
          'Compare two pages: `curl -s http://<instance>/metrics | sort > a`, a minute later again, then `diff a b | head`.',
        ],
        remedy: [keepOut, 'Very short jobs in Kubernetes make series that are meant to be so: raise seriesChurnRatio.'],
      },
      fires: {
        when: 'A seventeenth of two thousand series is new each minute',
        series: [
          [series(added, exampleTarget), '120x100'],
          [series(samples, exampleTarget), '2100x100'],
        ],
        at: '95m',
        alerts: [{ cluster: 'c1', job: 'fleetlens-gpu' }],
      },
      quiet: {
        when: 'Nine of two hundred series are new each minute, and more for minutes; a small target changes all the time',
        series: [
          [series(added, exampleTarget), '225x70 1500x30'],
          [series(samples, exampleTarget), '5000x100'],
          [series(added, { ...exampleTarget, job: 'small' }), '500x100'],
          [series(samples, { ...exampleTarget, job: 'small' }), '1900x100'],
        ],
        at: '95m',
      },
    },
  ],
});
