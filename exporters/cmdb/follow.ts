import { setImmediate as nextTurn } from 'node:timers/promises';
import { reasonOf } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { timer } from '../../kit/timer.ts';
import type { Finder } from './find/create-finder.ts';

/** Keeps what is in memory up to date with the database. */
export interface Following {
  /** Why the inventory may be behind; undefined while it is not. */
  readonly trouble: () => string | undefined;
  readonly stop: () => Promise<void>;
}

interface FollowDeps {
  /** What reads anew, in this order. */
  readonly tasks: readonly (() => Promise<unknown>)[];
  /** Afterwards, if all of them could. */
  readonly onFollowed: () => Promise<void> | undefined;
  readonly finder: Pick<Finder, 'refresh'>;
  readonly log: Log;
}

const chunksAtOnce = 2;

export function startFollowing(everySeconds: number, { tasks, onFollowed, finder, log }: FollowDeps): Following {
  const next = timer();
  let trouble: string | undefined;
  let isStopped = false;
  let turn: Promise<void> = Promise.resolve();

  async function follow(): Promise<void> {
    try {
      for (const task of tasks) await task();
      report(undefined);
      await onFollowed();
    } catch (error) {
      report(reasonOf(error));
    }
    while (!isStopped && !finder.refresh(chunksAtOnce)) await nextTurn();
    if (!isStopped) next.set(everySeconds, begin);
  }

  function begin(): void {
    turn = follow();
  }

  function report(reason: string | undefined): void {
    if (reason === trouble) return;
    trouble = reason;
    if (reason === undefined) log.info('the database answers again');
    else log.warn('the database does not answer; what is known is shown, nothing can be written', { reason });
  }

  begin();
  return {
    trouble: () => trouble,
    stop: async () => {
      isStopped = true;
      next.clear();
      await turn;
    },
  };
}
