import { bridge } from '../../metrics/bridge.ts';
import { bucket, type Expr, type PlainMetric, promql, select } from '../../metrics/promql.ts';
import { alertmanager } from '../../metrics/vendors/alertmanager.ts';
import { prometheusServer as server } from '../../metrics/vendors/prometheus-server.ts';
import { definePanels } from '../panel.ts';
import { noneIsBetter, noneIsGood } from './scope.ts';

const noAlertmanager = 'No Alertmanager is scraped';
const noBridge = 'No bridge is scraped';
const everywhere = 'The choices above do not narrow it.';
const tried = alertmanager.alertmanager_notifications_total;
const failed = alertmanager.alertmanager_notifications_failed_total;

function recently(counter: PlainMetric | Expr, label: 'integration' | 'alertmanager'): Expr {
  return label === 'integration'
    ? promql`sum by (integration) (increase(${counter}[$__rate_interval]))`
    : promql`sum by (alertmanager) (increase(${counter}[$__rate_interval]))`;
}

/** Whether alerts reach people: from Prometheus over Alertmanager and the bridge. */
export const alertDeliveryPanels = definePanels('alert-delivery', {
  suppressed: {
    visual: 'stat',
    metric: alertmanager.alertmanager_alerts,
    title: 'Held back',
    description: `How many alerts are held back? Alerts that are silenced or inhibited in Alertmanager. ${everywhere}`,
    unit: 'count',
    queries: [
      {
        expr: promql`max(${select(alertmanager.alertmanager_alerts, { state: 'suppressed' })})`,
        legend: 'held back',
      },
    ],
    noValue: noAlertmanager,
  },
  failing: {
    visual: 'stat',
    metric: failed,
    title: 'Messages failed',
    description: `How many messages could not be sent? Messages in the time range shown that Alertmanager gave up. ${everywhere}`,
    unit: 'count',
    queries: [{ expr: promql`sum(round(increase(${failed}[$__range])))`, legend: 'failed' }],
    levels: noneIsGood,
    noValue: noAlertmanager,
  },
  states: {
    visual: 'timeseries',
    metric: alertmanager.alertmanager_alerts,
    title: 'What does Alertmanager hold?',
    description: `${alertmanager.alertmanager_alerts.help} Of several Alertmanagers the one that holds most.`,
    unit: 'count',
    queries: [{ expr: promql`max by (state) (${alertmanager.alertmanager_alerts})`, legend: '{{state}}' }],
    stacked: true,
    decimals: 0,
    noValue: noAlertmanager,
  },
  silences: {
    visual: 'timeseries',
    metric: alertmanager.alertmanager_silences,
    title: 'How many silences are there?',
    unit: 'count',
    queries: [
      {
        expr: promql`max by (state) (${select(alertmanager.alertmanager_silences, { state: { not: 'expired' } })})`,
        legend: '{{state}}',
      },
    ],
    decimals: 0,
    noValue: noAlertmanager,
  },
  messages: {
    visual: 'timeseries',
    metric: tried,
    title: 'How many messages are sent, and how many fail?',
    description: 'Messages that Alertmanager tried to send and those that failed, by kind of receiver.',
    unit: 'count',
    queries: [
      { expr: promql`${recently(tried, 'integration')} > 0`, legend: '{{integration}}' },
      { expr: promql`${recently(failed, 'integration')} > 0`, legend: '{{integration}}, failed' },
    ],
    draw: 'bars',
    decimals: 0,
    noValue: 'No message',
  },
  latency: {
    visual: 'timeseries',
    metric: alertmanager.alertmanager_notification_latency_seconds,
    title: 'How long does sending take?',
    description: 'Time that nine of ten messages stay below, by kind of receiver.',
    queries: [
      {
        expr: promql`histogram_quantile(0.9, sum by (integration, le) (rate(${bucket(alertmanager.alertmanager_notification_latency_seconds)}[$__rate_interval])))`,
        legend: '{{integration}}',
      },
    ],
    noValue: 'No message',
  },
  sent: {
    visual: 'timeseries',
    metric: server.prometheus_notifications_sent_total,
    title: 'Do alerts get from Prometheus to Alertmanager?',
    description: 'Alerts that were sent to each Alertmanager, that it did not take, and that reached none.',
    unit: 'count',
    queries: [
      {
        expr: recently(server.prometheus_notifications_sent_total, 'alertmanager'),
        legend: 'sent to {{alertmanager}}',
      },
      {
        expr: promql`${recently(server.prometheus_notifications_errors_total, 'alertmanager')} > 0`,
        legend: 'not taken by {{alertmanager}}',
      },
      {
        expr: promql`sum(increase(${server.prometheus_notifications_dropped_total}[$__rate_interval])) > 0`,
        legend: 'reached none',
      },
    ],
    noValue: 'Prometheus does not scrape itself',
  },
  queue: {
    visual: 'timeseries',
    metric: server.prometheus_notifications_queue_length,
    title: 'How full is the queue of Prometheus?',
    unit: 'ratio',
    queries: [
      {
        expr: promql`max by (instance) (${server.prometheus_notifications_queue_length}) / max by (instance) (${server.prometheus_notifications_queue_capacity})`,
        legend: '{{instance}}',
      },
    ],
    max: 1,
    noValue: 'Prometheus does not scrape itself',
  },
  robots: {
    visual: 'timeseries',
    metric: bridge.fleetlens_bridge_requests_total,
    title: 'What do robots of the bridge answer?',
    description: bridge.fleetlens_bridge_requests_total.help,
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (robot, outcome) (increase(${bridge.fleetlens_bridge_requests_total}[$__rate_interval])) > 0`,
        legend: '{{robot}} {{outcome}}',
      },
    ],
    draw: 'bars',
    stacked: true,
    decimals: 0,
    noValue: noBridge,
  },
  robotTable: {
    visual: 'table',
    metric: bridge.fleetlens_bridge_waiting_notifications,
    title: 'How is each robot of the bridge?',
    description:
      'What waits, when it last took a message, for how long it is not to be asked, and what it refused for good in the time range shown.',
    keys: [['robot', 'Robot']],
    columns: [
      {
        heading: 'Waiting',
        unit: 'count',
        expr: promql`sum by (robot) (${bridge.fleetlens_bridge_waiting_notifications})`,
        levels: noneIsBetter,
      },
      {
        heading: 'Last message, ago',
        unit: 'seconds',
        expr: promql`time() - max by (robot) (${bridge.fleetlens_bridge_last_delivery_timestamp_seconds} > 0)`,
      },
      { heading: 'Pause', unit: 'seconds', expr: promql`max by (robot) (${bridge.fleetlens_bridge_pause_seconds})` },
      {
        heading: 'Dead letters',
        unit: 'count',
        expr: promql`sum by (robot) (round(increase(${bridge.fleetlens_bridge_dead_letters_total}[$__range])))`,
        levels: noneIsGood,
      },
    ],
    sortBy: ['Waiting', 'largest'],
    noValue: noBridge,
  },
  delivery: {
    visual: 'timeseries',
    metric: bridge.fleetlens_bridge_delivery_seconds,
    title: 'How long does the bridge take?',
    description: 'Time from the arrival of a notification until the robot had taken it, that nine of ten stay below.',
    queries: [
      {
        expr: promql`histogram_quantile(0.9, sum by (robot, le) (rate(${bucket(bridge.fleetlens_bridge_delivery_seconds)}[$__rate_interval])))`,
        legend: '{{robot}}',
      },
    ],
    noValue: noBridge,
  },
});
