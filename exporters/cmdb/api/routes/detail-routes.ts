import { notFound } from '../../../../kit/api/api-error.ts';
import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import { dependenciesOf } from '../../impact/depends.ts';
import { impactOf } from '../../impact/impact.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Relation } from '../../model/item.ts';
import { isRelationType, relationTypes } from '../../model/relation-type.ts';
import { dependenciesView, impactView } from '../impact-views.ts';
import { atParameter, idParameter, inventoryAt, itemIn } from '../inventory-at.ts';
import { classesOf, listedClasses } from '../listed-classes.ts';
import { ref } from '../schemas.ts';
import type { CmdbServices } from '../services.ts';
import { changeView, claimView, itemRef, relationView, type View } from '../views.ts';
import { historyParameters } from './change-routes.ts';

type DetailServices = Pick<CmdbServices, 'store' | 'clock'>;

const route = routeOf<DetailServices>();
const tag = 'Items';
const item = '/api/v1/items/{id}';
const parameters = { id: idParameter, at: atParameter };
const limit = {
  in: 'query',
  type: 'integer',
  min: 1,
  max: 10_000,
  default: 1000,
  about: 'Items that are listed.',
} as const;

export const detailRoutes: readonly Route<DetailServices>[] = [
  route({
    method: 'get',
    path: `${item}/claims`,
    tag,
    id: 'getClaims',
    access: 'reader',
    summary: 'Tells what each source says of an item.',
    parameters: { id: idParameter },
    answers: { 200: { about: 'The claims.', schema: listSchema('claims', ref('Claim')) } },
    handle: async ({ parameters: { id } }, { store }) => {
      itemIn(store.inventory, id);
      return { json: { claims: (await store.claims(id)).map(claimView) } };
    },
  }),
  route({
    method: 'get',
    path: `${item}/history`,
    tag,
    id: 'getHistory',
    access: 'reader',
    summary: 'Tells who changed what of an item, the newest first; also of one that was deleted.',
    parameters: { id: idParameter, ...historyParameters },
    answers: {
      200: { about: 'Changes.', schema: listSchema('changes', ref('Change'), { next: { type: 'integer' } }) },
    },
    handle: async ({ parameters: { id, from, to, before, limit: most } }, { store }) => {
      const changes = await store.history({ itemId: id, from, to, before, limit: most });
      if (changes.length === 0 && before === undefined && store.inventory.item(id) === undefined)
        throw notFound(`there is no item ${id}, and never was`);
      return {
        json: {
          changes: changes.map((change) => changeView(change, store.inventory)),
          next: changes.length < most ? undefined : changes.at(-1)?.sequence,
        },
      };
    },
  }),
  route({
    method: 'get',
    path: `${item}/relations`,
    tag,
    id: 'getRelations',
    access: 'reader',
    summary: 'Tells what an item has to do with others.',
    parameters: {
      ...parameters,
      type: { in: 'query', type: 'enum', values: Object.keys(relationTypes), about: 'Only relations of the type.' },
      limit,
    },
    answers: {
      200: {
        about: 'Relations that begin at the item and relations that end at it.',
        schema: {
          type: 'object',
          required: ['outgoing', 'incoming', 'total'],
          properties: {
            outgoing: { type: 'array', items: ref('Relation') },
            incoming: { type: 'array', items: ref('Relation') },
            total: { type: 'integer', description: 'Of both, also where not all are listed.' },
          },
        },
      },
    },
    handle: async ({ parameters: { id, at, type, limit: most } }, services) => {
      const inventory = await inventoryAt(services, at);
      itemIn(inventory, id);
      const wanted = type !== undefined && isRelationType(type) ? type : undefined;
      const [outgoing, incoming] = [inventory.outgoing(id, wanted), inventory.incoming(id, wanted)];
      return {
        json: {
          outgoing: outgoing.slice(0, most).map((relation) => withOther(inventory, relation, relation.to)),
          incoming: incoming.slice(0, most).map((relation) => withOther(inventory, relation, relation.from)),
          total: outgoing.length + incoming.length,
        },
      };
    },
  }),
  route({
    method: 'get',
    path: `${item}/impact`,
    tag: 'Impact',
    id: 'getImpact',
    access: 'reader',
    summary: 'Tells what breaks if an item fails.',
    parameters: { ...parameters, class: listedClasses, limit },
    answers: { 200: { about: 'What would be down or degraded, and why.', schema: { type: 'object' } } },
    handle: async ({ parameters: { id, at, class: classes, limit: most } }, services) => {
      const inventory = await inventoryAt(services, at);
      itemIn(inventory, id);
      return { json: impactView(impactOf(inventory, [id], { limit: most, classes: classesOf('class', classes) })) };
    },
  }),
  route({
    method: 'get',
    path: `${item}/dependencies`,
    tag: 'Impact',
    id: 'getDependencies',
    access: 'reader',
    summary: 'Tells what an item needs, directly and through others.',
    parameters: {
      ...parameters,
      depth: { in: 'query', type: 'integer', min: 1, max: 100, about: 'Steps from the item; all without it.' },
      limit,
    },
    answers: { 200: { about: 'What it needs, the nearest first.', schema: { type: 'object' } } },
    handle: async ({ parameters: { id, at, depth, limit: most } }, services) => {
      const inventory = await inventoryAt(services, at);
      const found = dependenciesOf(inventory, id, { limit: most, ...(depth === undefined ? {} : { depth }) });
      if (found === undefined) throw notFound(`there is no item ${id}`);
      return { json: dependenciesView(found) };
    },
  }),
];

function withOther(inventory: Inventory, relation: Relation, other: number): View {
  const found = inventory.item(other);
  return { ...relationView(relation), item: found === undefined ? undefined : itemRef(found) };
}
