import type { Clock } from '../../../../kit/clock.ts';
import { reasonOf } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import type { ApiClient } from './api-client.ts';
import { ApiError } from './api-error.ts';
import type { ResourceName } from './api-resources.ts';
import { backOffSeconds, longestRetryAfterSeconds, type RetryDeps } from './retry-calls.ts';
import { type WatchListener, watchObjects } from './watch-objects.ts';

/** One watch after the other, each from where the last one ended. */
export interface LastingWatch {
  /** Whether what happens is heard now. */
  readonly isOpen: () => boolean;
  /** Why the server allows no watch. */
  readonly refused: () => string | undefined;
  readonly stop: () => Promise<void>;
}

export interface WatchDeps extends RetryDeps {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly log: Log;
}

interface WatchSettings {
  readonly resource: ResourceName;
  readonly resourceVersion: string;
  readonly silenceSeconds: number;
}

const lengthSeconds = { shortest: 240, longest: 360 };
/** A watch that lives for less counts as failed, so that a server that ends each at once is not asked over and over. */
const shortestLifeSeconds = 5;
const longestPauseSeconds = 30;

/** Ends by itself when the past is forgotten or watching is not allowed: then only a list helps. */
export function keepWatching(
  settings: WatchSettings,
  listener: Pick<WatchListener, 'onChange' | 'onGone'>,
  { client, clock, log, sleep, random }: WatchDeps,
): LastingWatch {
  const { resource, silenceSeconds } = settings;
  const ending = new AbortController();
  const { signal } = ending;
  let { resourceVersion } = settings;
  let isOpen = false;
  let refused: string | undefined;
  /** What the server asks for. */
  let pauseSeconds = 0;

  async function watch(): Promise<boolean> {
    const length = lengthSeconds.shortest + random() * (lengthSeconds.longest - lengthSeconds.shortest);
    const request = { resource, resourceVersion, lengthSeconds: length, silenceSeconds, signal };
    const ended = await watchObjects(client, request, {
      ...listener,
      onOpen: () => {
        isOpen = true;
      },
      onRevision: (next) => {
        resourceVersion = next;
      },
    });
    return ended === 'ended';
  }

  /** Whether another watch may help. */
  function isPassing(error: unknown): boolean {
    if (signal.aborted) return false;
    log.debug('a watch of the Kubernetes API has failed', { resource, reason: reasonOf(error) });
    if (!(error instanceof ApiError)) return true;
    pauseSeconds = Math.min(error.retryAfterSeconds, longestRetryAfterSeconds);
    if (error.failure === 'forbidden') refused = error.message;
    return error.failure === 'passing' || error.failure === 'other';
  }

  async function run(): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const startedAt = clock.monotonic();
      const goesOn = await watch().catch(isPassing);
      isOpen = false;
      if (!goesOn) return;
      failures = clock.monotonic() - startedAt < shortestLifeSeconds ? failures + 1 : 0;
      const pause = pauseSeconds + backOffSeconds(failures, random, longestPauseSeconds);
      pauseSeconds = 0;
      await sleep(pause, signal).catch(() => undefined);
    }
  }

  const done = run();
  return {
    isOpen: () => isOpen,
    refused: () => refused,
    stop: async () => {
      ending.abort();
      await done;
    },
  };
}
