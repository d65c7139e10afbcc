import type { GpuReading, Identity } from '../../reading.ts';
import type { KnownGpu, SilentGpu } from '../source.ts';

/** Remembers every GPU that was ever seen, so that one that falls off the bus is shown as missing instead of being forgotten. */
export interface Roster {
  readonly see: (gpus: readonly GpuReading[]) => void;
  readonly uuidOf: (index: number) => string | undefined;
  readonly known: () => readonly KnownGpu[];
  /** Known GPUs that are neither in the reading nor left alone on purpose, with why they are missing. */
  readonly missing: (
    gpus: readonly GpuReading[],
    leftAlone: readonly SilentGpu[],
    failure: string,
  ) => readonly SilentGpu[];
}

export function createRoster(): Roster {
  const byUuid = new Map<string, Pick<KnownGpu, 'index' | 'identity'>>();
  return {
    see: (gpus) => {
      for (const { uuid, index, identity } of gpus) {
        const before = byUuid.get(uuid);
        // Set anew, so that the last GPU seen at an index stands last.
        byUuid.delete(uuid);
        byUuid.set(uuid, { index, identity: keptFacts(before?.identity, identity) });
      }
    },
    uuidOf: (wanted) => [...byUuid].findLast(([, { index }]) => index === wanted)?.[0],
    known: () => [...byUuid].map(([uuid, facts]) => ({ uuid, ...facts })),
    missing: (gpus, leftAlone, failure) => {
      const seen = new Set([...gpus, ...leftAlone].map(({ uuid }) => uuid));
      return [...byUuid].filter(([uuid]) => !seen.has(uuid)).map(([uuid, { index }]) => ({ index, uuid, failure }));
    },
  };
}

/** A GPU that does not answer tells less than it did before. */
function keptFacts(before: Identity | undefined, now: Identity): Identity {
  return {
    model: now.model ?? before?.model,
    serial: now.serial ?? before?.serial,
    pciBusId: now.pciBusId ?? before?.pciBusId,
    vbios: now.vbios ?? before?.vbios,
    minor: now.minor ?? before?.minor,
  };
}
