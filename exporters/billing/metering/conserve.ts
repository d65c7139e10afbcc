import { absolute, compare, exact, exactShare, minus, nothing, plus, times } from '../exact.ts';
import type { Conservation, ExactQuantity, Usage } from '../usage.ts';

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
    const amount = times(exact(quantity), exactShare(share));
    sums.set(uuid, plus(sums.get(uuid) ?? nothing, amount));
  }
  const errors = new Map<string, ExactQuantity>();
  for (const uuid of new Set([...sums.keys(), ...installedMs.keys()])) {
    const installed = exact(BigInt(installedMs.get(uuid) ?? 0));
    errors.set(uuid, absolute(minus(sums.get(uuid) ?? nothing, installed)));
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
  wrong.sort((left, right) => compare(right.error, left.error) || (left.resource < right.resource ? -1 : 1));
  return {
    devices,
    installedMs,
    error: wrong.reduce((sum, { error }) => plus(sum, error), nothing),
    worst: wrong.slice(0, worstShown),
  };
}
