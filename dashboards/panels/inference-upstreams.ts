import { inference } from '../../metrics/inference.ts';
import type { Expr } from '../../metrics/promql.ts';
import { promql, select } from '../../metrics/promql.ts';
import { definePanels } from '../panel.ts';
import { onClusters } from './scope.ts';

const attempts = select(inference.inference_upstream_attempts_total, onClusters);
const noProxy = 'No proxy';

function perUpstream(vector: Expr): Expr {
  return promql`sum by (cluster, upstream) (${vector})`;
}

/** What stands behind the proxy. */
export const inferenceUpstreamPanels = definePanels('inference-upstreams', {
  upstreams: {
    visual: 'table',
    metric: inference.inference_upstream_up,
    title: 'How is each upstream?',
    description:
      'Servers that proxies send requests to. In use is the share of the proxies that send it requests; attempts, retries and ejections are those of the time range shown.',
    keys: [
      ['cluster', 'Cluster'],
      ['upstream', 'Upstream'],
      ['engine_kind', 'Kind'],
    ],
    columns: [
      {
        heading: 'Proxies',
        unit: 'count',
        expr: promql`count by (cluster, upstream, engine_kind) (${select(inference.inference_upstream_info, onClusters)})`,
      },
      {
        heading: 'In use',
        unit: 'ratio',
        expr: promql`sum by (cluster, upstream) (${select(inference.inference_upstream_up, onClusters)}) / count by (cluster, upstream) (${select(inference.inference_upstream_up, onClusters)})`,
        levels: {
          base: 'critical',
          steps: [
            [0.01, 'warning'],
            [1, 'ok'],
          ],
        },
      },
      {
        heading: 'Works on',
        unit: 'count',
        expr: perUpstream(select(inference.inference_upstream_active_requests, onClusters)),
      },
      {
        heading: 'Own queue',
        unit: 'count',
        expr: promql`max by (cluster, upstream) (${select(inference.inference_upstream_waiting_requests, onClusters)})`,
      },
      {
        heading: 'Attempts',
        unit: 'count',
        expr: perUpstream(promql`increase(${attempts}[$__range])`),
      },
      {
        heading: 'Retries',
        unit: 'count',
        expr: perUpstream(
          promql`increase(${select(inference.inference_upstream_retries_total, onClusters)}[$__range])`,
        ),
      },
      {
        heading: 'Ejections',
        unit: 'count',
        expr: perUpstream(
          promql`increase(${select(inference.inference_upstream_ejections_total, onClusters)}[$__range])`,
        ),
      },
    ],
    sortBy: ['In use', 'smallest'],
    noValue: noProxy,
  },
  load: {
    visual: 'timeseries',
    metric: inference.inference_upstream_active_requests,
    title: 'How are requests spread over the upstreams?',
    description: `${inference.inference_upstream_active_requests.help} At most 16 curves.`,
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, ${perUpstream(select(inference.inference_upstream_active_requests, onClusters))})`,
        legend: '{{upstream}}',
      },
    ],
    stacked: true,
    noValue: noProxy,
  },
  outcomes: {
    visual: 'timeseries',
    metric: inference.inference_upstream_attempts_total,
    title: 'How do attempts at upstreams end?',
    description: `${inference.inference_upstream_attempts_total.help} At most 24 curves.`,
    unit: 'per_second',
    queries: [
      {
        expr: promql`topk(24, sum by (upstream, outcome) (rate(${attempts}[$__rate_interval])))`,
        legend: '{{upstream}} {{outcome}}',
      },
    ],
    noValue: noProxy,
  },
  retries: {
    visual: 'timeseries',
    metric: inference.inference_upstream_retries_total,
    title: 'When were requests sent again?',
    description: inference.inference_upstream_retries_total.help,
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, sum by (upstream) (increase(${select(inference.inference_upstream_retries_total, onClusters)}[$__rate_interval])) > 0)`,
        legend: '{{upstream}}',
      },
    ],
    draw: 'bars',
    noValue: 'None',
  },
  ejections: {
    visual: 'timeseries',
    metric: inference.inference_upstream_ejections_total,
    title: 'When were upstreams left alone?',
    description: inference.inference_upstream_ejections_total.help,
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, sum by (upstream) (increase(${select(inference.inference_upstream_ejections_total, onClusters)}[$__rate_interval])) > 0)`,
        legend: '{{upstream}}',
      },
    ],
    draw: 'bars',
    decimals: 0,
    noValue: 'None',
  },
});
