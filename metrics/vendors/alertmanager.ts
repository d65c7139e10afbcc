import { defineMetrics } from '../define.ts';

/** Series of Alertmanager about itself. */
export const alertmanager = defineMetrics('external:alertmanager', {
  alertmanager_notifications_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Messages that Alertmanager has tried to send.',
    labels: ['integration'],
  },
  alertmanager_notifications_failed_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Messages that could not be sent.',
    labels: ['integration'],
  },
  alertmanager_config_last_reload_successful: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the last load of the configuration succeeded.',
    labels: [],
  },
  alertmanager_cluster_members: {
    kind: 'gauge',
    unit: 'none',
    help: 'Members of the cluster that this one sees, itself included.',
    labels: [],
  },
  alertmanager_alerts: {
    kind: 'gauge',
    unit: 'none',
    help: 'Alerts that Alertmanager holds, by state: active, suppressed (silenced or inhibited) and unprocessed.',
    labels: ['state'],
  },
  alertmanager_silences: {
    kind: 'gauge',
    unit: 'none',
    help: 'Silences by state: active, pending (begin later) and expired.',
    labels: ['state'],
  },
  alertmanager_notification_latency_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time that sending a message takes.',
    labels: ['integration'],
    buckets: [1, 5, 10, 15, 20],
  },
});
