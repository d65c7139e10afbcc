import { rename } from 'node:fs/promises';
import { reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { SignKeeper } from '../../serving/sign-history.ts';
import { loadSigns, saveSigns } from './sign-file.ts';

/** Signs of failures outlive the memory of the server that showed them. `source` is its address, for whoever reads the file. */
export function createSignKeeper(path: string, source: string): SignKeeper {
  return {
    load: async () => {
      const stored = await loadSigns(path).catch((error: unknown) => setAside(path, error));
      return stored === undefined ? undefined : { untilMs: stored.untilMs, signs: stored.signs };
    },
    save: (book) => saveSigns(path, { fromMs: 0, ...book, products: {}, source }),
  };
}

/** The server may have forgotten what it holds, and it is written anew at once. Rejects with SourceError. */
async function setAside(path: string, error: unknown): Promise<never> {
  const aside = `${path}.damaged`;
  await rename(path, aside).catch(() => undefined);
  throw new SourceError(`${reasonOf(error)}; it is kept as ${aside}`, { cause: error });
}
