import { type Impact, impactOf } from '../impact/impact.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { MaintenanceWindow } from '../maintenance/maintenance-window.ts';
import type { Item } from '../model/item.ts';
import { clusterOf, nodeOf } from '../place/node-of.ts';
import { type Owners, ownersOf, tenantsOf } from '../place/owners-of.ts';
import { type Place, placeOf } from '../place/place-of.ts';
import type { Change } from '../store/history.ts';
import { servicesOn } from './services-on.ts';

/** What whoever gets an alert wants to know of the thing that it is about. */
export interface AlertContext {
  readonly item: Item;
  readonly place: Place;
  readonly node: string | undefined;
  readonly cluster: string | undefined;
  readonly owners: Owners;
  /** What runs there. */
  readonly services: readonly ServiceOn[];
  /** Windows that are open now and hold the item. */
  readonly windows: readonly MaintenanceWindow[];
  /** Undefined where there was no time to ask the database. */
  readonly lastChange: Change | undefined;
  /** Undefined where there was no time to compute it. */
  readonly impact: ImpactSummary | undefined;
}

export interface ServiceOn {
  readonly application: Item;
  readonly tenants: readonly Item[];
}

/** What is worse off beside the item itself. */
export interface ImpactSummary {
  readonly servers: number;
  readonly gpus: number;
  readonly applications: number;
  readonly tenants: readonly string[];
}

export type KnownContext = Omit<AlertContext, 'lastChange' | 'impact' | 'windows'>;

/** What is known without waiting and without much work. */
export function knownContext(inventory: Inventory, item: Item): KnownContext {
  return {
    item,
    place: placeOf(inventory, item.id),
    node: nodeOf(inventory, item.id),
    cluster: clusterOf(inventory, item.id),
    owners: ownersOf(inventory, item.id),
    services: servicesOn(inventory, item).map((application) => ({
      application,
      tenants: tenantsOf(inventory, application.id),
    })),
  };
}

export function impactSummary(inventory: Inventory, item: Item): ImpactSummary {
  const impact = impactOf(inventory, [item.id], { limit: 0 });
  const count = (itemClass: string): number => {
    const found = impact.classes.find((each) => each.class === itemClass);
    const own = item.class === itemClass ? 1 : 0;
    return found === undefined ? 0 : Math.max(0, found.down + found.degraded - own);
  };
  return {
    servers: count('server'),
    gpus: count('gpu'),
    applications: count('application'),
    tenants: tenantNames(impact),
  };
}

function tenantNames({ tenants }: Impact): readonly string[] {
  return tenants.map(({ tenant }) => tenant?.name).filter((name) => name !== undefined);
}
