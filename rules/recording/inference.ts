import { inference } from '../../metrics/inference.ts';
import type { Expr, PlainMetric } from '../../metrics/promql.ts';
import { promql, select } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { failed, isEngine, judged, knowsTenants, perModel, perTenant, requests, shareOf } from '../serving.ts';

/** What `model` and `model_tenant` at the beginning of a name stand for. */
const model = ['cluster', 'engine_kind', 'model_name'] as const;
const tenant = [...model, 'tenant'] as const;

function modelRate(counter: PlainMetric | Expr): Expr {
  return perModel(promql`rate(${counter}[5m])`);
}

function tenantRate(counter: Expr): Expr {
  return perTenant(promql`rate(${counter}[5m])`);
}

const hits = modelRate(inference.model_cache_hits_total);
/** SGLang and TensorRT-LLM count hits alone: there every token of a prompt was looked up. */
const lookups = promql`(
  ${modelRate(inference.model_cache_queries_total)}
  or
  ${hits} + ${modelRate(inference.model_cache_misses_total)}
  or
  ${modelRate(select(inference.inference_tokens_input_total, isEngine))}
)`;

/**
 * Ratios, rates and sums of LLM serving that boards and alerts read, for each kind of server apart: a request that went
 * through the proxy shows at the engine too. Counters themselves are not copied.
 */
export const inferenceGroup = defineRecordings(
  { group: 'inference' },
  {
    'model:inference_requests:rate5m': {
      help: 'Requests per second that ended, however they did.',
      unit: 'none',
      labels: model,
      expr: modelRate(inference.inference_requests_total),
    },
    'model:inference_success_ratio:rate5m': {
      help: 'Share of all requests that ended with success.',
      unit: 'ratio',
      labels: model,
      expr: shareOf(modelRate(requests({ status: 'success' })), modelRate(requests())),
    },
    'model:inference_error_ratio:rate5m': {
      help: 'Share of requests that failed: errors, timeouts and refusals for want of a server or of room. Requests that the client left or spoiled, or that a rule refused, are left out.',
      unit: 'ratio',
      labels: model,
      expr: shareOf(modelRate(requests(failed)), modelRate(requests(judged))),
    },
    'model:inference_tokens_input:rate5m': {
      help: 'Tokens of prompts per second.',
      unit: 'none',
      labels: model,
      expr: modelRate(inference.inference_tokens_input_total),
    },
    'model:inference_tokens_generated:rate5m': {
      help: 'Tokens of answers per second.',
      unit: 'none',
      labels: model,
      expr: modelRate(inference.inference_tokens_generated_total),
    },
    'model:model_cache_hit_ratio:rate5m': {
      help: 'Share of what was looked up in the prefix cache that was found there.',
      unit: 'ratio',
      labels: model,
      expr: promql`${hits} / (${lookups} > 0)`,
    },
    'model:inference_preemptions:rate5m': {
      help: 'Requests per second that engines pushed out of their batch to free memory.',
      unit: 'none',
      labels: model,
      expr: modelRate(inference.inference_preemptions_total),
    },
    'model:inference_active_connections:sum': {
      help: 'Requests that are being worked on, over all replicas.',
      unit: 'none',
      labels: model,
      expr: perModel(inference.inference_active_connections),
    },
    'model:inference_requests_waiting:sum': {
      help: 'Requests that wait for a place, over all replicas. At the proxy model_name is empty: its limits are those of tenants.',
      unit: 'none',
      labels: model,
      expr: perModel(inference.inference_requests_waiting),
    },
    'model:inference_kv_cache_usage_ratio:max': {
      help: 'Share of the KV cache that is in use, on the fullest replica.',
      unit: 'ratio',
      labels: model,
      expr: promql`max by (cluster, engine_kind, model_name) (${inference.inference_kv_cache_usage_ratio})`,
    },
    'model_tenant:inference_requests:rate5m': {
      help: 'Requests per second of the tenant that ended, however they did.',
      unit: 'none',
      labels: tenant,
      expr: tenantRate(requests(knowsTenants)),
    },
    'model_tenant:inference_success_ratio:rate5m': {
      help: 'Share of all requests of the tenant that ended with success.',
      unit: 'ratio',
      labels: tenant,
      expr: shareOf(tenantRate(requests({ ...knowsTenants, status: 'success' })), tenantRate(requests(knowsTenants))),
    },
    'model_tenant:inference_error_ratio:rate5m': {
      help: 'Share of requests of the tenant that failed, counted as for the model.',
      unit: 'ratio',
      labels: tenant,
      expr: shareOf(
        tenantRate(requests({ ...knowsTenants, ...failed })),
        tenantRate(requests({ ...knowsTenants, ...judged })),
      ),
    },
    'model_tenant:inference_tokens_input:rate5m': {
      help: 'Tokens of prompts of the tenant per second.',
      unit: 'none',
      labels: tenant,
      expr: tenantRate(select(inference.inference_tokens_input_total, knowsTenants)),
    },
    'model_tenant:inference_tokens_generated:rate5m': {
      help: 'Tokens of answers to the tenant per second.',
      unit: 'none',
      labels: tenant,
      expr: tenantRate(select(inference.inference_tokens_generated_total, knowsTenants)),
    },
  },
);
