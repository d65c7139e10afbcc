import { badField } from '../../../kit/api/api-error.ts';
import { fold } from '../find/fold.ts';
import { createFilterTest } from '../find/match-filter.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { isItemClass } from '../model/item-class.ts';

export const sortKeys = ['id', 'name', 'class', 'created', 'changed'] as const;
type SortKey = (typeof sortKeys)[number];

export interface ItemFilters {
  readonly class: readonly string[];
  readonly state: readonly string[];
  readonly site: readonly string[];
  readonly rack: readonly string[];
  readonly tenant: readonly string[];
  readonly source: string | undefined;
  /** name=value */
  readonly attribute: readonly string[];
}

export interface ItemPage {
  readonly items: readonly Item[];
  /** Where the next page begins; undefined on the last. */
  readonly next: string | undefined;
}

export interface PageOptions {
  /** One of `sortKeys`, with a minus sign in front for the reverse. */
  readonly sort: string;
  readonly limit: number;
  readonly cursor: string | undefined;
}

type Position = readonly [value: string | number, id: number];

/** Items that pass all filters, a page at a time. What does not change meanwhile stands on exactly one page. Throws ApiError. */
export function listItems(inventory: Inventory, filters: ItemFilters, { sort, limit, cursor }: PageOptions): ItemPage {
  const key = sortKeys.find((each) => each === sort.replace(/^-/, '')) ?? 'id';
  const compare = comparison(sort.startsWith('-') ? -1 : 1);
  const after = cursor === undefined ? undefined : positionOf(cursor, sort);
  const page = createPage(limit, compare);
  for (const item of passing(inventory, filters)) {
    const position: Position = [valueOfKey(item, key), item.id];
    if (after === undefined || compare(position, after) > 0) page.add({ position, item });
  }
  const { entries, hasMore } = page.entries();
  const last = entries.at(-1);
  const next = hasMore && last !== undefined ? cursorOf(last.position, sort) : undefined;
  return { items: entries.map(({ item }) => item), next };
}

interface Entry {
  readonly position: Position;
  readonly item: Item;
}

/** Keeps the first ones of all that are added. */
function createPage(limit: number, compare: (a: Position, b: Position) => number) {
  const kept: Entry[] = [];
  const settle = (): void => {
    kept.sort((a, b) => compare(a.position, b.position)).splice(limit + 1);
  };
  return {
    add: (entry: Entry): void => {
      kept.push(entry);
      if (kept.length > 4 * limit + 100) settle();
    },
    entries: (): { readonly entries: readonly Entry[]; readonly hasMore: boolean } => {
      settle();
      return { entries: kept.slice(0, limit), hasMore: kept.length > limit };
    },
  };
}

function comparison(direction: 1 | -1): (a: Position, b: Position) => number {
  return ([a, idA], [b, idB]) => direction * (a < b ? -1 : a > b ? 1 : idA - idB);
}

function* passing(inventory: Inventory, filters: ItemFilters): Generator<Item> {
  const tests = testsOf(inventory, filters);
  for (const item of candidates(inventory, filters)) if (tests.every((test) => test(item))) yield item;
}

function candidates(inventory: Inventory, { class: classes }: ItemFilters): Iterable<Item> {
  if (classes.length === 0) return inventory.items();
  return new Set(classes.filter(isItemClass).flatMap((itemClass) => inventory.ofClass(itemClass)));
}

function testsOf(inventory: Inventory, filters: ItemFilters): readonly ((item: Item) => boolean)[] {
  const { state, site, rack, tenant, source, attribute } = filters;
  const given = Object.entries({ state, site, rack, tenant }).filter(([, values]) => values.length > 0);
  const pairs = attribute.map((pair) => {
    const [, key, value] = /^([a-z][a-z0-9_]*)=(.*)$/s.exec(pair) ?? [];
    if (key === undefined || value === undefined) throw badField('attribute', 'must be name=value, such as model=H200');
    return [key, [value]] as const;
  });
  const tests = [...given, ...pairs].map(([key, values]) =>
    createFilterTest(inventory, { key, values: values.map(fold), isNegated: false }),
  );
  if (source === undefined) return tests;
  return [...tests, (item) => Object.values(item.origins).includes(source)];
}

function valueOfKey(item: Item, key: SortKey): string | number {
  switch (key) {
    case 'id':
      return item.id;
    case 'name':
      return item.name;
    case 'class':
      return item.class;
    case 'created':
      return item.createdAt;
    case 'changed':
      return item.changedAt;
  }
}

function cursorOf(position: Position, sort: string): string {
  return Buffer.from(JSON.stringify([sort, ...position])).toString('base64url');
}

function positionOf(cursor: string, sort: string): Position {
  const [itsSort, value, id] = partsOf(cursor);
  if (typeof id !== 'number' || (typeof value !== 'string' && typeof value !== 'number'))
    throw badField('cursor', 'it is damaged: begin again without one');
  if (itsSort !== sort) throw badField('cursor', 'it belongs to another order: begin again without one');
  return [value, id];
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
