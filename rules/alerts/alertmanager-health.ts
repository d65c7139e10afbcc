import { promql, series } from '../../metrics/promql.ts';
import { alertmanager } from '../../metrics/vendors/alertmanager.ts';
import { absentAlert } from '../absent-alert.ts';
import { defineAlerts } from '../alert.ts';
import { exampleAlertmanager } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { perServer, recent } from '../vectors.ts';

const { alertmanager_notifications_failed_total: failed, alertmanager_notifications_total: tried } = alertmanager;
const { alertmanager_config_last_reload_successful: reloaded, alertmanager_cluster_members: members } = alertmanager;

const email = { ...exampleAlertmanager, integration: 'email' } as const;
const second = { ...exampleAlertmanager, instance: 'am2:9093' } as const;
const log =
  'What the log says: `journalctl -u alertmanager -n 100`, or `kubectl logs <pod> -c alertmanager --tail=100`.';

export default defineAlerts({
  theme: 'alertmanager-health',
  alerts: [
    {
      name: 'NotificationsFailing',
      expr: promql`sum by (cluster, job, instance, integration) (rate(${failed}[15m]))
/
sum by (cluster, job, instance, integration) (rate(${tried}[15m]))
> ${thresholds.notificationsFailedRatio}`,
      thresholds: ['notificationsFailedRatio'],
      for: '5m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Alertmanager cannot send messages, so people are not told of alerts.',
      description:
        'Alertmanager {{ $labels.instance }} fails {{ $value | humanizePercentage }} of its messages by {{ $labels.integration }}. Its log names the receiver and the error.',
      runbook: {
        meaning: 'Alerts fire and their messages do not arrive. This one goes another way too, where the site has one.',
        firstLook: [
          `${log} Look for "Notify attempt failed" or "Notify for alerts failed".`,
          'Does the other side answer: `curl -sS -m 10 <url of the receiver>`, from the machine of Alertmanager.',
        ],
        remedy: [
          '401, 403: the password or token was changed. 404: the channel is gone.',
          '429: too many messages; group more, or send digests.',
          'A template that fails: `amtool check-config alertmanager.yml`, and go back to the version before.',
        ],
      },
      fires: {
        when: 'One of eighty mails cannot be sent',
        series: [
          [series(failed, email), '0+0.25x30'],
          [series(tried, email), '0+20x30'],
        ],
        at: '25m',
        alerts: [email],
      },
      quiet: {
        when: 'Fewer than one mail of a hundred is lost, and more for minutes; nothing is sent by another way',
        series: [
          [series(failed, email), '0+0.18x22 4+2x8'],
          [series(tried, email), '0+20x30'],
          [series(failed, { ...email, integration: 'slack' }), '1x30'],
          [series(tried, { ...email, integration: 'slack' }), '1x30'],
        ],
        at: '25m',
      },
    },
    {
      name: 'AlertmanagerConfigReloadFailed',
      expr: promql`min by (cluster, job, instance) (${recent(reloaded)}) == 0`,
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Alertmanager could not load its configuration and runs on with the old one.',
      description:
        'Alertmanager {{ $labels.instance }} has refused its configuration. Check the file before it is restarted.',
      runbook: {
        meaning:
          'New receivers and routes are not in force. At the next restart Alertmanager does not start, and nobody is told of anything.',
        firstLook: ['What is wrong: `amtool check-config /etc/alertmanager/alertmanager.yml`.', log],
        remedy: [
          'Correct what it names, and load again: `kill -HUP <pid>` or `curl -X POST http://<alertmanager>:9093/-/reload`.',
        ],
      },
      fires: {
        when: 'A load failed a quarter of an hour ago',
        series: [[series(reloaded, exampleAlertmanager), '1 0x20']],
        at: '15m',
        alerts: [exampleAlertmanager],
      },
      quiet: {
        when: 'It was corrected within eight minutes',
        series: [[series(reloaded, exampleAlertmanager), '1 0 0 0 0 0 0 0 0 1x10']],
        at: '8m',
      },
    },
    {
      name: 'AlertmanagerMembersMissing',
      expr: promql`${perServer(promql`max_over_time(${members}[5m])`)}
< on (cluster, job) group_left ()
count by (cluster, job) (${perServer(promql`max_over_time(${members}[5m])`)})`,
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'An Alertmanager does not see all of the others.',
      description:
        'Alertmanager {{ $labels.instance }} sees {{ $value | humanize }} members of its cluster, fewer than there are. Look at the network between them.',
      runbook: {
        meaning: 'Members that do not see each other send the same message twice and do not share silences.',
        firstLook: [
          'Whom it sees: page Status, or `curl -s http://<alertmanager>:9093/api/v2/status | jq .cluster`.',
          log,
        ],
        remedy: [
          'Open port 9094 over TCP and UDP between the members, and name them with `--cluster.peer`.',
          'They are no cluster and are not meant to be: give each a job of its own.',
        ],
      },
      fires: {
        when: 'One of two sees itself only, while others are alone on purpose: of another job and in another cluster',
        series: [
          [series(members, { ...exampleAlertmanager, job: 'alertmanager-test' }), '1x31'],
          [series(members, { ...exampleAlertmanager, cluster: 'c2' }), '1x31'],
          [series(members, exampleAlertmanager), '2 1x30'],
          [series(members, second), '2x31'],
        ],
        at: '25m',
        alerts: [exampleAlertmanager],
      },
      quiet: {
        when: 'Both see each other, and one was started again within ten minutes',
        series: [
          [series(members, exampleAlertmanager), '2 1 1 1 1 1 1 1 1 1 1 2x20'],
          [series(members, second), '2x31'],
        ],
        at: '14m',
      },
    },
    absentAlert({
      name: 'AlertmanagerMetricsAbsent',
      anyOf: [reloaded],
      exporter: 'Alertmanager',
      blind: 'Alerts about messages that do not arrive',
      firstLook: ['Does it answer: `curl -s http://<alertmanager>:9093/metrics | grep -c ^alertmanager_`.'],
      remedy: [
        'A hosted Alertmanager that shows no metrics: silence this alert for good, and watch the Watchdog from outside.',
      ],
      example: series(reloaded, exampleAlertmanager),
    }),
  ],
});
