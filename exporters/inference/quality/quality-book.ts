import type { Clock } from '../../../kit/clock.ts';
import type { Quality } from '../view.ts';

/** The last quality of each model and data set. */
export interface QualityBook {
  /** False if there are as many already as may be. */
  readonly add: (quality: Omit<Quality, 'pushedAt'>) => boolean;
  /** Those that are not too old. */
  readonly all: () => readonly Quality[];
}

const maxQualities = 1000;

export function createQualityBook(retentionSeconds: number, clock: Clock): QualityBook {
  const byKey = new Map<string, Quality>();

  function expire(): void {
    const oldest = clock.now() - retentionSeconds;
    for (const [key, { pushedAt }] of byKey) if (pushedAt < oldest) byKey.delete(key);
  }

  return {
    add: (quality) => {
      const key = JSON.stringify([quality.modelName, quality.dataset]);
      expire();
      if (!byKey.has(key) && byKey.size >= maxQualities) return false;
      byKey.set(key, { ...quality, pushedAt: clock.now() });
      return true;
    },
    all: () => {
      expire();
      return [...byKey.values()];
    },
  };
}
