import { timer } from '../../../kit/timer.ts';
import type { SilenceSync } from './silence-sync.ts';

/** Runs the synchronisation of silences again and again on the replica that leads, and at once when a window changes. */
export interface SilenceSchedule {
  readonly lead: (leading: AbortSignal) => void;
  /** Looks soon, if this replica leads. */
  readonly hurry: () => void;
  readonly stop: () => Promise<void>;
}

const everySeconds = 30;
/** Several changes at once are one run. */
const hurrySeconds = 0.2;

/** `sync` is asked each time, because a new configuration brings another Alertmanager, or none. */
export function createSilenceSchedule(sync: () => SilenceSync | undefined): SilenceSchedule {
  const next = timer();
  let leading: AbortSignal | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  function begin(): void {
    turn = turn.then(run);
  }

  async function run(): Promise<void> {
    const signal = leading;
    if (signal === undefined || signal.aborted) return;
    await sync()?.run(signal);
    if (!signal.aborted) next.setUnlessSet(everySeconds, begin);
  }

  return {
    lead: (signal) => {
      leading = signal;
      signal.addEventListener('abort', () => next.clear());
      begin();
    },
    hurry: () => {
      if (leading !== undefined && !leading.aborted) next.set(hurrySeconds, begin);
    },
    stop: async () => {
      next.clear();
      await turn;
    },
  };
}
