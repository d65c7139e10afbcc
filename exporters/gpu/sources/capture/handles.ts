/** What the handles of a recording or of a replay stand for. */
export interface Handles {
  /** Undefined for one that was never given, or was given back. */
  readonly nameOf: (handle: bigint) => string | undefined;
  readonly give: (handle: bigint, name: string) => void;
  readonly takeBack: (handle: bigint) => void;
  /** A made-up handle for a device: the same one each time. */
  readonly handleOf: (device: string) => bigint;
  /** A made-up handle that was never given before. */
  readonly fresh: (name: string) => bigint;
  /** By handle of a GPM sample, what it was last taken of. */
  readonly samples: Map<bigint, GpmTarget>;
}

export interface GpmTarget {
  readonly device: string;
  /** The MIG GPU instance, where it was named by its number and not by a handle. */
  readonly instance: number | bigint | undefined;
}

/** Names of what is no device: calls on it are calls to the system. */
export const eventSet = 'event set';
export const gpmSample = 'GPM sample';

export function createHandles(): Handles {
  const names = new Map<bigint, string>();
  const byDevice = new Map<string, bigint>();
  let next = 0x1000n;

  function fresh(name: string): bigint {
    const handle = next;
    next += 0x1000n;
    names.set(handle, name);
    return handle;
  }

  const samples = new Map<bigint, GpmTarget>();

  return {
    nameOf: (handle) => names.get(handle),
    give: (handle, name) => void names.set(handle, name),
    takeBack(handle) {
      names.delete(handle);
      samples.delete(handle);
    },
    handleOf(device) {
      const known = byDevice.get(device);
      if (known !== undefined) return known;
      const handle = fresh(device);
      byDevice.set(device, handle);
      return handle;
    },
    fresh,
    samples,
  };
}
