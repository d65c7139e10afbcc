import { inference } from '../metrics/inference.ts';
import type { Expr, Matcher, PlainMetric } from '../metrics/promql.ts';
import { promql, select } from '../metrics/promql.ts';

/** Reasons that lie with the client or with a rule of the site: no server has failed. */
const notTheServers = [
  'client_error',
  'client_stalled',
  'rate_limit',
  'token_rate_limit',
  'concurrency',
  'token_budget',
  'model_not_allowed',
  'unknown_key',
  'too_large',
].join('|');

/** Requests that an error ratio is taken of: all but those that the client left or spoiled, and those that a rule refused. */
export const judged = { status: { not: 'cancelled' }, reason: { notRe: notTheServers } } as const;
/** Those of them that failed: errors, timeouts, and what was refused for want of a server or of room. */
export const failed = { status: { re: 'error|timeout|rejected' }, reason: { notRe: notTheServers } } as const;

/** Who knows whose request it was. A tenant that relabelling gives to an engine is the owner of the engine. */
export const knowsTenants = { engine_kind: { re: 'proxy|service' }, tenant: { not: '' } } as const;

/** Servers that work on a batch, so that queue, cache and replicas mean something; the proxy only passes on. */
export const isEngine = { engine_kind: { notRe: 'proxy|service' } } as const;

/** Scrape jobs of engines that Prometheus scrapes itself. */
export const engineJobs = { re: 'fleetlens-engine-.*' } as const;
export const proxyJob = 'fleetlens-inference';

type RequestMatchers = { readonly [L in 'engine_kind' | 'status' | 'reason' | 'tenant']?: Matcher };

export function requests(where: RequestMatchers = {}): Expr {
  return select(inference.inference_requests_total, where);
}

/** One value for each model as one kind of server serves it, over its replicas and tenants. */
export function perModel(vector: PlainMetric | Expr): Expr {
  return promql`sum by (cluster, engine_kind, model_name) (${vector})`;
}

/** The same for each tenant. */
export function perTenant(vector: Expr): Expr {
  return promql`sum by (cluster, engine_kind, model_name, tenant) (${vector})`;
}

/** One value for each replica of an engine. */
export function perReplica(vector: Expr): Expr {
  return promql`sum by (cluster, engine_kind, model_name, instance) (${vector})`;
}

/** `part` over `whole`; 0 where nothing of the part was seen, nothing where there is no whole. */
export function shareOf(part: Expr, whole: Expr): Expr {
  return promql`(${part} or 0 * ${whole}) / (${whole} > 0)`;
}
