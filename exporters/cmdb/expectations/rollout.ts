import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { checkBaseline, isKept } from './baseline.ts';
import { fillBatches } from './batches.ts';
import { type Expectation, fits } from './expectation.ts';
import { rackOf, serverOf, tenantOf } from './place.ts';

export interface PlannedServer {
  readonly id: number;
  readonly name: string;
  readonly rack: string | undefined;
  readonly tenant: string | undefined;
  /** Servers that stand in for each other: attribute redundancy_group; never two of one at once. */
  readonly group: string | undefined;
  /** Attributes that are behind, on it or on its parts. */
  readonly behind: readonly string[];
}

export interface Batch {
  /** From 1. */
  readonly number: number;
  readonly isCanary: boolean;
  readonly servers: readonly PlannedServer[];
}

export type SkipReason = 'maintenance' | 'failed' | 'missing' | 'min_available';

export interface RolloutPlan {
  readonly expectation: string;
  readonly baseline: Expectation['baseline'];
  /** Servers by how far they are: behind in anything, else unknown in anything, else current. */
  readonly servers: {
    readonly total: number;
    readonly current: number;
    readonly behind: number;
    readonly unknown: number;
  };
  readonly batches: readonly Batch[];
  readonly skipped: readonly (PlannedServer & { readonly reason: SkipReason })[];
  /** Items behind that are in no server, such as a spare GPU. */
  readonly withoutServer: readonly number[];
}

export interface RolloutDeps {
  /** Whether a window or its state puts the item under maintenance now. */
  readonly isUnderMaintenance: (itemId: number) => boolean;
}

const byName = new Intl.Collator('en', { numeric: true });

/** Which servers are behind a baseline, and in which order they may be updated. The same inventory gives the same plan. */
export function planRollout(inventory: Inventory, expectation: Expectation, deps: RolloutDeps): RolloutPlan {
  const { servers, withoutServer } = measure(inventory, expectation);
  const behind = servers.filter(({ status }) => status === 'behind');
  const outOfUse = new Map(
    servers.flatMap(({ item, planned }) => skip(inventory, item, deps).map((why) => [planned.id, why] as const)),
  );
  const able = behind.map(({ planned }) => planned).filter(({ id }) => !outOfUse.has(id));
  const allowance = allowances(
    servers.map(({ planned }) => planned),
    outOfUse,
    expectation.rollout.minAvailable,
  );
  const mayGo = (server: PlannedServer): boolean => (allowance.get(server.tenant) ?? 0) > 0;
  return {
    expectation: expectation.where,
    baseline: expectation.baseline,
    servers: {
      total: servers.length,
      current: servers.filter(({ status }) => status === 'current').length,
      behind: behind.length,
      unknown: servers.filter(({ status }) => status === 'unknown').length,
    },
    batches: fillBatches(able.filter(mayGo), expectation.rollout, allowance),
    skipped: behind.flatMap(({ planned }) => {
      const reason = outOfUse.get(planned.id) ?? (mayGo(planned) ? undefined : 'min_available');
      return reason === undefined ? [] : [{ ...planned, reason }];
    }),
    withoutServer,
  };
}

interface Measured {
  readonly item: Item;
  readonly planned: PlannedServer;
  readonly status: 'current' | 'behind' | 'unknown';
}

/** A baseline of parts, such as GPUs, is rolled out server by server. */
function measure(
  inventory: Inventory,
  expectation: Expectation,
): { readonly servers: readonly Measured[]; readonly withoutServer: readonly number[] } {
  const items = inventory.ofClass(expectation.class).filter((item) => isKept(item) && fits(expectation, item));
  const found = new Map<number, { readonly item: Item; readonly behind: Set<string>; isUnknown: boolean }>();
  const withoutServer: number[] = [];
  for (const item of items) {
    const checks = checkBaseline(expectation, item);
    const behind = checks.filter(({ status }) => status === 'behind').map(({ attribute }) => attribute);
    const server = serverOf(inventory, item);
    if (server === undefined || !isKept(server)) {
      if (behind.length > 0) withoutServer.push(item.id);
      continue;
    }
    const entry = found.get(server.id) ?? { item: server, behind: new Set<string>(), isUnknown: false };
    for (const attribute of behind) entry.behind.add(attribute);
    entry.isUnknown ||= checks.some(({ status }) => status === 'unknown');
    found.set(server.id, entry);
  }
  const servers = [...found.values()].map(({ item, behind, isUnknown }) => ({
    item,
    planned: planned(inventory, item, [...behind].sort()),
    status: behind.size > 0 ? ('behind' as const) : isUnknown ? ('unknown' as const) : ('current' as const),
  }));
  return {
    servers: servers.sort((a, b) => byName.compare(a.item.name, b.item.name) || a.item.id - b.item.id),
    withoutServer,
  };
}

function planned(inventory: Inventory, item: Item, behind: readonly string[]): PlannedServer {
  const group = item.attributes['redundancy_group'];
  return {
    id: item.id,
    name: item.name,
    rack: rackOf(inventory, item),
    tenant: tenantOf(inventory, item),
    group: typeof group === 'string' && group !== '' ? group : undefined,
    behind,
  };
}

/** Why a server is out of use, as none or one reason. */
function skip(inventory: Inventory, item: Item, { isUnderMaintenance }: RolloutDeps): readonly SkipReason[] {
  if (item.state === 'failed' || item.state === 'rma') return ['failed'];
  if (item.state === 'maintenance' || isUnderMaintenance(item.id)) return ['maintenance'];
  return inventory.missingSince(item.id) === undefined ? [] : ['missing'];
}

/** How many servers of each tenant may be away at once, beside those that are away already. */
function allowances(
  servers: readonly PlannedServer[],
  outOfUse: ReadonlyMap<number, SkipReason>,
  minAvailable: number,
): ReadonlyMap<string | undefined, number> {
  const totals = new Map<string | undefined, { total: number; away: number }>();
  for (const { id, tenant } of servers) {
    const entry = totals.get(tenant) ?? { total: 0, away: 0 };
    entry.total += 1;
    if (outOfUse.has(id)) entry.away += 1;
    totals.set(tenant, entry);
  }
  return new Map(
    [...totals].map(([tenant, { total, away }]) => {
      // Ten servers and 0.9 leave one, whatever 10 * (1 - 0.9) is in binary.
      const mayBeAway = total - Math.ceil(total * minAvailable - 1e-9);
      return [tenant, Math.max(0, mayBeAway - away)] as const;
    }),
  );
}
