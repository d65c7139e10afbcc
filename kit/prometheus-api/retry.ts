import { PrometheusApiError } from './failure.ts';

export interface RetryDeps {
  /** At least 0 and below 1. */
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Seconds that never go back. */
  readonly monotonic: () => number;
}

export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

export const defaultRetryPolicy: RetryPolicy = { maxAttempts: 4, firstDelayMs: 200, longestDelayMs: 10_000 };

/** A failure that may be gone the next time. */
export class Transient extends Error {
  override readonly name = 'Transient';
  readonly failure: PrometheusApiError;
  readonly retryAfterMs: number;

  constructor(failure: PrometheusApiError, retryAfterMs = 0) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Repeats `attempt` after a Transient failure, as long as another try fits before the deadline. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { deps, policy, signal, deadline }: Retrying,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      if (tried >= policy.maxAttempts) throw tired(error.failure, `gave up after ${tried} tries`);
      const delayMs = Math.max(error.retryAfterMs, backOffMs(tried, policy, deps.random));
      if (deps.monotonic() + delayMs / 1000 >= deadline) {
        throw tired(error.failure, `the next try, in ${(delayMs / 1000).toFixed(1)} s, would be past the deadline`);
      }
      await deps.sleep(delayMs, signal);
    }
  }
}

interface Retrying {
  readonly deps: RetryDeps;
  readonly policy: RetryPolicy;
  readonly signal: AbortSignal;
  /** On the monotonic clock. */
  readonly deadline: number;
}

/** Full jitter: a random point of a span that doubles, so that many clients do not come back together. */
function backOffMs(tried: number, policy: RetryPolicy, random: () => number): number {
  return random() * Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** (tried - 1));
}

function tired(failure: PrometheusApiError, why: string): PrometheusApiError {
  return new PrometheusApiError(failure.kind, `${failure.message} (${why})`, { cause: failure.cause });
}

/** Retry-After is a number of seconds or a date (RFC 9110, section 10.2.3). */
export function parseRetryAfterMs(header: string | null, nowSeconds: number): number {
  if (header === null) return 0;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? 0 : Math.max(0, dateMs - nowSeconds * 1000);
}
