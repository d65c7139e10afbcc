import { badField, notFound } from '../../../kit/api/api-error.ts';
import { createFinder, type Finder } from '../find/create-finder.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { perRevision } from '../inventory/per-revision.ts';
import type { Item } from '../model/item.ts';
import type { CmdbStore } from '../store/cmdb-store.ts';
import type { CmdbServices } from './services.ts';

type Services = Pick<CmdbServices, 'store' | 'clock'>;

export const atParameter = {
  in: 'query',
  type: 'time',
  about: 'As it was at that time; now without it.',
} as const;

export const idParameter = {
  in: 'path',
  type: 'integer',
  min: 1,
  max: 2_147_483_647,
  about: 'Number of the item.',
} as const;

/** A past state takes as much memory as the present, so they are loaded one after the other. */
const loading = new WeakMap<CmdbStore, Promise<unknown>>();

export async function inventoryAt({ store, clock }: Services, at: number | undefined): Promise<Inventory> {
  if (at === undefined) return store.inventory;
  if (at > clock.now()) throw badField('at', 'it is in the future');
  const before = loading.get(store) ?? Promise.resolve();
  const mine = before.then(() => store.past(at));
  loading.set(
    store,
    mine.catch(() => undefined),
  );
  return mine;
}

const pastFinder = perRevision((inventory) => createFinder(inventory));

export function finderFor({ store, finder }: Pick<CmdbServices, 'store' | 'finder'>, inventory: Inventory): Finder {
  return inventory === store.inventory ? finder : pastFinder(inventory);
}

/** Throws an ApiError if there is none. */
export function itemIn(inventory: Inventory, id: number): Item {
  const item = inventory.item(id);
  if (item === undefined) throw notFound(`there is no item ${id}`);
  return item;
}
