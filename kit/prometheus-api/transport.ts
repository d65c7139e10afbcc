import type { Clock } from '../clock.ts';
import { BodyTooLarge, readBody } from './body.ts';
import { type Address, authorization, type BasicAuth } from './credentials.ts';
import { explainStatus, looksLikeHtml } from './explain.ts';
import { type Asked, failure } from './failure.ts';
import { asObject, type JsonObject, ShapeError } from './json.ts';
import { parseRetryAfterMs, type RetryPolicy, Transient, withRetries } from './retry.ts';

export interface TransportDeps {
  readonly fetch: (url: URL, init: RequestInit) => Promise<Response>;
  readonly readFile: (path: string) => Promise<string>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface TransportOptions {
  readonly address: Address;
  readonly basicAuth: BasicAuth | undefined;
  readonly bearerTokenFile: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly retry: RetryPolicy;
}

export interface Call<T> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly params: readonly (readonly [name: string, value: string])[];
  /** What was asked, for messages. */
  readonly what: string;
  readonly parse: (answer: JsonObject) => T;
  /** Tried first on the bytes of the answer; what it does not understand is parsed. */
  readonly scan?: (bytes: Buffer) => T | undefined;
  readonly signal: AbortSignal | undefined;
}

export type Transport = <T>(call: Call<T>) => Promise<T>;

/** Makes one API call at a time out of HTTP requests: deadline, retries, size limit, errors with a remedy. */
export function createTransport(options: TransportOptions, deps: TransportDeps): Transport {
  return async (call) => {
    const asked = { url: options.address.shown, what: call.what };
    const deadline = startDeadline(options.timeoutMs, call.signal);
    try {
      const body = await withRetries(() => exchange(call, { asked, signal: deadline.signal, options, deps }), {
        deps: { ...deps, monotonic: deps.clock.monotonic },
        policy: options.retry,
        signal: deadline.signal,
        deadline: deps.clock.monotonic() + options.timeoutMs / 1000,
      });
      return call.scan?.(body) ?? parseAnswer(body.toString('utf8'), asked, call.parse);
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      if (deadline.signal.aborted) throw failure('deadline', asked, `no answer within ${options.timeoutMs / 1000} s`);
      throw error;
    } finally {
      deadline.clear();
    }
  };
}

interface Attempt {
  readonly asked: Asked;
  readonly signal: AbortSignal;
  readonly options: TransportOptions;
  readonly deps: TransportDeps;
}

/** One HTTP request; returns the body of a 2xx answer. */
async function exchange<T>(call: Call<T>, { asked, signal, options, deps }: Attempt): Promise<Buffer> {
  const credential = await authorization({ ...options, readFile: deps.readFile });
  const { response, body } = await send(request(call, options, credential), { asked, signal, options, deps });
  if (response.ok) return body;
  const error = explainStatus(asked, response, body.toString('utf8'));
  const mayPass = response.status === 429 || (response.status >= 500 && response.status !== 501);
  // A query that is too large stays so, whatever the status (some proxies answer 500).
  if (!mayPass || error.kind === 'too-large') throw error;
  throw new Transient(error, parseRetryAfterMs(response.headers.get('retry-after'), deps.clock.now()));
}

async function send({ url, init }: Request, attempt: Attempt): Promise<{ response: Response; body: Buffer }> {
  const { asked, signal, options, deps } = attempt;
  try {
    // A redirected POST turns into a GET without its form, so redirects are reported instead of followed.
    const response = await deps.fetch(url, { ...init, redirect: 'manual', signal });
    return { response, body: await readBody(response, options.maxResponseBytes) };
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof BodyTooLarge) {
      throw failure('too-large', asked, `${error.message}; ask for a shorter time or fewer series`);
    }
    throw new Transient(failure('unreachable', asked, `cannot be reached: ${rootCause(error)}`, error));
  }
}

interface Request {
  readonly url: URL;
  readonly init: RequestInit;
}

function request<T>(call: Call<T>, options: TransportOptions, credential: string | undefined): Request {
  const url = options.address.endpoint(call.path);
  const headers = {
    accept: 'application/json',
    ...options.headers,
    ...(credential === undefined ? {} : { authorization: credential }),
  };
  const params = call.params.map(([name, value]): [string, string] => [name, value]);
  if (call.method === 'POST') return { url, init: { method: 'POST', headers, body: new URLSearchParams(params) } };
  for (const [name, value] of params) url.searchParams.append(name, value);
  return { url, init: { headers } };
}

function parseAnswer<T>(body: string, asked: Asked, parse: (answer: JsonObject) => T): T {
  const problem = (text: string, cause?: unknown) => failure('bad-answer', asked, text, cause);
  if (looksLikeHtml(body)) {
    throw problem('answered with an HTML page instead of JSON; a login page, or not the address of a Prometheus API');
  }
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (cause) {
    throw problem(`answered with ${body.length} characters that are not complete JSON`, cause);
  }
  try {
    const answer = asObject(json, 'the answer');
    if (answer['status'] === 'success') return parse(answer);
    throw new ShapeError(
      `status is ${JSON.stringify(answer['status'])}: ${String(answer['error'] ?? 'no error given')}`,
    );
  } catch (error) {
    if (error instanceof ShapeError) throw problem(`unexpected answer: ${error.message}`, error);
    throw error;
  }
}

/** A signal that is aborted at the deadline or with the caller's; own code, because it has to be cleared afterwards. */
function startDeadline(timeoutMs: number, outer: AbortSignal | undefined): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer?.reason);
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  if (outer?.aborted) abort();
  outer?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}

/** fetch hides the reason ("connect ECONNREFUSED …") in the cause of "fetch failed"; a host with two addresses has a list of them. */
function rootCause(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('cause' in error && error.cause !== undefined) return rootCause(error.cause);
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) return rootCause(error.errors[0]);
  return 'message' in error ? String(error.message) : String(error);
}
