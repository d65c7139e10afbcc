import type { Conservation, ExactQuantity, Usage } from '../usage.ts';
import {
  absExact,
  addExact,
  compareExact,
  exactOf,
  exactOfShare,
  multiplyExact,
  subtractExact,
  zero,
} from './exact.ts';

const worstShown = 20;

/**
 * Adds up all rows of GPU time anew, without knowing how they came about, and compares them with what is installed: milliseconds by the UUID of
 * the GPU. A GPU that has rows and is not installed is an error as large as its rows.
 */
export function conserve(usages: readonly Usage[], installedMs: ReadonlyMap<string, number>): Conservation {
  const sums = new Map<string, ExactQuantity>();
  for (const { meter, resource, quantity, share } of usages) {
    if (meter !== 'gpu_time') continue;
    const uuid = uuidOf(resource);
    const amount = multiplyExact(exactOf(quantity), exactOfShare(share));
    sums.set(uuid, addExact(sums.get(uuid) ?? zero, amount));
  }
  const errors = new Map<string, ExactQuantity>();
  for (const uuid of new Set([...sums.keys(), ...installedMs.keys()])) {
    const installed = exactOf(BigInt(installedMs.get(uuid) ?? 0));
    errors.set(uuid, absExact(subtractExact(sums.get(uuid) ?? zero, installed)));
  }
  const installed = [...installedMs.values()].filter((ms) => ms > 0);
  return conservationOf(
    installed.length,
    installed.reduce((sum, ms) => sum + ms, 0),
    errors,
  );
}

/** UUID of the GPU of a resource, which for MIG goes on with / and the number of the instance. */
export function uuidOf(resource: string): string {
  const slash = resource.lastIndexOf('/');
  return slash < 0 ? resource : resource.slice(0, slash);
}

export function conservationOf(
  devices: number,
  installedMs: number,
  errors: ReadonlyMap<string, ExactQuantity>,
): Conservation {
  const wrong = [...errors].filter(([, error]) => error.num !== 0n).map(([resource, error]) => ({ resource, error }));
  wrong.sort((left, right) => compareExact(right.error, left.error) || (left.resource < right.resource ? -1 : 1));
  return {
    devices,
    installedMs,
    error: wrong.reduce((sum, { error }) => addExact(sum, error), zero),
    worst: wrong.slice(0, worstShown),
  };
}
