import type { Log } from '../../../kit/log.ts';

/** A file or folder that cannot be read, and why. */
export interface UnreadPath {
  readonly path: string;
  readonly reason: string;
}

const maxPaths = 1000;

/** A log that keeps what the sources warn of: paths that cannot be read. */
export function createUnreadPaths(): { readonly log: Log; readonly list: () => readonly UnreadPath[] } {
  const paths = new Map<string, UnreadPath>();
  const ignore = (): void => {};
  return {
    log: {
      debug: ignore,
      info: ignore,
      error: ignore,
      setLevel: ignore,
      warn: (_message, fields = {}) => {
        const { path, reason } = fields;
        if (typeof path !== 'string' || paths.size >= maxPaths) return;
        paths.set(path, { path, reason: String(reason) });
      },
    },
    list: () => [...paths.values()],
  };
}
