import { prometheus } from '../../metrics/external.ts';
import { promql, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleTarget } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

const ruleGroup = {
  cluster: 'c1',
  job: 'prometheus',
  instance: 'p1:9090',
  rule_group: '/etc/prometheus/rules/gpu-lost.yaml;gpu-lost',
} as const;

export default defineAlerts({
  theme: 'prometheus-health',
  alerts: [
    {
      name: 'RuleEvaluationFailures',
      expr: promql`round(max by (cluster, job, instance, rule_group) (increase(${prometheus.prometheus_rule_evaluation_failures_total}[5m]))) > 0`,
      for: '10m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Prometheus cannot evaluate a rule, so an alert may be blind.',
      description:
        'Prometheus {{ $labels.instance }} failed {{ $value | humanize }} times within five minutes to evaluate rules of {{ $labels.rule_group }}. Its page Rules shows the error beside the rule.',
      runbook: {
        meaning:
          'A rule whose evaluation fails gives no alert and no series. The usual cause is a join that finds two series where it expects one, which shows only with live data.',
        firstLook: [
          'The error: page Status, Rules, or `curl -s http://<prometheus>:9090/api/v1/rules | jq \'.data.groups[].rules[] | select(.health=="err") | {name, lastError}\'`.',
          'For "many-to-many": query each side of the join by itself and look for two series with the same labels.',
        ],
        remedy: [
          'Two exporters for one GPU: stop one of them, or drop its series in the scrape job.',
          'Query limits ("too many samples"): raise `--query.max-samples`, or shorten the range in the rule.',
          'A rule of your own: aggregate each side with `by` to the labels of the join.',
        ],
      },
      fires: {
        when: 'One rule fails every five minutes',
        series: [[series(prometheus.prometheus_rule_evaluation_failures_total, ruleGroup), '0x4 1x4 2x4 3x4 4x4']],
        at: '20m',
        alerts: [ruleGroup],
      },
      quiet: {
        when: 'One evaluation failed during a restart',
        series: [[series(prometheus.prometheus_rule_evaluation_failures_total, ruleGroup), '0x2 1x20']],
        at: '18m',
      },
    },
    {
      name: 'RuleEvaluationSlow',
      expr: promql`max by (cluster, job, instance, rule_group) (${recent(prometheus.prometheus_rule_group_last_duration_seconds)})
/
max by (cluster, job, instance, rule_group) (${recent(prometheus.prometheus_rule_group_interval_seconds)})
> ${thresholds.ruleEvaluationSlowRatio}`,
      thresholds: ['ruleEvaluationSlowRatio'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'A rule group takes nearly its whole interval to evaluate.',
      description:
        'Rules of {{ $labels.rule_group }} on Prometheus {{ $labels.instance }} take {{ $value | humanizePercentage }} of their interval. Look at the CPU of Prometheus, then at the slowest rule of the group.',
      runbook: {
        meaning:
          'When an evaluation takes longer than its interval the next one is skipped: alerts come late, and recorded series have gaps.',
        firstLook: [
          "The slowest rules: `curl -s http://<prometheus>:9090/api/v1/rules | jq '[.data.groups[].rules[] | {name, evaluationTime}] | sort_by(-.evaluationTime) | .[:5]'`.",
          'Is it the machine: `rate(process_cpu_seconds_total{job="prometheus"}[5m])` against its CPU limit.',
        ],
        remedy: [
          'Give Prometheus more CPU, or lengthen the interval of the group.',
          'Raw series read in many rules: read the recorded ones, or split the fleet over several Prometheus servers.',
        ],
      },
      fires: {
        when: 'A group with an interval of 30 s takes 27 s',
        series: [
          [series(prometheus.prometheus_rule_group_last_duration_seconds, ruleGroup), '27x15'],
          [series(prometheus.prometheus_rule_group_interval_seconds, ruleGroup), '30x15'],
        ],
        at: '12m',
        alerts: [ruleGroup],
      },
      quiet: {
        when: 'A group with an interval of 30 s takes 23 s',
        series: [
          [series(prometheus.prometheus_rule_group_last_duration_seconds, ruleGroup), '23x15'],
          [series(prometheus.prometheus_rule_group_interval_seconds, ruleGroup), '30x15'],
        ],
        at: '12m',
      },
    },
    {
      name: 'Watchdog',
      expr: promql`vector(1)`,
      for: '0s',
      severity: 'none',
      action: 'none',
      domain: 'fleetlens',
      team: 'observability',
      summary: 'This alert always fires, to show that alerts arrive.',
      description:
        'Prometheus evaluates rules and Alertmanager passes alerts on. Route this alert to a dead man’s switch, which calls you when it stops.',
      runbook: {
        meaning:
          'It fires all the time. When the service that receives it hears nothing, the way from Prometheus through Alertmanager to people is broken somewhere, and all other alerts are lost too.',
        firstLook: [
          'Does Prometheus evaluate: `curl -s http://<prometheus>:9090/-/healthy` and the query `ALERTS{alertname="Watchdog"}`.',
          'Does it reach Alertmanager: `prometheus_notifications_alertmanagers_discovered` and `amtool alert query alertname=Watchdog --alertmanager.url=http://<alertmanager>:9093`.',
          'Does Alertmanager send: `rate(alertmanager_notifications_failed_total[5m])` by integration.',
        ],
        remedy: [
          'Restart the part that does not answer, and mend the configuration that its log names.',
          'If all works and the receiver hears nothing, look at the route of severity none, and at proxies and firewalls on the way out.',
        ],
      },
      fires: {
        when: 'Prometheus runs',
        series: [[series(prometheus.up, exampleTarget), '1x2']],
        at: '1m',
        alerts: [{}],
      },
      quiet: 'never',
    },
  ],
});
