import type { FileStats, FileSystem } from './file-system.ts';
import type { Gate } from './gate.ts';
import type { LocalDisks } from './local-disks.ts';
import type { Tail } from './tail.ts';

export type OnStats = (tail: Tail, error: unknown, stats: FileStats | undefined) => void;

/** Asks for the state of many files. */
export type LookAtTails = (tails: readonly Tail[], onStats: OnStats) => Promise<void>;

/** So many questions at once keep the threads awake; to fall asleep and wake up costs more than to ask. */
const localWidth = 32;
const remoteWidth = 2;

interface Deps {
  readonly fs: FileSystem;
  readonly gate: Gate;
  readonly disks: LocalDisks;
}

/**
 * Disks of this machine are asked as fast as they answer. Disks of the network go through the gate, which never lets more of them hang than
 * the thread pool can spare.
 */
export function createLookAtTails({ fs, gate, disks }: Deps): LookAtTails {
  async function askOne(tail: Tail, onStats: OnStats): Promise<void> {
    try {
      onStats(tail, undefined, await gate.run(tail.path, () => statOf(fs, tail.path), tail.dev));
    } catch (error) {
      onStats(tail, error, undefined);
    }
  }

  async function askRemote(tails: readonly Tail[], onStats: OnStats): Promise<void> {
    const rest = tails.values();
    const lane = async (): Promise<void> => {
      for (const tail of rest) await askOne(tail, onStats);
    };
    await Promise.all(Array.from({ length: remoteWidth }, lane));
  }

  return async (tails, onStats) => {
    const local: Tail[] = [];
    const remote: Tail[] = [];
    for (const tail of tails) {
      const answer = disks.known(tail.dev) ?? (await disks.isLocal(tail.dev, tail.readPath));
      (answer ? local : remote).push(tail);
    }
    await Promise.all([askLocal(fs, local, onStats), askRemote(remote, onStats)]);
  };
}

function statOf(fs: FileSystem, path: string): Promise<FileStats | undefined> {
  return new Promise((resolve, reject) =>
    fs.stat(path, (error, stats) => (error === null ? resolve(stats) : reject(error))),
  );
}

function askLocal(fs: FileSystem, tails: readonly Tail[], onStats: OnStats): Promise<void> {
  if (tails.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    let asked = 0;
    let answered = 0;
    const next = (): void => {
      const tail = tails[asked];
      if (tail === undefined) return;
      asked++;
      fs.stat(tail.path, (error, stats) => {
        onStats(tail, error ?? undefined, stats);
        answered++;
        if (answered === tails.length) resolve();
        else next();
      });
    };
    for (let lane = 0; lane < localWidth; lane++) next();
  });
}
