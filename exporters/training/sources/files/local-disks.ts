import type { FileSystem } from './file-system.ts';
import type { Gate } from './gate.ts';

/** Which disks are of this machine; each is asked once. */
export interface LocalDisks {
  readonly isLocal: (dev: number, path: string) => Promise<boolean>;
  /** Without asking. */
  readonly known: (dev: number) => boolean | undefined;
}

export function createLocalDisks({ fs, gate }: { readonly fs: FileSystem; readonly gate: Gate }): LocalDisks {
  const answers = new Map<number, boolean>();
  return {
    known: (dev) => answers.get(dev),
    isLocal: async (dev, path) => {
      const known = answers.get(dev);
      if (known !== undefined) return known;
      try {
        const answer = await gate.run(path, () => fs.isLocal(path), dev);
        answers.set(dev, answer);
        return answer;
      } catch {
        return false;
      }
    },
  };
}
