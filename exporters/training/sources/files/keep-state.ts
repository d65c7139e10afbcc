import type { SavedState, TrainingStateFile } from './state-file.ts';

/** How much a kill may cost: so much is read once more. */
export const saveEverySeconds = 30;

export interface StateKeeper {
  /** Saves once more. */
  readonly stop: () => Promise<void>;
}

/** Saves again and again what `collect` gives. */
export function keepState(
  file: TrainingStateFile,
  collect: () => SavedState,
  everySeconds = saveEverySeconds,
): StateKeeper {
  let saving: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    saving = file.save(collect());
  }, everySeconds * 1000);
  return {
    stop: async () => {
      clearInterval(timer);
      await saving;
      await file.save(collect());
    },
  };
}
