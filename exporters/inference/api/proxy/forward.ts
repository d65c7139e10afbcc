import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConfigError } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import type { Target } from '../../dialects/endpoints.ts';
import { type AskedFor, type UsageWish, withUsageAsked } from '../../dialects/request-body.ts';
import type { Upstream } from '../../gateway/gateway.ts';
import type { ProxyCounters } from '../../metering/proxy-counters.ts';
import type { Ending } from '../../metering/request-end.ts';
import type { RequestMeter } from '../../metering/request-meter.ts';
import type { AttemptEnd, PooledUpstream, UpstreamPool } from '../../routing/upstream-pool.ts';
import type { Agents } from '../../sources/upstreams/agents.ts';
import {
  type AttemptOutcome,
  type AttemptTimeouts,
  attempt,
  type UpstreamRequest,
} from '../../sources/upstreams/attempt.ts';
import { endToEnd } from '../../sources/upstreams/forwarded-headers.ts';
import { keyHeaders } from './identify.ts';
import { type OwnAnswer, sendOwnAnswer } from './proxy-answer.ts';
import { readerFor } from './reader-for.ts';
import { type RelayTimeouts, relay } from './relay.ts';

export interface ForwardDeps {
  readonly pool: UpstreamPool;
  readonly agents: Agents;
  /** The key that the proxy itself has for the upstream. Throws ConfigError if it cannot be read. */
  readonly upstreamKey: (upstream: Upstream) => string | undefined;
  readonly timeouts: AttemptTimeouts & RelayTimeouts;
  readonly maxAttempts: number;
  readonly counters: ProxyCounters;
  readonly log: Log;
}

export interface Forwarded {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: Target;
  readonly asked: AskedFor;
  readonly body: Buffer;
  readonly gone: AbortSignal;
  /** Undefined for requests that no model works on. */
  readonly meter: RequestMeter | undefined;
}

/** The server itself says that it cannot now, so that another may be asked: it did not begin to answer. */
const notNow: readonly number[] = [502, 503, 504];
const untouched: ReadonlySet<string> = new Set();
const lengthOnly: ReadonlySet<string> = new Set(['content-length']);
/** Set by the proxy: for whom it is and how long; and what would make the answer unreadable. */
const replacedHeaders: ReadonlySet<string> = new Set(['host', 'content-length', 'expect', 'accept-encoding']);
const replacedWithKey: ReadonlySet<string> = new Set([...replacedHeaders, ...keyHeaders]);
const cancelled: Ending = { status: 'cancelled', reason: '' };

/** Has a request answered by one of the upstreams, and passes the answer on. Another one is asked only while nothing has come from the first. */
export async function forward(forwarded: Forwarded, deps: ForwardDeps): Promise<Ending> {
  const { asked, response, target, meter } = forwarded;
  const tried: string[] = [];
  let failure: OwnFailure = noUpstream;
  while (tried.length < deps.maxAttempts) {
    const chosen = deps.pool.choose(asked.model, tried);
    if (chosen === undefined) break;
    const before = tried.at(-1);
    if (before !== undefined) deps.counters.retried(before);
    tried.push(chosen.name);
    const mayAskAnother = tried.length < deps.maxAttempts && deps.pool.hasOther(asked.model, tried);
    const outcome = await askOne(chosen, forwarded, { deps, mayAskAnother });
    if ('status' in outcome) return outcome;
    failure = outcome;
  }
  // Sent first: an optional call without its object would not evaluate what it is given.
  const bytes = sendOwnAnswer(response, target.endpoint.dialect, failure.answer);
  meter?.sent(bytes);
  return failure.ending;
}

/** What the client gets if no upstream gives anything better. */
interface OwnFailure {
  readonly answer: OwnAnswer;
  readonly ending: Ending;
}

/** How the request ended, or what to say if nobody else answers it. */
async function askOne(
  chosen: PooledUpstream,
  forwarded: Forwarded,
  { deps, mayAskAnother }: { readonly deps: ForwardDeps; readonly mayAskAnother: boolean },
): Promise<Ending | OwnFailure> {
  const settle = deps.pool.begin(chosen.name);
  const outcome = await tryOnce(chosen, forwarded, deps);
  if (forwarded.gone.aborted) {
    dropAnswer(outcome);
    settle('cancelled');
    return cancelled;
  }
  if ('failure' in outcome) {
    deps.log.warn('upstream gave no answer', { upstream: chosen.name, reason: outcome.reason });
    settle(outcome.failure.endsWith('timeout') ? 'timeout' : 'unreachable');
    return failureOf(outcome.failure);
  }
  if (mayAskAnother && notNow.includes(outcome.answer.statusCode ?? 0)) {
    dropAnswer(outcome);
    settle('server_error');
    return noUpstream;
  }
  return passOn(outcome.answer, chosen, forwarded, { deps, settle });
}

/** A connection that the server closed while it was idle costs no attempt, since the server never saw the request: it is sent over a new one. */
async function tryOnce({ upstream }: PooledUpstream, forwarded: Forwarded, deps: ForwardDeps): Promise<AttemptOutcome> {
  const { agents, timeouts } = deps;
  let request: UpstreamRequest;
  try {
    request = requestFor(upstream, forwarded, deps);
  } catch (error) {
    // Its key cannot be read any more; another upstream may do.
    if (!(error instanceof ConfigError)) throw error;
    return { failure: 'unreachable', reason: error.message, isStale: false };
  }
  forwarded.meter?.handedOver(upstream.kind);
  const outcome = await attempt(upstream, request, { agent: agents.of(upstream), timeouts, signal: forwarded.gone });
  if (!('failure' in outcome) || !outcome.isStale || forwarded.gone.aborted) return outcome;
  return attempt(upstream, request, { agent: agents.fresh(upstream), timeouts, signal: forwarded.gone });
}

function requestFor(
  upstream: Upstream,
  { request, target, asked, body }: Forwarded,
  deps: ForwardDeps,
): UpstreamRequest {
  const key = deps.upstreamKey(upstream);
  const headers = endToEnd(request.rawHeaders, key === undefined ? replacedHeaders : replacedWithKey);
  if (key !== undefined) headers.push('Authorization', `Bearer ${key}`);
  const wish = wishFor(upstream, target, asked);
  return {
    method: request.method ?? 'GET',
    pathAndQuery: target.pathAndQuery,
    headers,
    body: wish === 'none' ? body : (withUsageAsked(body, wish) ?? body),
  };
}

function wishFor({ usage }: Upstream, { endpoint }: Target, asked: AskedFor): UsageWish {
  if (!endpoint.isMetered || !endpoint.dialect.usageOnRequest || !asked.isStream || asked.isMalformed) return 'none';
  // Whoever asks for usage gets the stream as the server makes it.
  return asked.wantsUsage ? 'none' : usage;
}

async function passOn(
  answer: IncomingMessage,
  { upstream }: PooledUpstream,
  forwarded: Forwarded,
  { deps, settle }: { readonly deps: ForwardDeps; readonly settle: (end: AttemptEnd) => void },
): Promise<Ending> {
  const { response, target, asked, meter } = forwarded;
  const status = answer.statusCode ?? 502;
  const wish = wishFor(upstream, target, asked);
  let toldEnding: Ending | undefined;
  const reader = readerFor(answer, target.endpoint.dialect, wish, {
    meter: status < 300 ? meter : undefined,
    onError: () => {
      toldEnding = { status: 'error', reason: 'stream_error' };
    },
    onMalformed: deps.counters.malformed,
  });
  if (status < 300 && target.endpoint.dialect.operation !== 'other') meter?.expectUsage();
  const headers = endToEnd(answer.rawHeaders, reader.mayShorten ? lengthOnly : untouched);
  response.sendDate = false;
  response.writeHead(status, answer.statusMessage, headers);
  response.flushHeaders();
  const relayed = await relay({
    answer,
    response,
    reader,
    timeouts: deps.timeouts,
    onSent: (bytes) => meter?.sent(bytes),
  });
  settle(attemptEnd(status, relayed));
  if (relayed.status !== 'success') return relayed;
  return toldEnding ?? endingOf(status);
}

function attemptEnd(status: number, { status: ended, reason }: Ending): AttemptEnd {
  if (ended === 'timeout') return 'timeout';
  if (reason === 'stream_error') return 'unreachable';
  if (ended === 'cancelled' || reason === 'client_stalled') return 'cancelled';
  return status >= 500 ? 'server_error' : 'answered';
}

function endingOf(status: number): Ending {
  if (status < 400) return { status: 'success', reason: '' };
  if (status === 429) return { status: 'error', reason: 'rate_limited' };
  return { status: 'error', reason: status < 500 ? 'client_error' : 'server_error' };
}

function dropAnswer(outcome: AttemptOutcome): void {
  if ('answer' in outcome) outcome.answer.destroy();
}

const noUpstream = {
  ending: { status: 'error', reason: 'no_upstream' },
  answer: {
    status: 503,
    type: 'server_error',
    code: 'no_upstream',
    message: 'there is no upstream for this request',
    retryAfterSeconds: 5,
  },
} as const;

function failureOf(failure: 'unreachable' | 'connect_timeout' | 'first_byte_timeout' | 'aborted') {
  if (failure === 'first_byte_timeout' || failure === 'connect_timeout') {
    return {
      ending: { status: 'timeout', reason: failure === 'connect_timeout' ? 'connect' : 'first_byte' },
      answer: {
        status: 504,
        type: 'server_error',
        code: 'upstream_timeout',
        message: 'the server behind this proxy did not answer in time',
      },
    } as const;
  }
  return {
    ending: { status: 'error', reason: 'unreachable' },
    answer: {
      status: 502,
      type: 'server_error',
      code: 'upstream_unreachable',
      message: 'the server behind this proxy cannot be reached',
      retryAfterSeconds: 1,
    },
  } as const;
}
