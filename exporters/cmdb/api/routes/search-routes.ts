import { ApiError, badField, notFound } from '../../../../kit/api/api-error.ts';
import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import { findExactly, type LookupKey, lookupKeys } from '../../find/find-exactly.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Item } from '../../model/item.ts';
import { itemClasses } from '../../model/item-class.ts';
import { nodeOf } from '../../place/node-of.ts';
import { ownersOf } from '../../place/owners-of.ts';
import { placeOf } from '../../place/place-of.ts';
import { atParameter, finderFor, inventoryAt } from '../inventory-at.ts';
import { ref } from '../schemas.ts';
import type { CmdbServices } from '../services.ts';
import { itemEtag, itemRef, itemView, type View } from '../views.ts';

type SearchServices = Pick<CmdbServices, 'store' | 'clock' | 'finder'>;

const route = routeOf<SearchServices>();
const tag = 'Search';
const keys = Object.keys(lookupKeys).filter((key): key is LookupKey => Object.hasOwn(lookupKeys, key));
const lookupParameter = (key: LookupKey) =>
  ({ in: 'query', type: 'text', maxLength: 300, about: lookupKeys[key] }) as const;

export const searchRoutes: readonly Route<SearchServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/search',
    tag,
    id: 'search',
    access: 'reader',
    summary: 'Finds items while somebody types.',
    about:
      'Words are looked for in names, serial numbers, addresses, places, owners and attributes; `class:server rack:a12 -state:retired` filters. The best fit comes first.',
    parameters: {
      q: { in: 'query', type: 'text', required: true, about: 'What was typed so far.' },
      limit: { in: 'query', type: 'integer', min: 1, max: 200, default: 20, about: 'Items that are listed.' },
      cursor: { in: 'query', type: 'text', maxLength: 4000, about: '`next` of the answer before.' },
      at: atParameter,
    },
    answers: {
      200: {
        about: 'Items with what people tell them apart by.',
        schema: listSchema('items', ref('ItemReference'), {
          total: { type: 'integer' },
          next: { type: 'string' },
          notes: { type: 'array', items: { type: 'string' } },
        }),
      },
    },
    handle: async ({ parameters: { q, limit, cursor, at } }, services) => {
      const inventory = await inventoryAt(services, at);
      const { items, total, cursor: next, notes } = finderFor(services, inventory).find(q, { limit, cursor });
      return { json: { items: items.map((item) => hitView(inventory, item)), total, next, notes } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/lookup',
    tag,
    id: 'lookup',
    errors: ['not_found'],
    access: 'reader',
    summary: 'Tells the one item that has a serial number, address or name.',
    about: `Exactly one of ${keys.join(', ')} is given.`,
    parameters: {
      serial: lookupParameter('serial'),
      uuid: lookupParameter('uuid'),
      mac: lookupParameter('mac'),
      ip: lookupParameter('ip'),
      host: lookupParameter('host'),
      node: lookupParameter('node'),
      class: {
        in: 'query',
        type: 'enum',
        values: Object.keys(itemClasses),
        about: 'Only items of the class.',
      },
      at: atParameter,
    },
    answers: {
      200: { about: 'The item.', schema: ref('Item') },
      300: { about: 'Several items have it.', schema: ref('Error') },
    },
    handle: async ({ parameters }, services) => {
      const given = keys.filter((key) => parameters[key] !== undefined);
      const [key] = given;
      if (key === undefined || given.length > 1)
        throw badField(given[1] ?? 'serial', `exactly one of ${keys.join(', ')} must be given`);
      const value = parameters[key] ?? '';
      const inventory = await inventoryAt(services, parameters.at);
      const found = findExactly(inventory, key, value).filter(
        (item) => parameters.class === undefined || item.class === parameters.class,
      );
      const [item] = found;
      if (item === undefined) throw notFound(`no item has the ${key} ${JSON.stringify(value)}`);
      if (found.length === 1) return { json: itemView(item, inventory), headers: { ETag: itemEtag(item) } };
      throw new ApiError('several_items', `${found.length} items have the ${key} ${JSON.stringify(value)}`, {
        items: found.slice(0, 100).map(itemRef),
      });
    },
  }),
];

function hitView(inventory: Inventory, item: Item): View {
  const { site, rack, unit, server } = placeOf(inventory, item.id);
  const { tenants } = ownersOf(inventory, item.id);
  const serial = item.attributes['serial'];
  return {
    ...itemRef(item),
    site: site?.name,
    rack: rack?.name,
    unit,
    node: server === undefined ? undefined : nodeOf(inventory, server.id),
    tenants: tenants.slice(0, 10).map(({ name }) => name),
    serial: typeof serial === 'string' ? serial : undefined,
  };
}
