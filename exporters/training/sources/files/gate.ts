/** The operation took too long, or something that would have to answer first does not. */
export class LateError extends Error {
  override readonly name = 'LateError';
}

/** Lets few operations of the file system go on at once and gives up those that hang. */
export interface Gate {
  /** Rejects with a LateError when the operation is given up; what it gives later is lost. `disk` names what hangs as a whole. */
  readonly run: <T>(path: string, operation: () => Promise<T>, disk?: number) => Promise<T>;
  /** Operations that were given up and have not come back. */
  readonly stuck: () => number;
}

interface Settings {
  readonly patienceSeconds: number;
  /** Operations at once while nothing hangs. */
  readonly width?: number;
}

/**
 * The thread pool of Node.js has four threads for all files and for compression, and an operation on a network disk that hangs keeps its
 * thread until the disk answers. So no more than three may hang, and a path that hangs, or a disk, is left alone until it answers.
 */
const maxStuck = 3;

export function createGate({ patienceSeconds, width = maxStuck }: Settings): Gate {
  const stuckPaths = createCounts<string>();
  const stuckDisks = createCounts<number>();
  const waiting: { readonly go: () => void; readonly refuse: (error: LateError) => void }[] = [];
  let running = 0;
  let stuck = 0;

  function isRefused(path: string, disk: number | undefined): boolean {
    return stuck >= maxStuck || stuckPaths.has(path) || (disk !== undefined && stuckDisks.has(disk));
  }

  function hasRoom(): boolean {
    return running < Math.min(width, maxStuck - stuck);
  }

  /** Takes a place; it is given back by `leave`. */
  async function enter(): Promise<void> {
    if (!hasRoom()) await new Promise<void>((go, refuse) => waiting.push({ go, refuse }));
    else running++;
  }

  function leave(): void {
    running--;
    while (waiting.length > 0 && hasRoom()) {
      running++;
      waiting.shift()?.go();
    }
    if (stuck >= maxStuck) for (const { refuse } of waiting.splice(0)) refuse(lateError(patienceSeconds));
  }

  function markStuck(path: string, disk: number | undefined, change: 1 | -1): void {
    stuck += change;
    stuckPaths.add(path, change);
    if (disk !== undefined) stuckDisks.add(disk, change);
  }

  function start<T>(path: string, operation: () => Promise<T>, disk: number | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        markStuck(path, disk, 1);
        leave();
        reject(lateError(patienceSeconds));
      }, patienceSeconds * 1000);
      const end = (): void => {
        clearTimeout(timer);
        if (isLate) markStuck(path, disk, -1);
        else leave();
      };
      operation().finally(end).then(resolve, reject);
    });
  }

  return {
    run: async (path, operation, disk) => {
      if (isRefused(path, disk)) throw lateError(patienceSeconds);
      await enter();
      // What was waited for may have shown that the disk hangs.
      if (!isRefused(path, disk)) return start(path, operation, disk);
      leave();
      throw lateError(patienceSeconds);
    },
    stuck: () => stuck,
  };
}

interface Counts<K> {
  readonly add: (key: K, change: 1 | -1) => void;
  readonly has: (key: K) => boolean;
}

function createCounts<K>(): Counts<K> {
  const counts = new Map<K, number>();
  return {
    add: (key, change) => {
      const count = (counts.get(key) ?? 0) + change;
      if (count > 0) counts.set(key, count);
      else counts.delete(key);
    },
    has: (key) => counts.has(key),
  };
}

function lateError(seconds: number): LateError {
  return new LateError(`the file system does not answer within ${seconds} s`);
}
