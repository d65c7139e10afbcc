import type { NodeReading } from '../reading.ts';
import type { KnownGpu } from './device-ids.ts';

/** More than any node has; an index that jumps about must not fill the memory. */
const maxKnown = 256;

/**
 * The GPUs that were ever read: a GPU that is lost, or whose driver hangs, is still allocated, also once another has its index. Those of
 * the last reading come first, so an index or minor number stands for one of them if it can.
 */
export interface KnownGpus {
  readonly read: (reading: NodeReading) => void;
  readonly list: () => readonly KnownGpu[];
}

export function createKnownGpus(): KnownGpus {
  let list: readonly KnownGpu[] = [];

  return {
    read: ({ gpus }) => {
      const before = new Map(list.map((gpu) => [gpu.uuid, gpu]));
      const here = gpus.map((gpu) => merged(gpu, before.get(gpu.uuid)));
      const found = new Set(here.map(({ uuid }) => uuid));
      const gone = list.filter(({ uuid }) => !found.has(uuid));
      list = [...here, ...gone].slice(0, maxKnown);
    },
    list: () => list,
  };
}

/** What a tier has not read yet, or failed to read, is as it was. */
function merged({ index, uuid, identity, mig }: KnownGpu, last: KnownGpu | undefined): KnownGpu {
  const minor = identity.minor ?? last?.identity.minor;
  return { index, uuid, identity: { ...identity, minor }, mig: mig ?? last?.mig };
}
