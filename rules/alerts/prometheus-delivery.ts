import { promql, series } from '../../metrics/promql.ts';
import { prometheusServer } from '../../metrics/vendors/prometheus-server.ts';
import { absentAlert } from '../absent-alert.ts';
import { defineAlerts } from '../alert.ts';
import { examplePrometheus } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

const { prometheus_notifications_alertmanagers_discovered: known } = prometheusServer;
const { prometheus_notifications_sent_total: sent, prometheus_notifications_errors_total: errors } = prometheusServer;
const { prometheus_notifications_dropped_total: dropped } = prometheusServer;
const { prometheus_notifications_queue_length: queue, prometheus_notifications_queue_capacity: room } =
  prometheusServer;

const toAlertmanager = { ...examplePrometheus, alertmanager: 'http://am1:9093/api/v2/alerts' } as const;
const otherAlertmanager = { ...examplePrometheus, alertmanager: 'http://am2:9093/api/v2/alerts' } as const;
const askAlertmanager =
  'Does it answer from the machine of Prometheus: `curl -sS -m 10 http://<alertmanager>:9093/-/healthy`.';
const log =
  'What the log says: `journalctl -u prometheus -n 100 | grep -i notif`, or `kubectl logs <pod> -c prometheus | grep -i notif | tail`.';

export default defineAlerts({
  theme: 'prometheus-delivery',
  alerts: [
    {
      name: 'AlertmanagerNotFound',
      expr: promql`max by (cluster, job, instance) (max_over_time(${known}[5m])) < 1`,
      for: '10m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Prometheus knows no Alertmanager, so alerts reach nobody.',
      description:
        'Prometheus {{ $labels.instance }} has no Alertmanager to send alerts to. Look at the section alerting of its configuration.',
      runbook: {
        meaning:
          'Rules are evaluated and alerts fire, and nobody hears of them. Only what a second Prometheus sends gets through, and the silence of the Watchdog.',
        firstLook: [
          'What it found: page Status, Runtime, or `curl -s http://<prometheus>:9090/api/v1/alertmanagers`.',
          'Service discovery of the section alerting: `curl -s http://<prometheus>:9090/api/v1/status/config | jq -r .data.yaml | sed -n "/^alerting/,/^[a-z]/p"`.',
        ],
        remedy: [
          'Correct the address or the labels that the section looks for, and load it again.',
          'Start the Alertmanager.',
        ],
      },
      fires: {
        when: 'None is known for a quarter of an hour and more',
        series: [[series(known, examplePrometheus), '1 0x20']],
        at: '18m',
        alerts: [examplePrometheus],
      },
      quiet: {
        when: 'One was known until some minutes ago',
        series: [[series(known, examplePrometheus), '1 0 0 0 0 1 0x20']],
        at: '18m',
      },
    },
    {
      name: 'AlertSendingFailing',
      expr: promql`min by (cluster, job, instance) (
  max by (cluster, job, instance, alertmanager) (rate(${errors}[5m]))
  /
  max by (cluster, job, instance, alertmanager) (rate(${sent}[5m]))
) > ${thresholds.alertsNotTakenRatio}`,
      thresholds: ['alertsNotTakenRatio'],
      for: '5m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'No Alertmanager takes all of the alerts that Prometheus sends.',
      description:
        'Even the best of its Alertmanagers fails {{ $value | humanizePercentage }} of the alerts of Prometheus {{ $labels.instance }}. See whether they answer.',
      runbook: {
        meaning:
          'Alerts are sent again with each evaluation, so some get through late. If all fail, nobody hears of anything.',
        firstLook: [log, askAlertmanager],
        remedy: [
          'Connection refused: start the Alertmanager. Deadline exceeded: it is overloaded or out of memory.',
          '400: an alert has a label that is not allowed; the log of the Alertmanager names it.',
        ],
      },
      fires: {
        when: 'Both Alertmanagers refuse more than three of a hundred alerts',
        series: [
          [series(sent, toAlertmanager), '0+6x20'],
          [series(errors, toAlertmanager), '0+6x20'],
          [series(sent, otherAlertmanager), '0+6x20'],
          [series(errors, otherAlertmanager), '0+0.21x20'],
        ],
        at: '15m',
        alerts: [examplePrometheus],
      },
      quiet: {
        when: 'One of two Alertmanagers refuses everything, and the other one a few, and more for minutes',
        series: [
          [series(sent, toAlertmanager), '0+6x20'],
          [series(errors, toAlertmanager), '0+6x20'],
          [series(sent, otherAlertmanager), '0+6x20'],
          [series(errors, otherAlertmanager), '0+0.15x11 2.25+0.6x9'],
        ],
        at: '15m',
      },
    },
    {
      name: 'AlertsDropped',
      expr: promql`round(max by (cluster, job, instance) (increase(${dropped}[10m]))) > 0`,
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Prometheus throws alerts away because no Alertmanager takes them in time.',
      description:
        'Prometheus {{ $labels.instance }} has thrown away {{ $value | humanize }} alerts within ten minutes. See whether its Alertmanagers answer.',
      runbook: {
        meaning: 'An alert that fires is sent again with the next evaluation. One that was short is lost.',
        firstLook: [log, askAlertmanager],
        remedy: [
          'As for AlertSendingFailing.',
          'Very many alerts at once: raise `--alertmanager.notification-queue-capacity`.',
        ],
      },
      fires: {
        when: 'An alert was thrown away six minutes ago',
        series: [[series(dropped, examplePrometheus), '0x3 1x20']],
        at: '10m',
        alerts: [examplePrometheus],
      },
      quiet: {
        when: 'Some have just been thrown away',
        series: [[series(dropped, examplePrometheus), '0x6 40x70']],
        at: '10m',
      },
    },
    {
      name: 'NotificationQueueFilling',
      expr: promql`max by (cluster, job, instance) (min_over_time(${queue}[5m]))
/
max by (cluster, job, instance) (${recent(room)})
> ${thresholds.notificationQueueRatio}`,
      thresholds: ['notificationQueueRatio'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Alerts pile up in Prometheus because they are sent too slowly.',
      description:
        'The queue of alerts of Prometheus {{ $labels.instance }} is filled to {{ $value | humanizePercentage }} all the time. See how long its Alertmanagers take.',
      runbook: {
        meaning: 'Alerts come late, and are thrown away when the queue is full.',
        firstLook: [
          'How long sending takes: `prometheus_notifications_latency_seconds{quantile="0.99"}`.',
          askAlertmanager,
          'How many alerts there are: `count by (alertname) (ALERTS{alertstate="firing"})`.',
        ],
        remedy: [
          'Give the Alertmanager more CPU.',
          'One rule with thousands of alerts: have it count instead, and say so in one alert.',
        ],
      },
      fires: {
        when: 'Six of ten thousand places are taken',
        series: [
          [series(queue, examplePrometheus), '0 6000x20'],
          [series(room, examplePrometheus), '10000x21'],
        ],
        at: '18m',
        alerts: [examplePrometheus],
      },
      quiet: {
        when: 'The queue fills up with each evaluation and is empty again, but for the last minutes',
        series: [
          [series(queue, examplePrometheus), '9000 0 9000 0 9000 0 9000 0 9000 0 9000x12'],
          [series(room, examplePrometheus), '10000x20'],
          [series(queue, { ...examplePrometheus, instance: 'p2:9090' }), '5000x20'],
          [series(room, { ...examplePrometheus, instance: 'p2:9090' }), '10000x20'],
        ],
        at: '18m',
      },
    },
    {
      name: 'PrometheusConfigReloadFailed',
      expr: promql`min by (cluster, job, instance) (${recent(prometheusServer.prometheus_config_last_reload_successful)}) == 0`,
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Prometheus could not load its configuration and runs on with the old one.',
      description:
        'Prometheus {{ $labels.instance }} has refused its configuration or its rules. Check the files before it is restarted.',
      runbook: {
        meaning: 'New targets and rules are not in force. At the next restart Prometheus does not start at all.',
        firstLook: [
          'What is wrong: `promtool check config /etc/prometheus/prometheus.yml`, which reads the rules too.',
        ],
        remedy: [
          'Correct what it names, and load again: `kill -HUP <pid>` or `curl -X POST http://<prometheus>:9090/-/reload`.',
        ],
      },
      fires: {
        when: 'A load failed a quarter of an hour ago',
        series: [[series(prometheusServer.prometheus_config_last_reload_successful, examplePrometheus), '1 0x20']],
        at: '15m',
        alerts: [examplePrometheus],
      },
      quiet: {
        when: 'It was corrected within eight minutes',
        series: [
          [
            series(prometheusServer.prometheus_config_last_reload_successful, examplePrometheus),
            '1 0 0 0 0 0 0 0 0 1x10',
          ],
        ],
        at: '8m',
      },
    },
    {
      name: 'RuleGroupIterationsMissed',
      expr: promql`round(max by (cluster, job, instance, rule_group) (increase(${prometheusServer.prometheus_rule_group_iterations_missed_total}[10m]))) > 0`,
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Prometheus skips evaluations of a rule group.',
      description:
        'Prometheus {{ $labels.instance }} has skipped {{ $value | humanize }} evaluations of {{ $labels.rule_group }} within ten minutes. Look at its CPU and at the slowest rule of the group.',
      runbook: {
        meaning: 'Alerts of the group come late, and recorded series have gaps.',
        firstLook: [
          'How long the group takes: `prometheus_rule_group_last_duration_seconds` against `prometheus_rule_group_interval_seconds`.',
          'Is the whole server slow: `rate(process_cpu_seconds_total{job="prometheus"}[5m])`, and queries of people in `prometheus_engine_queries`.',
        ],
        remedy: ['As for RuleEvaluationSlow.'],
      },
      fires: {
        when: 'An evaluation is skipped every ten minutes',
        series: [
          [
            series(prometheusServer.prometheus_rule_group_iterations_missed_total, {
              ...examplePrometheus,
              rule_group: 'a;b',
            }),
            '0x9 1x9 2x9 3x9',
          ],
        ],
        at: '35m',
        alerts: [{ ...examplePrometheus, rule_group: 'a;b' }],
      },
      quiet: {
        when: 'Some were skipped during a restart',
        series: [
          [
            series(prometheusServer.prometheus_rule_group_iterations_missed_total, {
              ...examplePrometheus,
              rule_group: 'a;b',
            }),
            '0x3 4x40',
          ],
        ],
        at: '12m',
      },
    },
    absentAlert({
      name: 'PrometheusMetricsAbsent',
      anyOf: [prometheusServer.prometheus_tsdb_head_series],
      exporter: 'Prometheus itself',
      blind: 'Alerts about the storage and the rules of Prometheus and about its way to Alertmanager',
      firstLook: ['Does it answer: `curl -s http://<prometheus>:9090/metrics | grep -c ^prometheus_`.'],
      remedy: [
        'Add a job `prometheus` with the target `localhost:9090`.',
        'A ruler of Mimir, Thanos or VictoriaMetrics evaluates these rules: have the Prometheus servers write their own series too, or silence this alert for good.',
      ],
      example: series(prometheusServer.prometheus_tsdb_head_series, examplePrometheus),
    }),
  ],
});
