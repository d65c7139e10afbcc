import type { RunFiles } from './run-files.ts';

/** Keeps the last few checkpoints of a run, as trainers do, so that a long simulation does not fill the disk. */
export interface CheckpointShelf {
  readonly put: (folder: string) => void;
}

const kept = 4;

export function createCheckpointShelf(files: RunFiles): CheckpointShelf {
  let folders: readonly string[] = [];
  return {
    put: (folder) => {
      const all = [...folders.filter((each) => each !== folder), folder];
      for (const old of all.slice(0, -kept)) files.remove(old);
      folders = all.slice(-kept);
    },
  };
}

/** What stands where the weights would be. */
export const noWeights = 'A checkpoint of a simulated run: no weights.\n';
