import { prometheus } from '../../metrics/external.ts';
import { promql, select } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';

const labels = ['cluster', 'alertname', 'severity', 'domain', 'team'] as const;
/** Without the dead man's switch, which always fires. */
const told = { severity: { not: 'none' } } as const;
const firing = select(prometheus.ALERTS, { alertstate: 'firing', ...told });
const pending = select(prometheus.ALERTS, { alertstate: 'pending', ...told });

/**
 * What alerts do, by name: ten thousand GPUs may have as many alerts at once, and a look back over a week must not read each of them. The group is
 * evaluated each minute, which is also how far it looks back, so that each change is counted once.
 */
export const alertsGroup = defineRecordings(
  { group: 'alerts', interval: '1m' },
  {
    'alertname:alerts_firing:count': {
      help: 'Alerts of the name that fire.',
      unit: 'none',
      labels,
      expr: promql`count by (cluster, alertname, severity, domain, team) (${firing})`,
    },
    'alertname:alerts_firing_seconds:increase1m': {
      help: 'Time for which alerts of the name fired in the last minute, all of them added up.',
      unit: 'seconds',
      labels,
      expr: promql`60 * count by (cluster, alertname, severity, domain, team) (${firing})`,
    },
    'alertname:alerts_pending:count': {
      help: 'Alerts of the name that are pending.',
      unit: 'none',
      labels,
      expr: promql`count by (cluster, alertname, severity, domain, team) (${pending})`,
    },
    'alertname:alerts_started:count': {
      help: 'Alerts of the name that fire and did not a minute ago; absent while there are none.',
      unit: 'none',
      labels,
      expr: promql`count by (cluster, alertname, severity, domain, team) (${firing} unless ${firing} offset 1m)`,
    },
    'alertname:alerts_withdrawn:count': {
      help: 'Alerts of the name that were pending a minute ago and are gone without having fired; absent while there are none.',
      unit: 'none',
      labels,
      expr: promql`count by (cluster, alertname, severity, domain, team) (
  label_replace(${pending} offset 1m unless ${pending}, "alertstate", "firing", "", "") unless ${firing}
)`,
    },
  },
);
