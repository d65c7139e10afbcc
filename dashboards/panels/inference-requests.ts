import { inference } from '../../metrics/inference.ts';
import type { Expr } from '../../metrics/promql.ts';
import { promql, select } from '../../metrics/promql.ts';
import { inferenceGroup } from '../../rules/recording/inference.ts';
import { definePanels } from '../panel.ts';
import { noRecording, onModels } from './scope.ts';

const { series } = inferenceGroup;
const requests = inference.inference_requests_total;
const bounded = 'At most 16 curves: choose models above.';

/** The curve of each model at each kind of server, of a recorded series. */
function topModels(recorded: Expr): Expr {
  return promql`topk(16, max by (cluster, engine_kind, model_name) (${recorded}))`;
}

const legend = '{{model_name}} ({{engine_kind}})';

/** How much the chosen models are asked, and how it ends. */
export const inferenceRequestPanels = definePanels('inference-requests', {
  rate: {
    visual: 'timeseries',
    metric: series['model:inference_requests:rate5m'],
    title: 'How much is each model asked?',
    description: `${series['model:inference_requests:rate5m'].help} ${bounded}`,
    unit: 'count',
    queries: [{ expr: topModels(select(series['model:inference_requests:rate5m'], onModels)), legend }],
    noValue: noRecording,
  },
  errorRatio: {
    visual: 'timeseries',
    metric: series['model:inference_error_ratio:rate5m'],
    title: 'How many requests fail?',
    description: `${series['model:inference_error_ratio:rate5m'].help} ${bounded}`,
    queries: [{ expr: topModels(select(series['model:inference_error_ratio:rate5m'], onModels)), legend }],
    max: 1,
    noValue: 'No requests',
  },
  endings: {
    visual: 'timeseries',
    metric: requests,
    title: 'How do requests end?',
    description:
      'Requests per second by how they ended: success, error, cancelled (the client went away), timeout, rejected (by policy).',
    unit: 'per_second',
    queries: [
      {
        expr: promql`sum by (engine_kind, status) (rate(${select(requests, onModels)}[$__rate_interval]))`,
        legend: '{{status}} ({{engine_kind}})',
      },
    ],
    noValue: 'No requests',
  },
  reasons: {
    visual: 'timeseries',
    metric: requests,
    title: 'Why do they not succeed?',
    description: `Requests that did not end with success, by reason. ${requests.help.slice(requests.help.indexOf('The reason'))}`,
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (engine_kind, status, reason) (increase(${select(requests, { ...onModels, status: { not: 'success' } })}[$__rate_interval])) > 0`,
        legend: '{{status}} {{reason}} ({{engine_kind}})',
      },
    ],
    draw: 'bars',
    stacked: true,
    noValue: 'None',
  },
  input: {
    visual: 'timeseries',
    metric: series['model:inference_tokens_input:rate5m'],
    title: 'How many tokens do prompts bring?',
    description: `${series['model:inference_tokens_input:rate5m'].help} ${bounded}`,
    unit: 'count',
    queries: [{ expr: topModels(select(series['model:inference_tokens_input:rate5m'], onModels)), legend }],
    noValue: 'Not reported',
  },
  generated: {
    visual: 'timeseries',
    metric: series['model:inference_tokens_generated:rate5m'],
    title: 'How many tokens do answers have?',
    description: `${series['model:inference_tokens_generated:rate5m'].help} ${bounded}`,
    unit: 'count',
    queries: [{ expr: topModels(select(series['model:inference_tokens_generated:rate5m'], onModels)), legend }],
    noValue: 'Not reported',
  },
});
