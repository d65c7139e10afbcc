import { badField } from '../../../../kit/api/api-error.ts';
import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Item } from '../../model/item.ts';
import { itemClasses } from '../../model/item-class.ts';
import { lifecycleStates } from '../../model/state.ts';
import { atParameter, finderFor, inventoryAt } from '../inventory-at.ts';
import { listItems, sortKeys } from '../list-items.ts';
import { components, ref } from '../schemas.ts';
import type { CmdbServices } from '../services.ts';
import { itemView, type View } from '../views.ts';

type ItemServices = Pick<CmdbServices, 'store' | 'clock' | 'finder'>;

const route = routeOf<ItemServices>();
const tag = 'Items';
const viewKeys = Object.keys(components.Item.properties);
const sorts = sortKeys.flatMap((key) => [key, `-${key}`]);

export const listRoute: Route<ItemServices> = route({
  method: 'get',
  path: '/api/v1/items',
  tag,
  id: 'listItems',
  access: 'reader',
  summary: 'Lists items, a page at a time.',
  parameters: {
    class: { in: 'query', type: 'list', about: `Classes: ${Object.keys(itemClasses).join(', ')}.` },
    state: { in: 'query', type: 'list', about: `States: ${Object.keys(lifecycleStates).join(', ')}.` },
    site: { in: 'query', type: 'list', about: 'Names of sites; one that ends in * stands for all that begin so.' },
    rack: { in: 'query', type: 'list', about: 'Names of racks.' },
    tenant: { in: 'query', type: 'list', about: 'Names of tenants.' },
    source: {
      in: 'query',
      type: 'text',
      maxLength: 100,
      about: 'A source that says something of the item that counts.',
    },
    attribute: { in: 'query', type: 'texts', about: 'name=value, without regard to case. All must fit.' },
    q: { in: 'query', type: 'text', about: 'As people type; the best fit comes first, and `sort` is not taken.' },
    sort: {
      in: 'query',
      type: 'enum',
      values: sorts,
      about: 'With a minus sign in front the other way round; id without it.',
    },
    limit: { in: 'query', type: 'integer', min: 1, max: 1000, default: 100, about: 'Items of a page.' },
    cursor: { in: 'query', type: 'text', maxLength: 4000, about: '`next` of the page before.' },
    fields: {
      in: 'query',
      type: 'list',
      about: `What of each item is wanted: ${viewKeys.join(', ')}. All without it.`,
    },
    at: atParameter,
  },
  answers: {
    200: {
      about: 'A page of items.',
      schema: listSchema('items', ref('Item'), { next: { type: 'string' }, total: { type: 'integer' } }),
    },
  },
  handle: async ({ parameters }, services) => {
    const { q, sort, limit, cursor, fields } = parameters;
    refuseUnknown('class', parameters.class, Object.keys(itemClasses));
    refuseUnknown('state', parameters.state, Object.keys(lifecycleStates));
    refuseUnknown('fields', fields, viewKeys);
    const inventory = await inventoryAt(services, parameters.at);
    const view = viewOf(inventory, fields);
    if (q === undefined) {
      const page = listItems(inventory, parameters, { sort: sort ?? 'id', limit, cursor });
      return { json: { items: page.items.map(view), next: page.next } };
    }
    if (sort !== undefined)
      throw badField('sort', 'what is found by q stands in the order of how well it fits; leave it out');
    if (parameters.source !== undefined) throw badField('source', 'it cannot be used together with q');
    const found = finderFor(services, inventory).find(`${q} ${filterWords(parameters)}`, { limit, cursor });
    return { json: { items: found.items.map(view), next: found.cursor, total: found.total, notes: found.notes } };
  },
});

function refuseUnknown(field: string, given: readonly string[], allowed: readonly string[]): void {
  const unknown = given.find((each) => !allowed.includes(each));
  if (unknown !== undefined)
    throw badField(field, `must be of ${allowed.join(', ')}, got ${JSON.stringify(unknown.slice(0, 80))}`);
}

function viewOf(inventory: Inventory, fields: readonly string[]): (item: Item) => View {
  if (fields.length === 0) return (item) => itemView(item, inventory);
  const wanted = new Set(['id', ...fields]);
  return (item) => Object.fromEntries(Object.entries(itemView(item, inventory)).filter(([key]) => wanted.has(key)));
}

/** The filters in the language of the search. */
function filterWords(filters: {
  readonly class: readonly string[];
  readonly state: readonly string[];
  readonly site: readonly string[];
  readonly rack: readonly string[];
  readonly tenant: readonly string[];
  readonly attribute: readonly string[];
}): string {
  const { class: classes, state, site, rack, tenant, attribute } = filters;
  const lists = Object.entries({ class: classes, state, site, rack, tenant }).filter(([, values]) => values.length > 0);
  for (const [key, values] of lists) {
    if (key !== 'class' && key !== 'state' && values.length > 1)
      throw badField(key, 'together with q only one can be given');
  }
  const pairs = attribute.map((pair) => {
    const [, key, value] = /^([a-z][a-z0-9_]*)=(.*)$/s.exec(pair) ?? [];
    if (key === undefined || value === undefined) throw badField('attribute', 'must be name=value, such as model=H200');
    return `${key}:${quoted(value)}`;
  });
  const words = lists.map(
    ([key, values]) => `${key}:${key === 'class' || key === 'state' ? values.join(',') : quoted(values.join(','))}`,
  );
  return [...words, ...pairs].join(' ');
}

function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}
