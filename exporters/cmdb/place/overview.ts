import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import type { LifecycleState } from '../model/state.ts';
import { clusterOf } from './node-of.ts';
import { placeOf } from './place-of.ts';

export interface OverviewFilters {
  /** Names; none means all. */
  readonly site: readonly string[];
  readonly cluster: readonly string[];
}

/** The inventory at a glance. */
export interface Overview {
  readonly items: number;
  /** The class with the most items first. */
  readonly classes: readonly ClassOverview[];
  /** Racks by site, room and name. */
  readonly racks: readonly RackOverview[];
  /** Servers that stand in no rack. */
  readonly serversWithoutRack: number;
}

export interface ClassOverview {
  readonly class: ItemClass;
  readonly total: number;
  readonly states: Readonly<Partial<Record<LifecycleState, number>>>;
  /** Of those in service: what no source sees any more. */
  readonly missing: number;
}

export interface RackOverview {
  readonly rack: Item;
  readonly room: Item | undefined;
  readonly site: Item | undefined;
  readonly servers: number;
  readonly gpus: number;
  /** Of its servers and GPUs. */
  readonly failed: number;
  readonly maintenance: number;
  readonly missing: number;
}

type Counter<T> = { -readonly [Key in keyof T]: T[Key] };

/** Retired items are not counted. */
export function overviewOf(inventory: Inventory, filters: OverviewFilters): Overview {
  const fits = createTest(inventory, filters);
  const classes = new Map<ItemClass, Counter<ClassOverview> & { states: Partial<Record<LifecycleState, number>> }>();
  const racks = new Map<number, Counter<RackOverview>>();
  const counts = { items: 0, serversWithoutRack: 0 };
  for (const item of inventory.items()) {
    if (item.state === 'retired' || !fits(item)) continue;
    const { rack } = placeOf(inventory, item.id);
    counts.items += 1;
    countItem(classes, item, isMissing(inventory, item));
    if (rack !== undefined) countInRack(racks, rack, item, inventory);
    else if (item.class === 'server') counts.serversWithoutRack += 1;
  }
  return {
    ...counts,
    classes: [...classes.values()].sort((a, b) => b.total - a.total || (a.class < b.class ? -1 : 1)),
    racks: [...racks.values()].sort(byPlace),
  };
}

/** Sites and racks belong to no cluster, so that a cluster shows the racks that its machines stand in. */
function createTest(inventory: Inventory, { site, cluster }: OverviewFilters): (item: Item) => boolean {
  const [sites, clusters] = [site, cluster].map((names) => new Set(names.map((name) => name.toLowerCase())));
  const isOf = (wanted: ReadonlySet<string> | undefined, name: string | undefined): boolean =>
    wanted === undefined || wanted.size === 0 || (name !== undefined && wanted.has(name.toLowerCase()));
  return ({ id }) =>
    isOf(sites, placeOf(inventory, id).site?.name) &&
    (cluster.length === 0 || isOf(clusters, clusterOf(inventory, id)));
}

function isMissing(inventory: Inventory, { id, state }: Item): boolean {
  return state === 'in_service' && inventory.missingSince(id) !== undefined;
}

function countItem(
  classes: Map<ItemClass, Counter<ClassOverview> & { states: Partial<Record<LifecycleState, number>> }>,
  { class: itemClass, state }: Item,
  missing: boolean,
): void {
  const count = classes.get(itemClass) ?? { class: itemClass, total: 0, states: {}, missing: 0 };
  classes.set(itemClass, count);
  count.total += 1;
  count.states[state] = (count.states[state] ?? 0) + 1;
  if (missing) count.missing += 1;
}

function countInRack(racks: Map<number, Counter<RackOverview>>, rack: Item, item: Item, inventory: Inventory): void {
  const { room, site } = placeOf(inventory, rack.id);
  const nothing = { rack, room, site, servers: 0, gpus: 0, failed: 0, maintenance: 0, missing: 0 };
  const count = racks.get(rack.id) ?? nothing;
  racks.set(rack.id, count);
  if (item.class !== 'server' && item.class !== 'gpu') return;
  count[item.class === 'server' ? 'servers' : 'gpus'] += 1;
  if (item.state === 'failed' || item.state === 'rma') count.failed += 1;
  if (item.state === 'maintenance') count.maintenance += 1;
  if (isMissing(inventory, item)) count.missing += 1;
}

const collator = new Intl.Collator('en', { numeric: true });

function byPlace(a: RackOverview, b: RackOverview): number {
  return (
    collator.compare(a.site?.name ?? '', b.site?.name ?? '') ||
    collator.compare(a.room?.name ?? '', b.room?.name ?? '') ||
    collator.compare(a.rack.name, b.rack.name) ||
    a.rack.id - b.rack.id
  );
}
