import type { ModelSet } from '../../pipeline/model-set.ts';

/** Sets of models in a folder: the one in use and the one before. */
export interface ModelStore {
  /** Undefined before the first training. Rejects with SourceError where the file is damaged, cut short or of another version. */
  readonly current: () => Promise<ModelSet | undefined>;
  readonly previous: () => Promise<ModelSet | undefined>;
  /** Makes a set the one in use and keeps the one before. Whoever reads sees the old one or the new one, whenever the process ends. */
  readonly swap: (set: ModelSet) => Promise<void>;
  /** Makes the one before the one in use again, and resolves with it. Rejects with SourceError where there is none. */
  readonly rollBack: () => Promise<ModelSet>;
}

export declare function openModelStore(folder: string): Promise<ModelStore>;
