import { prometheus } from '../../../../metrics/external.ts';
import { promql, select } from '../../../../metrics/promql.ts';

const firing = select(prometheus.ALERTS, { alertstate: 'firing', severity: { not: 'none' } });
const pending = select(prometheus.ALERTS, { alertstate: 'pending' });

/** What fires by Prometheus, for the time when Alertmanager does not answer. */
export const activeQueries = { firing: promql`topk(1000, ${firing})` };

/** Distance of the looks at the past. */
export const stepSeconds = 60;

/** What became of alerts within the time range, minute by minute. An alert that fires again after a pause has begun twice. */
export const reportQueries = {
  firing: promql`sum by (alertname, severity, team, domain) (count_over_time(${firing}[$__range:1m]))`,
  firings: promql`sum by (alertname, severity, team, domain) (count_over_time((${firing} unless ${firing} offset 1m)[$__range:1m]))`,
  pending: promql`sum by (alertname, severity, team, domain) (count_over_time(${pending}[$__range:1m]))`,
  waits: promql`sum by (alertname, severity, team, domain) (count_over_time((${pending} offset 1m unless ignoring (alertstate) ${prometheus.ALERTS})[$__range:1m]))`,
};
