import type { GpuReading } from '../../reading.ts';
import type { SilentGpu } from '../source.ts';

/** Remembers every GPU that was ever seen, so that one that falls off the bus is shown as missing instead of being forgotten. */
export interface Roster {
  readonly see: (gpus: readonly GpuReading[]) => void;
  readonly uuidOf: (index: number) => string | undefined;
  /** Known GPUs that are neither in the reading nor left alone on purpose, with why they are missing. */
  readonly missing: (
    gpus: readonly GpuReading[],
    leftAlone: readonly SilentGpu[],
    failure: string,
  ) => readonly SilentGpu[];
}

export function createRoster(): Roster {
  const indexByUuid = new Map<string, number>();
  return {
    see: (gpus) => {
      for (const { uuid, index } of gpus) {
        // Set anew, so that the last GPU seen at an index stands last.
        indexByUuid.delete(uuid);
        indexByUuid.set(uuid, index);
      }
    },
    uuidOf: (wanted) => [...indexByUuid].findLast(([, index]) => index === wanted)?.[0],
    missing: (gpus, leftAlone, failure) => {
      const seen = new Set([...gpus, ...leftAlone].map(({ uuid }) => uuid));
      return [...indexByUuid].filter(([uuid]) => !seen.has(uuid)).map(([uuid, index]) => ({ index, uuid, failure }));
    },
  };
}
