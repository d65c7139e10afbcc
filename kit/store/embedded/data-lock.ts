import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, errnoOf, reasonOf } from '../../errors.ts';

/** Held until the process ends: the kernel drops it with the process, also on kill -9. */
export interface DataLock {
  readonly release: () => Promise<void>;
}

export interface DataLockSettings {
  /** Of the socket, in a folder that exists. */
  readonly path: string;
  /** For the error: what is in use. */
  readonly folder: string;
  /** Called once if another process has taken the lock although we hold it: stop writing at once. */
  readonly onLost: (holder: string) => void;
  readonly settleMs?: number;
  readonly askEveryMs?: number;
}

/** How long an address of a unix socket may be on Linux, with its zero byte at the end. */
const maxPathBytes = 107;
const answerWithinMs = 2000;
const silencesAllowed = 3;
const silent = 'a process that does not answer';

/**
 * One process at a time on a folder. A file with a process id does not do: in containers everybody is process 1. Whoever listens on the
 * socket holds the lock; whoever finds that nobody does puts its own socket in that place by a rename, waits for others who did the same
 * at that moment, and asks who is there now.
 */
export async function lockData(settings: DataLockSettings): Promise<DataLock> {
  const { path, folder, onLost, settleMs = 500, askEveryMs = 2000 } = settings;
  const name = randomUUID();
  const me = `process ${process.pid} (${name})`;
  // Not the process id, for the same reason.
  const own = `${path}.${name.slice(0, 8)}`;
  if (Buffer.byteLength(own) > maxPathBytes) {
    const most = maxPathBytes - Buffer.byteLength(own) + Buffer.byteLength(folder);
    throw new ConfigError(`the path of the folder ${folder} is too long; it may have ${most} bytes`);
  }
  refuseHeld(folder, await holderOf(path));
  const server = await listen(own, me);
  try {
    await rename(own, path);
    await sleep(settleMs);
    const now = await holderOf(path);
    if (now !== me) throw inUse(folder, now ?? 'another process');
  } catch (error) {
    await close(server, own);
    throw error;
  }
  const watch = setInterval(() => void askAgain(), askEveryMs).unref();
  server.unref();

  let silences = 0;

  // A process that was stopped for longer than others settle may find itself holding what they hold too.
  async function askAgain(): Promise<void> {
    const now = await holderOf(path).catch(reasonOf);
    // Without an answer it may be ourselves who were too busy to give it.
    silences = now === silent ? silences + 1 : 0;
    if (now === me || (now === silent && silences < silencesAllowed)) return;
    clearInterval(watch);
    onLost(now ?? 'nobody: its socket has been removed');
  }

  return {
    release: async () => {
      clearInterval(watch);
      // Closing removes the name that the server was opened with, which is gone since the rename; the socket itself may stay, dead.
      await close(server, own);
    },
  };
}

function refuseHeld(folder: string, holder: string | undefined): void {
  if (holder !== undefined) throw inUse(folder, holder);
}

function inUse(folder: string, holder: string): ConfigError {
  return new ConfigError(
    `the folder ${folder} is in use by ${holder}; one process at a time may have it: stop that one, or name another folder`,
  );
}

/** What the holder answers; undefined if nobody listens. Who takes the connection and says nothing lives all the same. */
function holderOf(path: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(path);
    const done = (holder: string | undefined): void => {
      socket.destroy();
      resolve(holder);
    };
    socket.setTimeout(answerWithinMs, () => done(silent));
    socket.on('data', (data) => {
      answer = (answer + data.toString('utf8')).slice(0, 100);
    });
    socket.once('end', () => done(answer === '' ? silent : answer));
    socket.once('error', (error) => {
      const code = errnoOf(error) ?? '';
      if (['ECONNREFUSED', 'ENOENT'].includes(code)) done(undefined);
      else if (['EAGAIN', 'ECONNRESET', 'EPIPE'].includes(code)) done(silent);
      else reject(error);
    });
  });
}

function listen(path: string, answer: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).end(answer);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}

async function close(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await rm(path, { force: true });
}
