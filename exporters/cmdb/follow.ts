import { setImmediate as nextTurn } from 'node:timers/promises';
import { reasonOf } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { timer } from '../../kit/timer.ts';
import type { Finder } from './find/create-finder.ts';
import type { Status } from './status.ts';
import type { CmdbStore } from './store/cmdb-store.ts';

/** Keeps what is in memory up to date with the database. */
export interface Following {
  /** Why the inventory may be behind; undefined while it is not. */
  readonly trouble: () => string | undefined;
  readonly stop: () => Promise<void>;
}

interface FollowDeps {
  readonly store: Pick<CmdbStore, 'catchUp'>;
  readonly status: Status;
  readonly finder: Pick<Finder, 'refresh'>;
  readonly log: Log;
}

const chunksAtOnce = 4;

export function startFollowing(everySeconds: number, { store, status, finder, log }: FollowDeps): Following {
  const next = timer();
  let trouble: string | undefined;
  let isStopped = false;
  let turn: Promise<void> = Promise.resolve();

  async function follow(): Promise<void> {
    try {
      await store.catchUp();
      await status.refresh();
      report(undefined);
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
