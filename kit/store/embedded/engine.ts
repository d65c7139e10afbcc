import type { Clock } from '../../clock.ts';
import { reasonOf, SourceError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { type DatabaseThread, startThread } from './start-thread.ts';

export interface Engine {
  readonly start: () => Promise<void>;
  /** The running thread; starts one if the last has ended. */
  readonly thread: () => Promise<DatabaseThread>;
  readonly trouble: () => string | undefined;
  readonly fsyncs: () => number;
  /** Without the limit on the time of a statement. */
  readonly unhurried: <T>(work: () => Promise<T>) => Promise<T>;
  /** For good, at once. */
  readonly stop: (reason: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface EngineSettings {
  readonly dataFolder: string;
  /** A statement that takes longer is ended together with the thread. */
  readonly statementSeconds: number;
  readonly log: Log;
  readonly clock: Clock;
}

/** How long after a failed start the next one is tried. */
const pauseSeconds = 2;

/** Keeps the thread of the embedded database running. What was acknowledged is on the disk, so that it may end at any time. */
export function createEngine({ dataFolder, statementSeconds, log, clock }: EngineSettings): Engine {
  let current: Promise<DatabaseThread> | undefined;
  let trouble: string | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  let stopped: string | undefined;
  let fsyncsBefore = 0;
  let running: DatabaseThread | undefined;
  let unhurried = 0;

  async function open(): Promise<DatabaseThread> {
    const thread = await startThread({ dataFolder });
    running = thread;
    if (trouble !== undefined) log.info('the embedded database answers again');
    trouble = undefined;
    thread.onEnd((reason) => {
      fsyncsBefore += thread.fsyncs();
      running = undefined;
      current = undefined;
      if (reason === undefined) return;
      trouble = reason;
      log.error('the embedded database ended and will be opened again', { reason });
    });
    return withDeadline(thread, statementSeconds, () => unhurried === 0);
  }

  function thread(): Promise<DatabaseThread> {
    if (stopped !== undefined) return Promise.reject(new SourceError(stopped));
    if (current !== undefined) return current;
    if (clock.monotonic() - failedAt < pauseSeconds) {
      return Promise.reject(new SourceError(`the embedded database does not start: ${trouble}`));
    }
    const starting = open();
    current = starting;
    starting.catch((error: unknown) => {
      trouble = reasonOf(error);
      failedAt = clock.monotonic();
      if (current === starting) current = undefined;
    });
    return starting;
  }

  return {
    start: async () => void (await thread()),
    thread,
    trouble: () => stopped ?? trouble,
    fsyncs: () => fsyncsBefore + (running?.fsyncs() ?? 0),
    unhurried: async (work) => {
      unhurried++;
      try {
        return await work();
      } finally {
        unhurried--;
      }
    },
    stop: async (reason) => {
      stopped = reason;
      await running?.kill(reason);
    },
    close: async () => {
      stopped ??= 'the database is closed';
      const last = await current?.catch(() => undefined);
      await last?.close();
    },
  };
}

/** The database in the thread cannot end its own statements: nothing interrupts it. */
function withDeadline(thread: DatabaseThread, seconds: number, applies: () => boolean): DatabaseThread {
  return {
    ...thread,
    exec: async (bytes, onData) => {
      if (!applies()) return thread.exec(bytes, onData);
      const late = setTimeout(
        () => void thread.kill(`a statement took longer than ${seconds} s and was ended; nothing of it was kept`),
        seconds * 1000,
      );
      try {
        await thread.exec(bytes, onData);
      } finally {
        clearTimeout(late);
      }
    },
  };
}
