import { badField, notFound } from '../../../../kit/api/api-error.ts';
import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import { findDrift } from '../../expectations/drift.ts';
import type { Expectations } from '../../expectations/expectation.ts';
import { conflictsOfItem } from '../../expectations/item-conflicts.ts';
import { type PlannedServer, planRollout, type RolloutPlan } from '../../expectations/rollout.ts';
import { atParameter, inventoryAt } from '../inventory-at.ts';
import type { CmdbServices } from '../services.ts';
import { itemRef, type View } from '../views.ts';

export type DriftServices = Pick<CmdbServices, 'store' | 'clock' | 'expectations' | 'isUnderMaintenance'>;

const route = routeOf<DriftServices>();
const tag = 'Drift';

export const driftRoutes: readonly Route<DriftServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/drift',
    tag,
    id: 'listDrift',
    access: 'reader',
    summary: 'Lists in what items are not as recorded or expected.',
    parameters: {
      aspect: {
        in: 'query',
        type: 'text',
        maxLength: 63,
        about: 'Only what differs in this: serial, slot, gpu_count, state, seen, or an attribute.',
      },
      item: { in: 'query', type: 'integer', min: 1, max: 2_147_483_647, about: 'Only this item.' },
      limit: { in: 'query', type: 'integer', min: 1, max: 10_000, default: 1000, about: 'How much is listed.' },
      at: atParameter,
    },
    answers: {
      200: {
        about: 'Items with what was expected and what is.',
        schema: listSchema('drift', { type: 'object' }, { total: { type: 'integer' } }),
      },
    },
    handle: async ({ parameters: { aspect, item, limit, at } }, services) => {
      const inventory = await inventoryAt(services, at);
      const conflictsOf = (id: number) => conflictsOfItem(inventory, id);
      const all = findDrift(inventory, { expectations: services.expectations(), conflictsOf }).filter(
        (each) => (aspect ?? each.aspect) === each.aspect && (item ?? each.item.id) === each.item.id,
      );
      const drift = all.slice(0, limit).map(({ item: found, aspect: what, expected, actual }) => ({
        item: itemRef(found),
        aspect: what,
        expected,
        actual,
      }));
      return { json: { drift, total: all.length } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/rollout',
    tag,
    id: 'planRollout',
    access: 'reader',
    summary: 'Tells which servers are behind a baseline, and in which batches they may be updated.',
    parameters: {
      expectation: {
        in: 'query',
        type: 'integer',
        min: 0,
        max: 9999,
        about: 'Which one of `expectations` in the configuration, from 0. Not needed where only one has a baseline.',
      },
      canary: {
        in: 'query',
        type: 'integer',
        min: 0,
        max: 1000,
        about: 'Servers of the first batch; as configured without it.',
      },
      batch: { in: 'query', type: 'integer', min: 1, max: 10_000, about: 'Servers of each batch after it.' },
      max_per_rack: { in: 'query', type: 'integer', min: 1, max: 1000, about: 'Servers of one rack in a batch.' },
      at: atParameter,
    },
    answers: {
      200: {
        about: 'Counts, batches in their order, and servers that are left out with the reason.',
        schema: { type: 'object' },
      },
    },
    handle: async ({ parameters }, services) => {
      const { list } = services.expectations();
      const index = parameters.expectation ?? onlyBaseline(list);
      const expectation = list[index];
      if (expectation === undefined)
        throw notFound(`there is no expectation ${index}; the configuration has ${list.length}`);
      const { rollout } = expectation;
      const limits = {
        ...rollout,
        canary: parameters.canary ?? rollout.canary,
        batch: parameters.batch ?? rollout.batch,
        maxPerRack: parameters.max_per_rack ?? rollout.maxPerRack,
      };
      const inventory = await inventoryAt(services, parameters.at);
      const { isUnderMaintenance } = services;
      return { json: planView(planRollout(inventory, { ...expectation, rollout: limits }, { isUnderMaintenance })) };
    },
  }),
];

function onlyBaseline(list: Expectations['list']): number {
  const indices = list.flatMap(({ baseline }, index) => (baseline.length > 0 ? [index] : []));
  const [only, second] = indices;
  if (only === undefined) throw notFound('no expectation of the configuration has a baseline');
  if (second !== undefined) throw badField('expectation', `several have a baseline; give one of ${indices.join(', ')}`);
  return only;
}

function planView({ expectation, baseline, servers, batches, skipped, withoutServer }: RolloutPlan): View {
  return {
    expectation,
    baseline: Object.fromEntries(baseline),
    servers,
    batches: batches.map(({ number, isCanary, servers: some }) => ({
      number,
      canary: isCanary,
      servers: some.map(serverView),
    })),
    skipped: skipped.map(({ reason, ...server }) => ({ ...serverView(server), reason })),
    without_server: withoutServer,
  };
}

function serverView({ id, name, rack, tenant, group, behind }: PlannedServer): View {
  return { id, name, rack, tenant, group, behind };
}
