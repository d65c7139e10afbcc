import { reasonOf } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import { timer } from '../../../kit/timer.ts';

const everySeconds = 3600;

interface ForgettingDeps {
  /** Resolves with how many items were forgotten. */
  readonly forget: () => Promise<number>;
  readonly log: Log;
}

/** Forgets what is long gone, now and then, on the replica that leads. */
export function createForgetting({ forget, log }: ForgettingDeps): { readonly lead: (leading: AbortSignal) => void } {
  return {
    lead: (leading) => {
      const next = timer();
      const run = async (): Promise<void> => {
        try {
          const items = await forget();
          if (items > 0) log.info('items that are long gone were forgotten', { items });
        } catch (error) {
          log.warn('items that are long gone could not be forgotten', { reason: reasonOf(error) });
        }
        if (!leading.aborted) next.set(everySeconds, () => void run());
      };
      leading.addEventListener('abort', next.clear);
      next.set(everySeconds, () => void run());
    },
  };
}
