import { notFound } from '../../../../kit/api/api-error.ts';
import { type Route, routeOf } from '../../../../kit/api/route.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Item } from '../../model/item.ts';
import { nodeOf } from '../../place/node-of.ts';
import { overviewOf } from '../../place/overview.ts';
import { tenantsOf } from '../../place/owners-of.ts';
import { placeOf } from '../../place/place-of.ts';
import { rackContents } from '../../place/rack-contents.ts';
import { placeView } from '../impact-views.ts';
import { atParameter, idParameter, inventoryAt, itemIn } from '../inventory-at.ts';
import type { CmdbServices } from '../services.ts';
import { itemRef, type View } from '../views.ts';

type PlaceServices = Pick<CmdbServices, 'store' | 'clock'>;

const route = routeOf<PlaceServices>();
const tag = 'Places';
const parameters = { id: idParameter, at: atParameter };

export const placeRoutes: readonly Route<PlaceServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/items/{id}/place',
    tag,
    id: 'getPlace',
    access: 'reader',
    summary: 'Tells where an item is and whose it is.',
    parameters,
    answers: {
      200: {
        about: 'Site, room, rack, unit, node, cluster, tenants, team and person on call.',
        schema: { type: 'object' },
      },
    },
    handle: async ({ parameters: { id, at } }, services) => {
      const inventory = await inventoryAt(services, at);
      itemIn(inventory, id);
      return { json: placeView(inventory, id) };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/items/{id}/rack',
    tag,
    id: 'getRack',
    access: 'reader',
    errors: ['not_found'],
    summary: 'Tells what stands at which unit of the rack that the item is in, or is.',
    parameters,
    answers: { 200: { about: 'The rack from the bottom up, without what is retired.', schema: { type: 'object' } } },
    handle: async ({ parameters: { id, at } }, services) => {
      const inventory = await inventoryAt(services, at);
      const { name } = itemIn(inventory, id);
      const { rack } = placeOf(inventory, id);
      if (rack === undefined) throw notFound(`item ${id} (${name}) is in no rack`);
      return { json: rackView(inventory, rack) };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/overview',
    tag,
    id: 'getOverview',
    access: 'reader',
    summary: 'Counts items by class and state, and servers and GPUs by rack.',
    about: 'Retired items are not counted.',
    parameters: {
      site: { in: 'query', type: 'texts', about: 'Only what is in sites of these names.' },
      cluster: { in: 'query', type: 'texts', about: 'Only what belongs to clusters of these names.' },
      at: atParameter,
    },
    answers: { 200: { about: 'Counts; racks by site, room and name.', schema: { type: 'object' } } },
    handle: async ({ parameters: { site, cluster, at } }, services) => {
      const inventory = await inventoryAt(services, at);
      const { items, classes, racks, serversWithoutRack } = overviewOf(inventory, { site, cluster });
      return {
        json: {
          items,
          classes,
          racks: racks.map(({ rack, room, site: itsSite, ...counts }) => ({
            ...itemRef(rack),
            room: room && itemRef(room),
            site: itsSite && itemRef(itsSite),
            ...counts,
          })),
          servers_without_rack: serversWithoutRack,
        },
      };
    },
  }),
];

function rackView(inventory: Inventory, rack: Item): View {
  const { units, mounted, others } = rackContents(inventory, rack);
  return {
    rack: itemRef(rack),
    units,
    mounted: mounted.map(({ item, unit, units: itsUnits }) => ({
      ...itemRef(item),
      unit,
      units: itsUnits,
      node: item.class === 'server' ? nodeOf(inventory, item.id) : undefined,
      tenants: tenantsOf(inventory, item.id)
        .slice(0, 10)
        .map(({ name }) => name),
    })),
    others: others.map(itemRef),
  };
}
