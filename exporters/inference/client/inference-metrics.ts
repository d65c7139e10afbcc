import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { collectDefaultMetrics, type OpenMetricsContentType, Registry } from 'prom-client';
import { type Clock, systemClock } from '../../../kit/clock.ts';
import { type AnyRegistry, counterOf } from '../../../kit/exposition/prom-client.ts';
import { inference } from '../../../metrics/inference.ts';
import { otherName } from '../metering/request-end.ts';
import { createServingMetrics } from '../metering/serving-metrics.ts';
import { defaultSlo, type SloSettings } from '../metering/slo.ts';
import { createBoundedNames } from './bounded-names.ts';
import { type ExpressOptions, expressMiddleware } from './express-middleware.ts';
import { type FetchHandler, type FetchOptions, measuredHandler } from './fetch-handler.ts';
import { createQualityGauges, type SetModelAccuracy } from './quality-gauges.ts';
import { createOpener, engineKind, type NewServedRequest } from './request-opener.ts';
import { answerScrape, type Scrape, scrape } from './scrape.ts';
import { type ServedRequest, servedRequest } from './served-request.ts';
import { createTrouble } from './trouble.ts';

export interface InferenceMetricsSettings {
  /** Where the metrics go, together with your own; one for OpenMetrics also keeps exemplars. Its own unless told otherwise. */
  readonly registry?: AnyRegistry;
  /** For requests that name no model; `other` unless told otherwise. */
  readonly defaultModel?: string;
  /** The models that are served: with it no other name is shown, whatever clients ask for. */
  readonly models?: readonly string[];
  /** How many names of models are shown, 100 unless told otherwise; further ones are `other`. */
  readonly maxModels?: number;
  /** The same for tenants. */
  readonly maxTenants?: number;
  /** CPU, memory and more of the process; on unless told otherwise, and only where the registry does not have them. */
  readonly processMetrics?: boolean;
  /** Longest times that are good, in seconds, and the share of requests that should be good. */
  readonly slo?: Partial<SloSettings>;
  /** Trouble in words, once for each kind; a warning of the process unless told otherwise. */
  readonly onTrouble?: (text: string) => void;
  readonly clock?: Clock;
}

const defaultMaxNames = 100;

/** Measures a service that serves models itself. One is enough for a process, however many frameworks it has. */
export class InferenceMetrics {
  readonly registry: AnyRegistry;
  /** A request whose work begins, to be measured by hand. */
  readonly start: (request?: NewServedRequest) => ServedRequest;
  /** Middleware for Express. */
  readonly express: (options?: ExpressOptions) => RequestHandler;
  /** Wraps a handler that takes a Request and gives a Response. */
  readonly fetchHandler: <Rest extends readonly unknown[]>(
    handler: FetchHandler<Rest>,
    options?: FetchOptions,
  ) => (request: Request, ...rest: Rest) => Promise<Response>;
  /** The request that the middleware (by its response) or the wrapper (by its request) measures, to tell it more. */
  readonly requestOf: (of: ServerResponse | Request) => ServedRequest | undefined;
  /** An entry of the model's cache was there. */
  readonly cacheHit: (model: string, count?: number) => void;
  /** An entry of the model's cache was looked for and not there. */
  readonly cacheMiss: (model: string, count?: number) => void;
  /** Quality of a model from 0 to 1. */
  readonly setModelAccuracy: SetModelAccuracy;
  /** Handler of GET /metrics for Express and plain Node. */
  readonly metricsHandler: () => (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Handler of GET /metrics for everything that takes a Request. */
  readonly metricsFetchHandler: () => (request: Request) => Promise<Response>;
  /** The metrics as text, in the format that an Accept header asks for. */
  readonly scrape: (accept?: string) => Promise<Scrape>;

  /** Registers the metrics. Throws if the registry has them already. */
  constructor(settings: InferenceMetricsSettings = {}) {
    const { clock = systemClock, registry = openMetricsRegistry(), processMetrics = true, models: known } = settings;
    const { defaultModel = otherName, maxModels = defaultMaxNames, maxTenants = defaultMaxNames } = settings;
    if (registry.getSingleMetric(inference.inference_requests_total.name) !== undefined) {
      throw new Error('this registry has InferenceMetrics already; use one for all frameworks of the process');
    }
    const trouble = createTrouble(settings.onTrouble ?? ((text) => process.emitWarning(text, 'FleetLensWarning')));
    const models = createBoundedNames(maxModels, { known: known ?? [], onlyKnown: known !== undefined });
    const tenants = createBoundedNames(maxTenants, { known: [], onlyKnown: false });
    const datasets = createBoundedNames(defaultMaxNames, { known: [], onlyKnown: false });
    const serving = createServingMetrics({ registry, clock, slo: { ...defaultSlo, ...settings.slo } });
    const hits = counterOf(registry, inference.model_cache_hits_total);
    const misses = counterOf(registry, inference.model_cache_misses_total);
    const open = createOpener({ serving, clock, models, tenants, defaultModel });
    if (processMetrics && registry.getSingleMetric('process_cpu_seconds_total') === undefined) {
      collectDefaultMetrics({ register: registry });
    }
    const byResponse = new WeakMap<ServerResponse, ServedRequest>();
    const byRequest = new WeakMap<Request, ServedRequest>();
    const cacheLabels = (model: string) => ({ engine_kind: engineKind, model_name: models.labelOf(model) });
    this.registry = registry;
    this.start = (request = {}) => servedRequest(open(request));
    this.express = (options = {}) => expressMiddleware(options, { open, trouble, measured: byResponse });
    this.fetchHandler = (handler, options = {}) =>
      measuredHandler(handler, options, { open, clock, trouble, measured: byRequest });
    this.requestOf = (of) => (of instanceof Request ? byRequest.get(of) : byResponse.get(of));
    this.cacheHit = (model, count = 1) => hits.inc(cacheLabels(model), countOrNothing(count));
    this.cacheMiss = (model, count = 1) => misses.inc(cacheLabels(model), countOrNothing(count));
    this.setModelAccuracy = createQualityGauges({ registry, clock, models, datasets, trouble });
    this.metricsHandler = () => (request, response) => answerScrape(registry, request, response);
    this.metricsFetchHandler = () => async (request) => {
      const { contentType, body } = await scrape(registry, request.headers.get('accept') ?? undefined);
      return new Response(body, { headers: { 'Content-Type': contentType, Vary: 'Accept' } });
    };
    this.scrape = (accept) => scrape(registry, accept);
  }
}

function openMetricsRegistry(): AnyRegistry {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

/** prom-client throws at what is no count, which is no reason to fail a request. */
function countOrNothing(count: number): number {
  return Number.isFinite(count) && count > 0 ? count : 0;
}
