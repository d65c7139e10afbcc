import { promql, series } from '../../metrics/promql.ts';
import { prometheusServer } from '../../metrics/vendors/prometheus-server.ts';
import { defineAlerts } from '../alert.ts';
import { examplePrometheus } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { perServer, recent } from '../vectors.ts';

const server = prometheusServer;
const { prometheus_tsdb_head_series: head, prometheus_tsdb_wal_corruptions_total: corruptions } = server;
const { prometheus_tsdb_compactions_failed_total: compactions, prometheus_tsdb_reloads_failures_total: reloads } =
  server;
const { prometheus_remote_storage_queue_highest_sent_timestamp_seconds: written } = server;
const { prometheus_remote_storage_samples_failed_total: refused, prometheus_remote_storage_samples_total: sent } =
  server;

const outOfOrder = server.prometheus_target_scrapes_sample_out_of_order_total;
const duplicate = server.prometheus_target_scrapes_sample_duplicate_timestamp_total;
const outOfBounds = server.prometheus_target_scrapes_sample_out_of_bounds_total;
const overSamples = server.prometheus_target_scrapes_exceeded_sample_limit_total;
const overSize = server.prometheus_target_scrapes_exceeded_body_size_limit_total;
const overLabels = server.prometheus_target_scrape_pool_exceeded_label_limits_total;
const overTargets = server.prometheus_target_scrape_pool_exceeded_target_limit_total;

const overLimits = [overSamples, overSize, overLabels, overTargets] as const;

const remote = { ...examplePrometheus, remote_name: 'mimir' } as const;

const log =
  'What the log says: `journalctl -u prometheus -n 200 | grep -E "level=(warn|error)"`, or `kubectl logs <pod> -c prometheus | grep -E "level=(warn|error)" | tail`.';
const who = 'Prometheus {{ $labels.instance }}';

export default defineAlerts({
  theme: 'prometheus-storage',
  alerts: [
    {
      name: 'TsdbHeadSeriesGrowth',
      expr: promql`${perServer(recent(head))} > ${thresholds.headSeriesGrowthRatio} * ${perServer(promql`${head} offset 1d`)}
and
${perServer(recent(head))} > ${thresholds.headSeriesCount}`,
      thresholds: ['headSeriesGrowthRatio', 'headSeriesCount'],
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Prometheus holds many more series than a day ago.',
      description: `${who} holds {{ $value | humanize }} series, far more than a day ago. Find what grew before it runs out of memory.`,
      runbook: {
        meaning:
          'Memory grows with the series of the last two hours. When it is used up Prometheus is killed, reads its log for minutes, and is killed again.',
        firstLook: [
          'What grew: page Status, TSDB Status, or `curl -s http://<prometheus>:9090/api/v1/status/tsdb | jq .data.seriesCountByMetricName`.',
          'Which job: `topk(5, sum by (job) (scrape_samples_post_metric_relabeling))`, and the alerts ExporterCardinalityJump and ExporterSeriesChurn.',
        ],
        remedy: [
          'Drop the metric or the label with `metric_relabel_configs`, and set `sample_limit` for the job.',
          'The cluster has grown: give Prometheus more memory, or split the scrape jobs over several servers.',
        ],
      },
      fires: {
        when: 'Seventy thousand series became a hundred and ten thousand',
        series: [[series(head, examplePrometheus), '7e4x1450 11e4x60']],
        at: '1490m',
        alerts: [examplePrometheus],
      },
      quiet: {
        when: 'Two million became nearly three, and more for minutes; and a small server grew tenfold',
        series: [
          [series(head, examplePrometheus), '2e6x1450 2.9e6x20 3.1e6x40'],
          [series(head, { ...examplePrometheus, instance: 'p2:9090' }), '9000x1450 90000x60'],
        ],
        at: '1490m',
      },
    },
    {
      name: 'TsdbCompactionsFailing',
      expr: promql`round(${perServer(promql`increase(${compactions}[3h])`)} + ${perServer(promql`increase(${reloads}[3h])`)}) > 0`,
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Prometheus cannot write or read blocks of its storage.',
      description: `${who} has failed {{ $value | humanize }} times within three hours to compact or load blocks. Look at its disk.`,
      runbook: {
        meaning: 'What is not compacted stays in memory and in the log, which grow until Prometheus ends.',
        firstLook: [log, 'Is there room: `df -h <data folder>`.'],
        remedy: [
          'No space left: make room, or lower `--storage.tsdb.retention.size`.',
          'A block that cannot be read: move the folder that the log names out of the data folder. Its hours are lost.',
        ],
      },
      fires: {
        when: 'A compaction fails every twenty minutes, and at another server a reload of blocks',
        series: [
          [series(compactions, { ...examplePrometheus, instance: 'p2:9090' }), '0x70'],
          [series(reloads, { ...examplePrometheus, instance: 'p2:9090' }), '0x10 1x20 2x20 3x20'],
          [series(compactions, examplePrometheus), '0x10 1x20 2x20 3x20'],
          [series(reloads, examplePrometheus), '0x70'],
        ],
        at: '60m',
        alerts: [examplePrometheus, { ...examplePrometheus, instance: 'p2:9090' }],
      },
      quiet: {
        when: 'A compaction failed twenty minutes ago',
        series: [
          [series(compactions, examplePrometheus), '1x40 2x30'],
          [series(reloads, examplePrometheus), '0x70'],
        ],
        at: '60m',
      },
    },
    {
      name: 'TsdbWalCorrupted',
      expr: promql`${perServer(corruptions)} > 0
unless
${perServer(promql`${corruptions} offset 1h`)} >= ${perServer(corruptions)}`,
      for: '0s',
      keepFiringFor: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Prometheus has found its log damaged and thrown a part of it away.',
      description: `${who} has found {{ $value | humanize }} damaged places in its log. Look for a gap in its data, and at its disk.`,
      runbook: {
        meaning:
          'What was written after the damage is lost: up to two hours. It is found at a start, mostly after the machine went down hard or the disk was full.',
        firstLook: [
          log,
          'Is there a gap: `count_over_time(up{job="prometheus"}[3h])` and a graph of it.',
          'The disk: `dmesg -T | grep -iE "i/o error|nvme|ext4|xfs" | tail`.',
        ],
        remedy: [
          'The gap stays. A second Prometheus with the same targets has the data.',
          'Errors of the disk: exchange it before the blocks go too.',
        ],
      },
      fires: {
        when: 'A server finds damage when it starts, and one that was never seen before',
        series: [
          [series(corruptions, examplePrometheus), '0x55 1x25'],
          [series(corruptions, { ...examplePrometheus, instance: 'p2:9090' }), '_x55 1x25'],
        ],
        at: '75m',
        alerts: [examplePrometheus, { ...examplePrometheus, instance: 'p2:9090' }],
      },
      quiet: {
        when: 'The damage was found more than an hour ago, and a new server finds none',
        series: [
          [series(corruptions, examplePrometheus), '1x80'],
          [series(corruptions, { ...examplePrometheus, instance: 'p2:9090' }), '_x55 0x25'],
        ],
        at: '70m',
      },
    },
    {
      name: 'RemoteWriteBehind',
      expr: promql`time() - (max by (cluster, job, instance, remote_name) (${recent(written)}) > 0)
> ${thresholds.remoteWriteBehindSeconds}`,
      thresholds: ['remoteWriteBehindSeconds'],
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Remote storage is behind Prometheus.',
      description: `Remote storage {{ $labels.remote_name }} is {{ $value | humanizeDuration }} behind ${who}. See whether it answers and how fast.`,
      runbook: {
        meaning:
          'Boards, bills and rules that read the remote storage see the past. After two hours the log is cut, and what was not sent is lost.',
        firstLook: [
          'Does it answer: `rate(prometheus_remote_storage_samples_retried_total[5m])`, and the log of Prometheus.',
          'Are there enough senders: `prometheus_remote_storage_shards` against `prometheus_remote_storage_shards_max`.',
        ],
        remedy: [
          'All senders are busy: raise `max_shards` in `queue_config`, or send less with `write_relabel_configs`.',
          '429: raise the limits of the tenant in Mimir or Thanos.',
        ],
      },
      fires: {
        when: 'What was written last is two minutes and twenty seconds old',
        series: [[series(written, remote), '60x3 100+60x30']],
        at: '25m',
        alerts: [remote],
      },
      quiet: {
        when: 'What was written last is two minutes old, and more for minutes, and another storage has not been written to yet',
        series: [
          [series(written, remote), '0x2 60+60x12 780x10'],
          [series(written, { ...remote, remote_name: 'new' }), '0x30'],
        ],
        at: '25m',
      },
    },
    {
      name: 'RemoteWriteFailing',
      expr: promql`max by (cluster, job, instance, remote_name) (rate(${refused}[5m]))
/
max by (cluster, job, instance, remote_name) (rate(${sent}[5m]))
> ${thresholds.remoteWriteFailedRatio}`,
      thresholds: ['remoteWriteFailedRatio'],
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Remote storage refuses samples for good.',
      description: `Remote storage {{ $labels.remote_name }} refuses {{ $value | humanizePercentage }} of the samples of ${who}. Its log says why.`,
      runbook: {
        meaning:
          'Samples that are refused are not sent again. They are missing in everything that reads the remote storage.',
        firstLook: [
          log,
          'By status: 400 is a sample that is too old or has too many labels, 401 a password, 413 a message that is too large.',
        ],
        remedy: [
          'Two Prometheus servers write the same series: give each its own external label `replica`, and have the storage remove duplicates.',
          'Limits of the tenant: raise them, or send less.',
        ],
      },
      fires: {
        when: 'More than one percent is refused',
        series: [
          [series(refused, remote), '0+12x30'],
          [series(sent, remote), '0+1000x30'],
        ],
        at: '25m',
        alerts: [remote],
      },
      quiet: {
        when: 'Less than one percent is refused, and more for minutes',
        series: [
          [series(refused, remote), '0+9x15 165+30x15'],
          [series(sent, remote), '0+1000x30'],
        ],
        at: '25m',
      },
    },
    {
      name: 'ScrapeLimitsExceeded',
      expr: promql`round(
  ${perServer(promql`increase(${overSamples}[10m])`)}
  + ${perServer(promql`increase(${overSize}[10m])`)}
  + ${perServer(promql`increase(${overLabels}[10m])`)}
  + ${perServer(promql`increase(${overTargets}[10m])`)}
) > 0`,
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Prometheus throws whole scrapes away because a target shows too much.',
      description: `${who} has thrown away {{ $value | humanize }} scrapes within ten minutes for limits of their jobs. Find the target, then its limit.`,
      runbook: {
        meaning: 'A target over its limit counts as down: nothing of it is stored, not even the part within the limit.',
        firstLook: [
          'Which one: page Status, Targets, errors "sample limit exceeded", "body size limit exceeded", "label_limit"; or `up == 0`.',
          'How many it shows: `curl -s http://<instance>/metrics | grep -vc ^#`.',
        ],
        remedy: [
          'More GPUs or pods than the limit was made for: raise `sample_limit`, `body_size_limit` or `target_limit` of the job.',
          'A label that grew: see ExporterCardinalityJump.',
        ],
      },
      fires: {
        when: 'Every ten minutes a target has too many samples, another one is too large, a third has too many labels, and in the end there are too many targets',
        series: overLimits.flatMap((metric, index) =>
          overLimits.map(
            (each) =>
              [
                series(each, { ...examplePrometheus, instance: `p${index}:9090` }),
                each === metric ? '0x9 1x9 2x9 3x9' : '0x40',
              ] as const,
          ),
        ),
        at: '35m',
        alerts: overLimits.map((_, index) => ({ ...examplePrometheus, instance: `p${index}:9090` })),
      },
      quiet: {
        when: 'A limit was exceeded once',
        series: [
          [series(overSamples, examplePrometheus), '0x5 1x40'],
          [series(overSize, examplePrometheus), '0x40'],
          [series(overLabels, examplePrometheus), '0x40'],
          [series(overTargets, examplePrometheus), '0x40'],
        ],
        at: '14m',
      },
    },
    {
      name: 'SamplesRefused',
      expr: promql`(
  ${perServer(promql`rate(${outOfOrder}[10m])`)}
  + ${perServer(promql`rate(${duplicate}[10m])`)}
  + ${perServer(promql`rate(${outOfBounds}[10m])`)}
) * 60 > ${thresholds.samplesRefusedPerMinute}`,
      thresholds: ['samplesRefusedPerMinute'],
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Prometheus refuses samples because of their time.',
      description: `${who} refuses {{ $value | humanize }} samples a minute as out of order, double or out of bounds. Look for targets with the same labels.`,
      runbook: {
        meaning:
          'Two targets give the same series, or a target sets times of its own. What is stored is a mixture of both.',
        firstLook: [
          log,
          'Targets with the same labels: `count by (job, instance) (up) > 1`.',
          'An exporter that sets times: `curl -s http://<instance>/metrics | awk "NF > 2 && !/^#/" | head`.',
        ],
        remedy: [
          'Give targets a label that tells them apart, or remove one.',
          'Set `honor_timestamps: false` in the job of an exporter that sets times.',
          'Out of bounds: the clock of the target is wrong; see NodeClockSkew.',
        ],
      },
      fires: {
        when: 'Hardly more than ten samples a minute are there twice',
        series: [
          [series(outOfOrder, examplePrometheus), '0x40'],
          [series(duplicate, examplePrometheus), '0+10x40'],
          [series(outOfBounds, examplePrometheus), '0+0.5x40'],
        ],
        at: '35m',
        alerts: [examplePrometheus],
      },
      quiet: {
        when: 'Nearly ten samples a minute are refused, and more for minutes',
        series: [
          [series(outOfOrder, examplePrometheus), '0+9.5x25 267.5+30x15'],
          [series(duplicate, examplePrometheus), '0x40'],
          [series(outOfBounds, examplePrometheus), '0x40'],
        ],
        at: '35m',
      },
    },
  ],
});
