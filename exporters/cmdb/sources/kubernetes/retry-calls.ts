import { ApiError } from './api-error.ts';

export interface RetryDeps {
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** At least 0 and below 1. */
  readonly random: () => number;
}

const maxAttempts = 5;
const firstDelaySeconds = 0.25;
const longestDelaySeconds = 10;
/** A server that wants to be left alone for longer is left alone until the source is looked at again. */
export const longestRetryAfterSeconds = 60;

/** Calls again after what may be gone the next time, and sooner than that only what the server says. */
export async function retryCalls<T>(
  call: () => Promise<T>,
  { sleep, random }: RetryDeps,
  signal: AbortSignal,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await call();
    } catch (error) {
      await sleep(pauseAfter(error, tried, random), signal);
    }
  }
}

/** How long to wait before the next try. Throws the error where another try is no use. */
function pauseAfter(error: unknown, tried: number, random: () => number): number {
  if (!(error instanceof ApiError) || error.failure !== 'passing') throw error;
  if (tried >= maxAttempts) throw tired(error, `gave up after ${tried} tries`);
  const { retryAfterSeconds } = error;
  if (retryAfterSeconds > longestRetryAfterSeconds)
    throw tired(error, `it asks to be left alone for ${Math.round(retryAfterSeconds)} s`);
  return retryAfterSeconds + backOffSeconds(tried, random);
}

/** Full jitter: a random point of a span that doubles, so that many clients do not come back together. */
export function backOffSeconds(tried: number, random: () => number, longest = longestDelaySeconds): number {
  return random() * Math.min(longest, firstDelaySeconds * 2 ** tried);
}

function tired(error: ApiError, why: string): ApiError {
  return new ApiError('other', `${error.message} (${why})`, { cause: error });
}
