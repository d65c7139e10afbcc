import { statSync } from 'node:fs';

export interface FileWatch {
  /** Forgets all files and follows these, from how they are now. */
  readonly restart: (files: readonly string[]) => void;
  /** Follows more files, from how they are now. Called before they are read, so that no change falls in between. */
  readonly add: (files: readonly string[]) => void;
  readonly start: () => void;
  readonly stop: () => void;
}

interface FileWatchDeps {
  /** Differs whenever the file does; for a file that is missing too. */
  readonly signatureOf: (file: string) => string;
  /** A change is reported when it has stood still for one more look, so twice this time after it at the latest. */
  readonly everyMs: number;
  readonly onChange: () => void;
}

/**
 * Looks at files now and then, because notifications of the kernel do not cross network file systems and miss the symbolic links with
 * which Kubernetes swaps a secret. A change that is still going on, such as a certificate whose key has yet to follow, is left alone
 * until the files rest.
 */
export function createFileWatch({ signatureOf, everyMs, onChange }: FileWatchDeps): FileWatch {
  const known = new Map<string, string>();
  let unsettled: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    const before = [...known.values()].join('\n');
    const now = [...known.keys()].map(signatureOf).join('\n');
    const isSettled = now === unsettled;
    unsettled = now === before ? undefined : now;
    if (now === before || !isSettled) return;
    unsettled = undefined;
    onChange();
  }

  function add(files: readonly string[]): void {
    for (const file of files) if (!known.has(file)) known.set(file, signatureOf(file));
  }

  return {
    restart: (files) => {
      known.clear();
      add(files);
    },
    add,
    start: () => {
      timer = setInterval(look, everyMs).unref();
    },
    stop: () => clearInterval(timer),
  };
}

/** Which file it is and when it was written; follows symbolic links. For a file that cannot be looked at, why: reading it says so too. */
export function fileSignature(file: string): string {
  try {
    const { dev, ino, size, mtimeNs } = statSync(file, { bigint: true });
    return `${dev} ${ino} ${size} ${mtimeNs}`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
}
