import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../../../kit/clock.ts';
import { errnoOf, reasonOf, SourceError } from '../../../../kit/errors.ts';
import { openAnswer, readText } from '../../../../kit/http/send-request.ts';
import { createAccess } from './access.ts';
import { ApiError } from './api-error.ts';
import { acceptOf, apiResources, type ResourceName } from './api-resources.ts';
import type { Endpoint } from './endpoint.ts';
import { explainStatus } from './explain-status.ts';
import { type RetryDeps, retryCalls } from './retry-calls.ts';

/** The few calls of the Kubernetes API that the inventory makes. */
export interface ApiClient {
  /** One page of a list. Rejects with an ApiError or SourceError. */
  readonly listPage: (resource: ResourceName, query: Query, signal: AbortSignal) => Promise<unknown>;
  /** The answer of a watch, one event a line. Whoever takes it must read or destroy it. */
  readonly openWatch: (resource: ResourceName, query: Query, signal: AbortSignal) => Promise<IncomingMessage>;
}

export type Query = Readonly<Record<string, string>>;

export interface ApiDeps extends RetryDeps {
  readonly clock: Clock;
  readonly readFile: (path: string) => string;
}

/** An object has at most 1.5 MB in etcd, and a page of usual pods 10 MB. */
const maxPageBytes = 128 * 1024 * 1024;
const maxStatusBytes = 64 * 1024;
const passingCodes = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'EHOSTUNREACH']);

export function createApiClient(
  { endpoint, timeoutSeconds }: { readonly endpoint: Endpoint; readonly timeoutSeconds: number },
  deps: ApiDeps,
): ApiClient {
  const { clock } = deps;
  const access = createAccess(endpoint, deps);
  const server = endpoint.url.origin;

  function requestFor(resource: ResourceName, query: Query, isList: boolean, signal: AbortSignal) {
    const { headers, trust, identity } = access.get();
    const accept = acceptOf(resource, isList);
    return {
      url: urlOf(endpoint, resource, query),
      headers: { ...headers, accept },
      trust,
      identity,
      timeoutSeconds,
      signal,
    };
  }

  function refusal(verb: 'list' | 'watch', resource: ResourceName, answer: Answer): ApiError {
    const { tokenPlace } = access;
    return explainStatus({ server, verb, resource, ...answer, nowSeconds: clock.now(), tokenPlace });
  }

  /** A token that has just been replaced is read at once. */
  async function withFreshToken<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ApiError) || error.failure !== 'unauthorized') throw explained(error);
    }
    access.forget();
    return await call().catch((error: unknown) => {
      throw explained(error);
    });
  }

  async function page(resource: ResourceName, query: Query, signal: AbortSignal): Promise<unknown> {
    const answer = await readText(requestFor(resource, query, true, signal), maxPageBytes);
    if (answer.status !== 200) throw refusal('list', resource, answer);
    try {
      return JSON.parse(answer.body);
    } catch {
      // What JSON.parse says quotes the text, which is not ours to show.
      throw new ApiError('passing', `${server}: list ${resource}: answered something that is no JSON`);
    }
  }

  async function watch(resource: ResourceName, query: Query, signal: AbortSignal): Promise<IncomingMessage> {
    const answer = await openAnswer(requestFor(resource, query, false, signal));
    const { statusCode: status = 0, headers } = answer;
    if (status === 200) return answer;
    throw refusal('watch', resource, { status, headers, body: await beginningOf(answer) });
  }

  return {
    listPage: (resource, query, signal) =>
      retryCalls(() => withFreshToken(() => page(resource, query, signal)), deps, signal),
    openWatch: (resource, query, signal) => withFreshToken(() => watch(resource, query, signal)),
  };
}

/** A failure of the network. What took all the time that a call may take is not tried again. */
function explained(error: unknown): unknown {
  if (!(error instanceof SourceError) || error instanceof ApiError) return error;
  const { message, cause } = error;
  if (message.includes('no answer within'))
    return new ApiError(
      'other',
      `${message}; see that the API server is well and reachable from here, or raise timeout of the source`,
      { cause },
    );
  const isPassing = passingCodes.has(errnoOf(cause) ?? '') || message.includes('broke off');
  return isPassing ? new ApiError('passing', message, { cause }) : error;
}

type Answer = Pick<Parameters<typeof explainStatus>[0], 'status' | 'headers' | 'body'>;

function urlOf({ url }: Endpoint, resource: ResourceName, query: Query): URL {
  const full = new URL(url);
  full.pathname = `${url.pathname.replace(/\/+$/, '')}${apiResources[resource].path}`;
  full.search = new URLSearchParams(query).toString();
  return full;
}

async function beginningOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const chunk of answer.setEncoding('utf8')) {
      text += String(chunk);
      if (text.length > maxStatusBytes) break;
    }
  } catch (error) {
    return reasonOf(error);
  }
  return text;
}
