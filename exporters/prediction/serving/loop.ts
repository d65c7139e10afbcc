import { reasonOf, SourceError } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import { timer } from '../../../kit/timer.ts';

export interface Loop {
  /** Goes on at once, or again after what is under way. */
  readonly wake: () => void;
  /** Ends what is under way and waits for it. */
  readonly stop: () => Promise<void>;
}

export interface LoopSettings {
  /** For the log. */
  readonly name: string;
  /** From the beginning of one round to that of the next; a round that takes longer is followed at once. */
  readonly everySeconds: number;
  /** The signal is aborted when the loop is stopped. */
  readonly round: (signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

/** The first round begins at once. A round that fails is told once, until one succeeds, and the next comes in time. */
export function startLoop({ name, everySeconds, round, log }: LoopSettings): Loop {
  const stopping = new AbortController();
  const wait = timer();
  let failure: string | undefined;
  let underWay: Promise<void> | undefined;
  let isWoken = false;

  function tell(error: unknown): void {
    const reason = error === undefined ? undefined : reasonOf(error);
    if (reason === failure) return;
    failure = reason;
    if (reason === undefined) log.info('works again', { loop: name });
    else log.warn('failed, and is tried again', { loop: name, reason, stack: stackOf(error) });
  }

  async function run(): Promise<void> {
    const begun = performance.now();
    try {
      await round(stopping.signal);
      tell(undefined);
    } catch (error) {
      if (!stopping.signal.aborted) tell(error);
    }
    underWay = undefined;
    const restSeconds = isWoken ? 0 : everySeconds - (performance.now() - begun) / 1000;
    isWoken = false;
    if (!stopping.signal.aborted) wait.set(Math.max(0.05, restSeconds), begin);
  }

  function begin(): void {
    underWay ??= run();
  }

  begin();
  return {
    wake: () => {
      isWoken = underWay !== undefined;
      if (isWoken || stopping.signal.aborted) return;
      wait.clear();
      begin();
    },
    stop: async () => {
      stopping.abort(new Error('the service stops'));
      wait.clear();
      await underWay;
    },
  };
}

/** Only of what is our own mistake. */
function stackOf(error: unknown): string | undefined {
  return error instanceof Error && !(error instanceof SourceError) ? error.stack : undefined;
}
