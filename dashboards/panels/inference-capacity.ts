import type { Expr } from '../../metrics/promql.ts';
import { promql, select } from '../../metrics/promql.ts';
import { inferenceGroup } from '../../rules/recording/inference.ts';
import { definePanels } from '../panel.ts';
import { cacheFullness, noRecording, onModels } from './scope.ts';

const { series } = inferenceGroup;
const bounded = 'At most 16 curves: choose models above.';
const legend = '{{model_name}} ({{engine_kind}})';

function topModels(recorded: Expr): Expr {
  return promql`topk(16, max by (cluster, engine_kind, model_name) (${recorded}))`;
}

/** How full the servers of the chosen models are. */
export const inferenceCapacityPanels = definePanels('inference-capacity', {
  running: {
    visual: 'timeseries',
    metric: series['model:inference_active_connections:sum'],
    title: 'How many requests are worked on?',
    description: `${series['model:inference_active_connections:sum'].help} ${bounded}`,
    unit: 'count',
    queries: [{ expr: topModels(select(series['model:inference_active_connections:sum'], onModels)), legend }],
    noValue: noRecording,
  },
  waiting: {
    visual: 'timeseries',
    metric: series['model:inference_requests_waiting:sum'],
    title: 'How many requests queue?',
    description: `${series['model:inference_requests_waiting:sum'].help} ${bounded}`,
    unit: 'count',
    queries: [{ expr: topModels(select(series['model:inference_requests_waiting:sum'], onModels)), legend }],
    noValue: 'Not reported',
  },
  kvCache: {
    visual: 'timeseries',
    metric: series['model:inference_kv_cache_usage_ratio:max'],
    title: 'How full is the KV cache?',
    description: `${series['model:inference_kv_cache_usage_ratio:max'].help} ${bounded}`,
    queries: [{ expr: topModels(select(series['model:inference_kv_cache_usage_ratio:max'], onModels)), legend }],
    levels: cacheFullness,
    max: 1,
    noValue: 'Not reported',
  },
  preemptions: {
    visual: 'timeseries',
    metric: series['model:inference_preemptions:rate5m'],
    title: 'Are running requests pushed out?',
    description: `${series['model:inference_preemptions:rate5m'].help} ${bounded}`,
    unit: 'count',
    queries: [{ expr: topModels(select(series['model:inference_preemptions:rate5m'], onModels)), legend }],
    noValue: 'Not reported',
  },
  cacheHits: {
    visual: 'timeseries',
    metric: series['model:model_cache_hit_ratio:rate5m'],
    title: 'How much is found in the prefix cache?',
    description: `${series['model:model_cache_hit_ratio:rate5m'].help} ${bounded}`,
    queries: [{ expr: topModels(select(series['model:model_cache_hit_ratio:rate5m'], onModels)), legend }],
    max: 1,
    noValue: 'Not reported',
  },
});
