import type { Expr } from '../../metrics/promql.ts';
import { bucket, countOf, duration, promql, select } from '../../metrics/promql.ts';
import { apiServer } from '../../metrics/vendors/kube-apiserver.ts';
import { defineRecordings } from '../recording.ts';

type Window = '5m' | '30m' | '1h' | '6h';

/** A watch lasts as long as its client wants, so neither its duration nor its end says anything. */
const answered = { notRe: 'WATCH|CONNECT' } as const;
/** Requests for one object. Those for lists may take half a minute and still be in time. */
const single = { re: 'GET|POST|PUT|PATCH|DELETE' } as const;

const { apiserver_request_total: requests, apiserver_request_sli_duration_seconds: took } = apiServer;

function errorRatio(window: Window, words: string) {
  const over = duration(window);
  const all = promql`sum by (cluster) (rate(${select(requests, { verb: answered })}[${over}]))`;
  const failed = promql`sum by (cluster) (rate(${select(requests, { verb: answered, code: { re: '5..' } })}[${over}]))`;
  return {
    help: `Share of the requests to the Kubernetes API that it failed, over ${words}.`,
    unit: 'ratio',
    labels: ['cluster'],
    expr: promql`(${failed} or 0 * ${all})
/
(${all} > 0)`,
  } as const;
}

function quantile99(): Expr {
  return promql`histogram_quantile(0.99, sum by (cluster, verb, le) (rate(${bucket(took, { verb: single })}[5m])))
and
sum by (cluster, verb) (rate(${countOf(took, { verb: single })}[5m])) > 0`;
}

/** What the alerts on the Kubernetes API read: its series are thousands, so they are added up once. */
export const kubernetesGroup = defineRecordings(
  { group: 'kubernetes', interval: '1m', profile: 'kubernetes' },
  {
    'cluster:apiserver_request_errors:ratio5m': errorRatio('5m', 'five minutes'),
    'cluster:apiserver_request_errors:ratio30m': errorRatio('30m', 'half an hour'),
    'cluster:apiserver_request_errors:ratio1h': errorRatio('1h', 'an hour'),
    'cluster:apiserver_request_errors:ratio6h': errorRatio('6h', 'six hours'),
    'cluster_verb:apiserver_request_duration_seconds:p99': {
      help: 'Time that the Kubernetes API takes for 99 % of the requests for single objects at most.',
      unit: 'seconds',
      labels: ['cluster', 'verb'],
      expr: quantile99(),
    },
  },
);
