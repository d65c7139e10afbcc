import { badField } from '../../../../kit/api/api-error.ts';
import { jsonBody, type Route, routeOf } from '../../../../kit/api/route.ts';
import { itemOfAlert } from '../../alerts/items-of-alert.ts';
import { impactOf } from '../../impact/impact.ts';
import { type Alerting, rootCauses } from '../../impact/root-cause.ts';
import { sharedClasses, singlePoints } from '../../impact/single-points.ts';
import { itemClasses } from '../../model/item-class.ts';
import { isRelationType, relationTypes } from '../../model/relation-type.ts';
import { draw } from '../../topology/drawing.ts';
import { insideOf, neighbourhoodOf } from '../../topology/neighbourhood.ts';
import { toDot } from '../../topology/to-dot.ts';
import { toMermaid } from '../../topology/to-mermaid.ts';
import { impactView, rootCausesView, singlePointsView } from '../impact-views.ts';
import { atParameter, inventoryAt, itemIn } from '../inventory-at.ts';
import { checked, classesOf, listedClasses } from '../listed-classes.ts';
import { itemId } from '../schemas.ts';
import type { CmdbServices } from '../services.ts';
import { itemRef, relationView } from '../views.ts';

type ImpactServices = Pick<CmdbServices, 'store' | 'clock'>;

interface RootCauseBody {
  readonly items?: readonly { readonly id: number; readonly state?: 'down' | 'degraded' }[];
  readonly alerts?: readonly { readonly labels: Readonly<Record<string, string>> }[];
  readonly limit?: number;
}

const route = routeOf<ImpactServices>();
const tag = 'Impact';
const maxAsked = 1000;
const idsParameter = { in: 'query', type: 'list', maxItems: maxAsked, about: 'Numbers of items.' } as const;
const classesParameter = {
  in: 'query',
  type: 'list',
  about: `Classes: ${Object.keys(itemClasses).join(', ')}.`,
} as const;

export const impactRoutes: readonly Route<ImpactServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/impact',
    tag,
    id: 'getImpactOfItems',
    access: 'reader',
    summary: 'Tells what breaks if several items fail together.',
    parameters: {
      items: { ...idsParameter, required: true },
      with_failed: {
        in: 'query',
        type: 'boolean',
        default: true,
        about: 'Whether what is failed already is no help to others.',
      },
      limit: {
        in: 'query',
        type: 'integer',
        min: 1,
        max: 10_000,
        default: 1000,
        about: 'Items that are listed; the counts are of all.',
      },
      class: listedClasses,
      at: atParameter,
    },
    answers: { 200: { about: 'What would be down or degraded, and why.', schema: { type: 'object' } } },
    handle: async ({ parameters }, services) => {
      const { items, with_failed: withFailed, limit, at } = parameters;
      const inventory = await inventoryAt(services, at);
      const classes = classesOf('class', parameters.class);
      return { json: impactView(impactOf(inventory, idsOf('items', items), { withFailed, limit, classes })) };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/root-cause',
    tag,
    id: 'findRootCause',
    access: 'reader',
    summary: 'Tells which shared parents explain best that exactly these items alert.',
    parameters: { at: atParameter },
    body: jsonBody<RootCauseBody>({
      about: 'Items by their numbers, or alerts by their labels as Alertmanager has them.',
      schema: {
        type: 'object',
        additionalProperties: false,
        properties: {
          items: {
            type: 'array',
            maxItems: maxAsked,
            items: {
              type: 'object',
              required: ['id'],
              additionalProperties: false,
              properties: { id: itemId, state: { type: 'string', enum: ['down', 'degraded'] } },
            },
          },
          alerts: {
            type: 'array',
            maxItems: maxAsked,
            items: {
              type: 'object',
              required: ['labels'],
              properties: {
                labels: {
                  type: 'object',
                  maxProperties: 200,
                  additionalProperties: { type: 'string', maxLength: 2000 },
                },
              },
            },
          },
          limit: { type: 'integer', minimum: 1, maximum: 100 },
        },
      },
      example: {
        alerts: [{ labels: { alertname: 'ExporterDown', node: 'node-17' } }, { labels: { node: 'node-18' } }],
      },
    }),
    answers: {
      200: {
        about: 'Candidates, the likeliest first, and the fewest that explain all together.',
        schema: { type: 'object' },
      },
    },
    handle: async ({ parameters: { at }, body }, services) => {
      const { items = [], alerts = [], limit = 10 } = body;
      if (items.length + alerts.length === 0) throw badField('items', 'items or alerts must be given');
      const inventory = await inventoryAt(services, at);
      const alerting: Alerting[] = items.map(({ id, state }) => ({ id, state }));
      const unmatched: number[] = [];
      for (const [index, { labels }] of alerts.entries()) {
        const found = itemOfAlert(inventory, labels);
        if (found === undefined) unmatched.push(index);
        else alerting.push({ id: found.id });
      }
      const causes = rootCausesView(rootCauses(inventory, alerting, { limit }));
      return { json: { ...causes, unmatched_alerts: unmatched } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/single-points',
    tag,
    id: 'listSinglePoints',
    access: 'reader',
    summary: 'Lists what takes down several others by its loss alone.',
    parameters: {
      class: { ...classesParameter, about: `Classes that are tried: ${sharedClasses.join(', ')} without it.` },
      at_least: {
        in: 'query',
        type: 'integer',
        min: 1,
        max: 1_000_000,
        default: 2,
        about: 'So many servers or applications must go down with it.',
      },
      limit: { in: 'query', type: 'integer', min: 1, max: 1000, default: 100, about: 'Items that are listed.' },
      at: atParameter,
    },
    answers: { 200: { about: 'What takes most with it stands first.', schema: { type: 'object' } } },
    handle: async ({ parameters: { class: classes, at_least: atLeast, limit, at } }, services) => {
      const inventory = await inventoryAt(services, at);
      const wanted = classesOf('class', classes);
      const options = { atLeast, limit, ...(wanted.length === 0 ? {} : { classes: wanted }) };
      return { json: singlePointsView(singlePoints(inventory, options)) };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/topology',
    tag: 'Topology',
    id: 'getTopology',
    access: 'reader',
    summary: 'Draws what is around some items, or all that is in one.',
    parameters: {
      items: { ...idsParameter, maxItems: 100, about: 'Numbers of items around which is drawn.' },
      inside: {
        in: 'query',
        type: 'integer',
        min: 1,
        max: 2_147_483_647,
        about: 'Number of a site, rack, cluster or the like that is drawn with all that is in it.',
      },
      format: {
        in: 'query',
        type: 'enum',
        values: ['dot', 'mermaid', 'json'],
        default: 'json',
        about: 'For Graphviz, for Mermaid, or for programs.',
      },
      depth: { in: 'query', type: 'integer', min: 0, max: 10, about: 'Steps that are followed.' },
      class: { ...classesParameter, about: 'Only items of these classes are drawn.' },
      type: {
        in: 'query',
        type: 'list',
        about: `Only relations of these types: ${Object.keys(relationTypes).join(', ')}.`,
      },
      at: atParameter,
    },
    answers: {
      200: {
        about: 'The drawing.',
        schema: { type: 'object' },
        types: ['application/json', 'text/vnd.graphviz', 'text/vnd.mermaid'],
      },
    },
    handle: async ({ parameters }, services) => {
      const { items, inside, format, depth, at } = parameters;
      if ((inside === undefined) === (items.length === 0))
        throw badField('items', 'either items or inside must be given');
      const inventory = await inventoryAt(services, at);
      const classes = classesOf('class', parameters.class);
      const types = checked('type', parameters.type, isRelationType, Object.keys(relationTypes));
      const options = {
        ...(classes.length === 0 ? {} : { classes }),
        ...(types.length === 0 ? {} : { types }),
        ...(depth === undefined ? {} : { depth }),
      };
      const part =
        inside === undefined
          ? neighbourhoodOf(inventory, idsOf('items', items), options)
          : insideOf(inventory, itemIn(inventory, inside).id, options);
      if (format === 'dot') return { text: toDot(draw(inventory, part)), type: 'text/vnd.graphviz; charset=utf-8' };
      if (format === 'mermaid')
        return { text: toMermaid(draw(inventory, part)), type: 'text/vnd.mermaid; charset=utf-8' };
      return {
        json: { items: part.items.map(itemRef), relations: part.relations.map(relationView), left_out: part.leftOut },
      };
    },
  }),
];

function idsOf(field: string, texts: readonly string[]): readonly number[] {
  return texts.map((text) => {
    const id = /^\d{1,10}$/.test(text) ? Number(text) : 0;
    if (id >= 1 && id <= 2_147_483_647) return id;
    throw badField(field, `must be numbers of items, got ${JSON.stringify(text.slice(0, 80))}`);
  });
}
