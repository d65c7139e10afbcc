import type { RolloutLimits } from './expectation.ts';
import type { Batch, PlannedServer } from './rollout.ts';

/**
 * Puts each server into the first batch that has room for it: by number, rack, redundancy group and tenant. Every tenant must have
 * room for one at least, or its servers would never come.
 */
export function fillBatches(
  servers: readonly PlannedServer[],
  limits: RolloutLimits,
  allowance: ReadonlyMap<string | undefined, number>,
): readonly Batch[] {
  const batches: Batch[] = [];
  let left = servers;
  while (left.length > 0) {
    const isCanary = batches.length === 0 && limits.canary > 0;
    const { taken, others } = takeBatch(left, isCanary ? limits.canary : limits.batch, limits, allowance);
    if (taken.length === 0) throw new RangeError(`no batch has room for the server ${left[0]?.name}`);
    batches.push({ number: batches.length + 1, isCanary, servers: taken });
    left = others;
  }
  return batches;
}

function takeBatch(
  servers: readonly PlannedServer[],
  size: number,
  { maxPerRack }: RolloutLimits,
  allowance: ReadonlyMap<string | undefined, number>,
): { readonly taken: readonly PlannedServer[]; readonly others: readonly PlannedServer[] } {
  const taken: PlannedServer[] = [];
  const others: PlannedServer[] = [];
  const [racks, groups, tenants] = [createCount(), createCount(), createCount()];
  for (const server of servers) {
    const { rack, group, tenant } = server;
    const hasRoom =
      taken.length < size &&
      (rack === undefined || racks.of(rack) < maxPerRack) &&
      (group === undefined || groups.of(group) < 1) &&
      tenants.of(tenant) < (allowance.get(tenant) ?? 0);
    if (!hasRoom) {
      others.push(server);
      continue;
    }
    taken.push(server);
    racks.add(rack);
    groups.add(group);
    tenants.add(tenant);
  }
  return { taken, others };
}

interface Count {
  readonly of: (key: string | undefined) => number;
  readonly add: (key: string | undefined) => void;
}

function createCount(): Count {
  const counts = new Map<string | undefined, number>();
  return {
    of: (key) => counts.get(key) ?? 0,
    add: (key) => void counts.set(key, (counts.get(key) ?? 0) + 1),
  };
}
