import { prometheus } from '../../metrics/external.ts';
import { inference } from '../../metrics/inference.ts';
import type { Expr } from '../../metrics/promql.ts';
import { promql, select } from '../../metrics/promql.ts';
import { inferenceGroup } from '../../rules/recording/inference.ts';
import { inferenceQuantileGroup } from '../../rules/recording/inference-quantiles.ts';
import { definePanels } from '../panel.ts';
import {
  cacheFullness,
  failing,
  noneIsBetter,
  noneIsGood,
  noRecording,
  onClusters,
  onModels,
  orZero,
} from './scope.ts';

const models = inferenceGroup.series;
const latencies = inferenceQuantileGroup.series;
const ofModels = select(prometheus.ALERTS, { ...onClusters, alertstate: 'firing', domain: 'inference' });
const upstreams = promql`max by (cluster, upstream) (${select(inference.inference_upstream_up, onClusters)})`;
const bothSeen = 'A request that goes through the proxy to an engine is seen at both, so they are not added up.';

/** One value for each model at each kind of server. */
function ofModel(recorded: Expr): Expr {
  return promql`max by (cluster, engine_kind, model_name) (${recorded})`;
}

/** The hundred models that are asked most: with more of them a table helps nobody. */
const busiest = promql`topk(100, ${ofModel(select(models['model:inference_requests:rate5m'], onModels))} or ${ofModel(select(models['model:inference_active_connections:sum'], onModels))})`;

function ofBusiest(recorded: Expr): Expr {
  return promql`${ofModel(recorded)} and on (cluster, engine_kind, model_name) ${busiest}`;
}

const ofEngines = { ...onModels, job: { re: 'fleetlens-engine-.*' } } as const;

function perReplica(gauge: Expr): Expr {
  return promql`sum by (cluster, engine_kind, model_name, instance, node) (${gauge})`;
}

const running = perReplica(select(inference.inference_active_connections, ofEngines));
const mostLoaded = promql`topk(100, ${running})`;
const onReplica = promql`on (cluster, engine_kind, model_name, instance, node)`;

function ofMostLoaded(gauge: Expr): Expr {
  return promql`${perReplica(gauge)} and ${onReplica} ${mostLoaded}`;
}

/** LLM serving at a glance: how much is asked, what goes wrong, and a line for each model. */
export const inferencePanels = definePanels('inference', {
  requests: {
    visual: 'stat',
    metric: models['model:inference_requests:rate5m'],
    title: 'Requests/s',
    description: `How many requests per second? Requests that ended, over five minutes. ${bothSeen}`,
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (engine_kind) (${select(models['model:inference_requests:rate5m'], onModels)})`,
        legend: '{{engine_kind}}',
      },
    ],
    decimals: 1,
    noValue: noRecording,
  },
  failing: {
    visual: 'stat',
    metric: models['model:inference_error_ratio:rate5m'],
    title: 'Worst error share',
    description: `How many of them fail, at worst? The model that fails most. ${models['model:inference_error_ratio:rate5m'].help}`,
    queries: [
      {
        expr: promql`max by (engine_kind) (${select(models['model:inference_error_ratio:rate5m'], onModels)})`,
        legend: '{{engine_kind}}',
      },
    ],
    levels: failing,
    decimals: 1,
    noValue: 'No requests',
  },
  firstToken: {
    visual: 'stat',
    metric: latencies['model:inference_time_to_first_token_seconds:p95'],
    title: 'Worst first token',
    description: `How long until an answer begins, at worst? The slowest model. ${latencies['model:inference_time_to_first_token_seconds:p95'].help}`,
    queries: [
      {
        expr: promql`max by (engine_kind) (${select(latencies['model:inference_time_to_first_token_seconds:p95'], onModels)})`,
        legend: '{{engine_kind}}',
      },
    ],
    // The threshold of the alert InferenceTtftHigh.
    levels: { base: 'ok', steps: [[2, 'warning']] },
    noValue: 'No streamed answers',
  },
  tokens: {
    visual: 'stat',
    metric: models['model:inference_tokens_generated:rate5m'],
    title: 'Tokens/s',
    description: `How many tokens per second are generated? Over five minutes. ${bothSeen}`,
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (engine_kind) (${select(models['model:inference_tokens_generated:rate5m'], onModels)})`,
        legend: '{{engine_kind}}',
      },
    ],
    decimals: 0,
    noValue: noRecording,
  },
  upstreamsDown: {
    visual: 'stat',
    metric: inference.inference_upstream_up,
    title: 'Upstreams out',
    description: 'How many upstreams are out? Upstreams that no proxy sends requests to.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${upstreams} == 0)`, upstreams), legend: 'out' }],
    levels: noneIsGood,
    noValue: 'No proxy',
  },
  firing: {
    visual: 'stat',
    metric: prometheus.ALERTS,
    title: 'Alerts firing',
    description: 'How many alerts fire? Alerts about LLM serving that are firing now.',
    unit: 'count',
    queries: [
      {
        expr: orZero(promql`count(${ofModels})`, select(models['model:inference_active_connections:sum'], onClusters)),
        legend: 'firing',
      },
    ],
    levels: noneIsBetter,
    noValue: noRecording,
  },
  alerts: {
    visual: 'table',
    metric: prometheus.ALERTS,
    title: 'Which alerts about LLM serving fire?',
    description: 'Alerts that are firing now; those without a model are about an upstream, an engine or a tenant.',
    keys: [
      ['severity', 'Severity'],
      ['alertname', 'Alert'],
      ['cluster', 'Cluster'],
      ['tenant', 'Tenant'],
      ['model_name', 'Model'],
    ],
    columns: [
      {
        heading: 'Instances',
        unit: 'count',
        expr: promql`count by (severity, alertname, cluster, tenant, model_name) (${ofModels})`,
      },
    ],
    sortBy: ['Severity', 'smallest'],
    noValue: 'No alert fires',
  },
  models: {
    visual: 'table',
    metric: models['model:inference_requests:rate5m'],
    title: 'How is each model?',
    description:
      'The hundred models that are asked most, over five minutes; the link on the name narrows the board to the model. Time per token is the mean of each answer. Columns stay empty where the kind of server does not tell the value.',
    keys: [
      ['cluster', 'Cluster'],
      ['engine_kind', 'Seen at'],
      ['model_name', 'Model'],
    ],
    columns: [
      {
        heading: 'Requests/s',
        unit: 'none',
        decimals: 2,
        expr: ofBusiest(select(models['model:inference_requests:rate5m'], onModels)),
      },
      {
        heading: 'Success',
        unit: 'ratio',
        expr: ofBusiest(select(models['model:inference_success_ratio:rate5m'], onModels)),
      },
      {
        heading: 'Failing',
        unit: 'ratio',
        expr: ofBusiest(select(models['model:inference_error_ratio:rate5m'], onModels)),
        levels: failing,
      },
      {
        heading: 'First token, 95 %',
        unit: 'seconds',
        expr: ofBusiest(select(latencies['model:inference_time_to_first_token_seconds:p95'], onModels)),
      },
      {
        heading: 'Per token, 95 %',
        unit: 'seconds',
        expr: ofBusiest(select(latencies['model:inference_time_per_output_token_seconds:p95'], onModels)),
      },
      {
        heading: 'Whole, 95 %',
        unit: 'seconds',
        expr: ofBusiest(select(latencies['model:inference_request_duration_seconds:p95'], onModels)),
      },
      {
        heading: 'Input tokens/s',
        unit: 'count',
        decimals: 0,
        expr: ofBusiest(select(models['model:inference_tokens_input:rate5m'], onModels)),
      },
      {
        heading: 'Generated tokens/s',
        unit: 'count',
        decimals: 0,
        expr: ofBusiest(select(models['model:inference_tokens_generated:rate5m'], onModels)),
      },
      {
        heading: 'Running',
        unit: 'count',
        expr: ofBusiest(select(models['model:inference_active_connections:sum'], onModels)),
      },
      {
        heading: 'Waiting',
        unit: 'count',
        expr: ofBusiest(select(models['model:inference_requests_waiting:sum'], onModels)),
      },
      {
        heading: 'KV cache',
        unit: 'ratio',
        expr: ofBusiest(select(models['model:inference_kv_cache_usage_ratio:max'], onModels)),
        levels: cacheFullness,
      },
      {
        heading: 'Cache hits',
        unit: 'ratio',
        expr: ofBusiest(select(models['model:model_cache_hit_ratio:rate5m'], onModels)),
      },
    ],
    sortBy: ['Requests/s', 'largest'],
    noValue: noRecording,
  },
  replicas: {
    visual: 'table',
    metric: inference.inference_active_connections,
    title: 'How loaded is each replica?',
    description:
      'Engines that Prometheus scrapes. The link on the node leads to its GPUs. At most 100 lines: choose a model above.',
    keys: [
      ['cluster', 'Cluster'],
      ['engine_kind', 'Engine'],
      ['model_name', 'Model'],
      ['instance', 'Instance'],
      ['node', 'Node'],
    ],
    columns: [
      {
        heading: 'Requests running',
        unit: 'count',
        expr: mostLoaded,
      },
      {
        heading: 'Requests waiting',
        unit: 'count',
        expr: ofMostLoaded(select(inference.inference_requests_waiting, ofEngines)),
      },
      {
        heading: 'Cache in use',
        unit: 'ratio',
        expr: ofMostLoaded(select(inference.inference_kv_cache_usage_ratio, ofEngines)),
        levels: cacheFullness,
      },
    ],
    sortBy: ['Requests running', 'largest'],
    leadsTo: {
      uid: 'fleetlens-gpu-fleet',
      title: 'GPU fleet',
      variables: [
        { name: 'cluster', label: 'cluster' },
        { name: 'node', label: 'node' },
      ],
    },
    noValue: 'No engine is scraped',
  },
});
