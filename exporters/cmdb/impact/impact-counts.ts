import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import { tenantsOf } from '../place/owners-of.ts';
import type { DependencyGraph } from './compile-graph.ts';

export interface Count {
  readonly down: number;
  readonly degraded: number;
}

export interface ClassCount extends Count {
  readonly class: ItemClass;
}

export interface TenantCount {
  /** Undefined for what belongs to nobody. */
  readonly tenant: Item | undefined;
  readonly servers: Count;
  readonly gpus: Count;
  readonly applications: Count;
}

const countedClasses = { server: 'servers', gpu: 'gpus', application: 'applications' } as const;
type Counted = (typeof countedClasses)[keyof typeof countedClasses];
interface Counter {
  down: number;
  degraded: number;
}

/** The class with the most items first. */
export function countByClass(
  { items }: DependencyGraph,
  down: readonly number[],
  degraded: readonly number[],
): readonly ClassCount[] {
  const counts = new Map<ItemClass, Counter>();
  const add = (index: number, state: keyof Counter): void => {
    const item = items[index];
    if (item === undefined) return;
    const counter = counts.get(item.class) ?? noneYet();
    counter[state]++;
    counts.set(item.class, counter);
  };
  for (const index of down) add(index, 'down');
  for (const index of degraded) add(index, 'degraded');
  return [...counts]
    .map(([itemClass, count]) => ({ class: itemClass, ...count }))
    .sort((a, b) => b.down - a.down || b.degraded - a.degraded || (a.class < b.class ? -1 : 1));
}

/** What several tenants share counts for each of them. Who has lost most stands first. */
export function countByTenant(
  inventory: Inventory,
  { items }: DependencyGraph,
  down: readonly number[],
  degraded: readonly number[],
): readonly TenantCount[] {
  const counts = new Map<Item | undefined, Record<Counted, Counter>>();
  const nobody = [undefined];
  const add = (index: number, state: keyof Counter): void => {
    const item = items[index];
    if (item === undefined || !isCounted(item.class)) return;
    const tenants = tenantsOf(inventory, item.id);
    for (const tenant of tenants.length === 0 ? nobody : tenants) {
      const count = counts.get(tenant) ?? { servers: noneYet(), gpus: noneYet(), applications: noneYet() };
      counts.set(tenant, count);
      count[countedClasses[item.class]][state]++;
    }
  };
  for (const index of down) add(index, 'down');
  for (const index of degraded) add(index, 'degraded');
  return [...counts].map(([tenant, count]) => ({ tenant, ...count })).sort(byLoss);
}

function isCounted(itemClass: ItemClass): itemClass is keyof typeof countedClasses {
  return Object.hasOwn(countedClasses, itemClass);
}

function noneYet(): Counter {
  return { down: 0, degraded: 0 };
}

function byLoss(a: TenantCount, b: TenantCount): number {
  for (const counted of ['gpus', 'servers', 'applications'] as const)
    for (const state of ['down', 'degraded'] as const)
      if (a[counted][state] !== b[counted][state]) return b[counted][state] - a[counted][state];
  return (a.tenant?.id ?? 0) - (b.tenant?.id ?? 0);
}
