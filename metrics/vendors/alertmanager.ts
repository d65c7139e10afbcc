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
});
