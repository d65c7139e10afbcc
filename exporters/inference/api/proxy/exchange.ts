import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../../kit/clock.ts';
import type { Log } from '../../../../kit/log.ts';
import { openAiError } from '../../dialects/dialect.ts';
import { routeOf, type Target } from '../../dialects/endpoints.ts';
import { type AskedFor, readRequest } from '../../dialects/request-body.ts';
import type { KeyMap } from '../../gateway/key-file.ts';
import type { ProxyCounters } from '../../metering/proxy-counters.ts';
import type { Ending } from '../../metering/request-end.ts';
import type { RequestMeter } from '../../metering/request-meter.ts';
import { sampledTrace } from '../../metering/sampled-trace.ts';
import type { ServingMetrics } from '../../metering/serving-metrics.ts';
import type { Admitted, Refused } from '../../policy/tenant-policy.ts';
import type { Tenants } from '../../policy/tenants.ts';
import { type ForwardDeps, forward } from './forward.ts';
import { type Identity, identify } from './identify.ts';
import { listModels, modelsPath } from './list-models.ts';
import { answerOfRefusal, type OwnAnswer, sendOwnAnswer } from './proxy-answer.ts';
import { type BodyMemory, type ReadBody, readBody } from './request-body.ts';

export interface ExchangeSettings {
  readonly maxBodyBytes: number;
}

export interface ExchangeDeps extends ForwardDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ServingMetrics;
  readonly counters: ProxyCounters;
  readonly memory: BodyMemory;
  readonly tenants: Tenants;
  readonly keys: () => KeyMap;
  /** Paths that pass beside the usual ones. */
  readonly paths: () => ReadonlySet<string>;
  /** Whether requests without a key of the file are turned away. */
  readonly refusesUnknown: () => boolean;
  /** The name under which a model is shown. */
  readonly modelLabel: (model: string | undefined) => string;
}

/** A request from the headers on, while it is found out what it wants. */
interface Incoming {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: Target;
  readonly identity: Identity;
  readonly startedAt: number;
  /** Aborts when the client goes away. */
  readonly gone: AbortSignal;
}

const engineKind = 'proxy';
const bodyFailures = {
  too_large: {
    status: 413,
    type: 'invalid_request_error',
    code: 'request_too_large',
    message: 'the body is larger than this proxy takes',
    closes: true,
  },
  overload: {
    status: 503,
    type: 'server_error',
    code: 'overloaded',
    message: 'too many large requests at once; try again',
    retryAfterSeconds: 1,
    closes: true,
  },
} as const satisfies Readonly<Record<string, OwnAnswer>>;
const unknownKey: OwnAnswer = {
  status: 401,
  type: 'invalid_request_error',
  code: 'invalid_api_key',
  message: 'the API key is missing or not known here',
  closes: true,
};

/** Takes one request after the other from clients to upstreams and measures them. */
export function createExchange(
  settings: ExchangeSettings,
  deps: ExchangeDeps,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { clock, metrics, counters, tenants } = deps;

  function labelsOf({ identity }: Incoming, model: string | undefined) {
    return { engineKind, modelName: deps.modelLabel(model), tenant: identity.tenant };
  }

  function refuse(incoming: Incoming, answer: OwnAnswer, reason: string, model?: string): void {
    metrics.refused(labelsOf(incoming, model), { status: 'rejected', reason });
    sendOwnAnswer(incoming.response, incoming.target.endpoint.dialect, answer);
    discard(incoming.request);
  }

  async function readWhole(incoming: Incoming): Promise<Extract<ReadBody, { body: Buffer }> | undefined> {
    const read = await readBody(incoming.request, settings.maxBodyBytes, deps.memory);
    if (!('failure' in read)) return read;
    if (read.failure === 'gone') metrics.refused(labelsOf(incoming, undefined), { status: 'cancelled', reason: '' });
    else refuse(incoming, bodyFailures[read.failure], read.failure);
    return undefined;
  }

  async function admit(incoming: Incoming, asked: AskedFor): Promise<Admitted | undefined> {
    const policy = tenants.policyOf(incoming.identity.tenant);
    const admission: Admitted | Refused = await policy.admit(asked.model, incoming.gone);
    if ('leave' in admission) return admission;
    if (incoming.gone.aborted) {
      metrics.refused(labelsOf(incoming, asked.model), { status: 'cancelled', reason: '' });
      return undefined;
    }
    refuse(incoming, answerOfRefusal(admission), admission.refusal, asked.model);
    return undefined;
  }

  function begin(incoming: Incoming, asked: AskedFor): RequestMeter {
    const { request, target, startedAt } = incoming;
    if (deps.modelLabel(asked.model) !== asked.model) counters.collapsed('model_name');
    if (!incoming.identity.isKnown && deps.keys().size > 0) counters.collapsed('tenant');
    return metrics.begin({
      labels: labelsOf(incoming, asked.model),
      operation: target.endpoint.dialect.operation,
      startedAt,
      traceId: sampledTrace(request.headers['traceparent']),
    });
  }

  async function metered(incoming: Incoming): Promise<void> {
    const { request, target } = incoming;
    const read = await readWhole(incoming);
    if (read === undefined) return;
    const asked = readRequest(target.endpoint.dialect, read.body, request.headers['content-type']);
    if (asked.isMalformed) counters.malformed('request_json');
    const admitted = await admit(incoming, asked);
    if (admitted === undefined) return read.release();
    const meter = begin(incoming, asked);
    meter.received(read.body.length);
    let ending: Ending = { status: 'error', reason: 'server_error' };
    try {
      ending = await forward({ ...incoming, asked, body: read.body, meter }, deps);
    } finally {
      read.release();
      admitted.leave(meter.end(ending));
    }
  }

  async function looked(incoming: Incoming): Promise<void> {
    const { request, response, target } = incoming;
    const isList = target.endpoint.path === modelsPath && request.method === 'GET';
    if (isList && deps.pool.all().length > 1 && (await listModels(request, response, deps))) return;
    const read = await readWhole(incoming);
    if (read === undefined) return;
    try {
      await forward({ ...incoming, asked: nothingAsked, body: read.body, meter: undefined }, deps);
    } finally {
      read.release();
    }
  }

  return async (request, response) => {
    const startedAt = clock.monotonic();
    const route = routeOf(request.method ?? '', request.url ?? '', deps.paths());
    if ('status' in route) {
      counters.malformed('path');
      sendOwnAnswer(response, openAiErrors, {
        ...route,
        type: 'invalid_request_error',
        code: 'not_found',
        message: route.reason,
      });
      return discard(request);
    }
    const identity = identify(request.headers, deps.keys());
    const incoming = { request, response, target: route, identity, startedAt, gone: goneSignal(response) };
    if (!identity.isKnown && deps.refusesUnknown()) return refuse(incoming, unknownKey, 'unknown_key');
    await (route.endpoint.isMetered ? metered(incoming) : looked(incoming));
  };
}

const openAiErrors = { errorBody: openAiError };
const nothingAsked: AskedFor = { model: undefined, isStream: false, wantsUsage: false, isMalformed: false };

/** Aborts when the client goes away before its answer is whole. */
function goneSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** How much of a body that nobody wants is still taken in, so that the client comes to read the answer. */
const discardBytes = 8 * 1024 * 1024;

function discard(request: IncomingMessage): void {
  let left = discardBytes;
  request.on('error', () => undefined);
  request.on('data', (piece: Buffer) => {
    left -= piece.length;
    if (left < 0) request.destroy();
  });
}
