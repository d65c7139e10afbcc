import type { SignKeeper } from '../serving/sign-history.ts';
import { loadSigns, saveSigns } from './signs/sign-file.ts';

/** Signs of failures outlive the memory of the server that showed them. `source` is its address, for whoever reads the file. */
export function createSignFile(path: string, source: string): SignKeeper {
  return {
    load: async () => {
      const stored = await loadSigns(path);
      return stored === undefined ? undefined : { untilMs: stored.untilMs, signs: stored.signs };
    },
    save: (book) => saveSigns(path, { fromMs: 0, ...book, products: {}, source }),
  };
}
