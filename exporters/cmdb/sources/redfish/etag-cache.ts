export interface KeptAnswer {
  readonly etag: string;
  readonly body: string;
}

/** Answers that may be asked for again by their ETag; the oldest are forgotten first. */
export interface EtagCache {
  readonly find: (path: string) => KeptAnswer | undefined;
  readonly keep: (path: string, etag: string | undefined, body: string) => void;
}

/** Small, because there is one for each of thousands of controllers. */
const maxCharacters = 64 * 1024;

export function createEtagCache(): EtagCache {
  const kept = new Map<string, KeptAnswer>();
  let characters = 0;

  function forget(path: string): void {
    characters -= kept.get(path)?.body.length ?? 0;
    kept.delete(path);
  }

  return {
    find: (path) => kept.get(path),
    keep: (path, etag, body) => {
      forget(path);
      if (etag === undefined || body.length > maxCharacters / 4) return;
      kept.set(path, { etag, body });
      characters += body.length;
      for (const oldest of kept.keys()) {
        if (characters <= maxCharacters) break;
        forget(oldest);
      }
    },
  };
}
