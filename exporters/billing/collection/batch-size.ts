import type { CollectionSettings } from './collection-settings.ts';

/** How many windows are read at once: so many that what is asked for together is worth it, and no more samples than fit into memory. */
export interface BatchSize {
  readonly now: () => number;
  /** What the last windows took. */
  readonly learn: (read: { readonly windows: number; readonly samples: number }) => void;
}

export function createBatchSize({
  windowsAtOnce,
  mostWindowsAtOnce,
  samplesAtOnce,
}: Pick<CollectionSettings, 'windowsAtOnce' | 'mostWindowsAtOnce' | 'samplesAtOnce'>): BatchSize {
  let size = windowsAtOnce;
  return {
    now: () => size,
    learn: ({ windows, samples }) => {
      if (windows === 0 || samples === 0) return;
      const fit = Math.floor((samplesAtOnce * windows) / samples);
      // Twice as many at most, because windows that were nearly empty may be followed by full ones.
      size = Math.max(1, Math.min(fit, 2 * size, mostWindowsAtOnce));
    },
  };
}
