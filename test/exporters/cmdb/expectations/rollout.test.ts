import fc from 'fast-check';
import { defaultRollout } from '../../../../exporters/cmdb/expectations/config.ts';
import type { Expectation, RolloutLimits } from '../../../../exporters/cmdb/expectations/expectation.ts';
import {
  type Batch,
  type PlannedServer,
  planRollout,
  type RolloutDeps,
  type RolloutPlan,
} from '../../../../exporters/cmdb/expectations/rollout.ts';
import { isLifecycleState, lifecycleStates } from '../../../../exporters/cmdb/model/state.ts';
import { inventoryOf, type PlainItem, type PlainRelation } from '../../../support/inventory-of.ts';

const expectation: Expectation = {
  where: 'expectations[0]',
  class: 'server',
  match: [],
  gpus: undefined,
  baseline: [['driver_version', '570']],
  rollout: { ...defaultRollout, minAvailable: 0 },
};
const noWindow: RolloutDeps = { isUnderMaintenance: () => false };

interface Fleet {
  readonly servers: number;
  readonly perRack?: number;
  readonly change?: (id: number) => Partial<PlainItem>;
}

/** Servers 1 to n that are all behind, so many in each rack. */
function fleet({ servers, perRack = 1, change = () => ({}) }: Fleet): ReturnType<typeof inventoryOf> {
  const items = Array.from({ length: servers }, (_, index): PlainItem => {
    const rack = `r${Math.floor(index / perRack)}`;
    const { attributes, ...others } = change(index + 1);
    return {
      id: index + 1,
      class: 'server',
      name: `n${index + 1}`,
      attributes: { driver_version: '550', rack, ...attributes },
      ...others,
    };
  });
  return inventoryOf(items);
}

function plan(given: Fleet, limits: Partial<RolloutLimits> = {}, deps = noWindow): RolloutPlan {
  const rollout = { ...expectation.rollout, ...limits };
  return planRollout(fleet(given), { ...expectation, rollout }, deps);
}

function names({ batches }: RolloutPlan): readonly (readonly string[])[] {
  return batches.map(({ servers }) => servers.map(({ name }) => name));
}

test('a canary goes first, then batches in the order of the names as people read them', () => {
  const planned = plan({ servers: 12 }, { batch: 6 });
  expect(names(planned)).toEqual([['n1'], ['n2', 'n3', 'n4', 'n5', 'n6', 'n7'], ['n8', 'n9', 'n10', 'n11', 'n12']]);
  expect(planned.batches.map(({ number, isCanary }) => [number, isCanary])).toEqual([
    [1, true],
    [2, false],
    [3, false],
  ]);
});

test('without a canary the first batch is like the others', () => {
  expect(names(plan({ servers: 3 }, { canary: 0, batch: 2 }))).toEqual([['n1', 'n2'], ['n3']]);
});

test('of one rack only so many go at once', () => {
  expect(names(plan({ servers: 4, perRack: 2 }, { canary: 0 }))).toEqual([
    ['n1', 'n3'],
    ['n2', 'n4'],
  ]);
});

test('two of one redundancy group never go at once', () => {
  const group = (id: number): Partial<PlainItem> => ({ attributes: id < 3 ? { redundancy_group: 'login' } : {} });
  expect(names(plan({ servers: 3, change: group }, { canary: 0 }))).toEqual([['n1', 'n3'], ['n2']]);
});

test('each tenant keeps its share, and servers that are away already count', () => {
  const change = (id: number): Partial<PlainItem> => ({
    attributes: { tenant: id <= 10 ? 'a' : 'b' },
    ...(id === 10 && { state: 'failed' as const }),
  });
  const planned = plan({ servers: 12, change }, { canary: 0, minAvailable: 0.8 });
  expect(names(planned)).toEqual(Array.from({ length: 9 }, (_, index) => [`n${index + 1}`]));
  expect(planned.skipped.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
    'n10 failed',
    'n11 min_available',
    'n12 min_available',
  ]);
});

test('ten servers of which nine tenths must stay can go one by one', () => {
  expect(names(plan({ servers: 10 }, { canary: 0, minAvailable: 0.9 }))).toHaveLength(10);
});

test('what is under maintenance, broken or gone is skipped with the reason; what is planned or retired is not counted', () => {
  const states: readonly Partial<PlainItem>[] = [
    { state: 'maintenance' },
    { state: 'rma' },
    { missingSince: 5 },
    {},
    { state: 'planned' },
    { state: 'retired' },
    {},
  ];
  const planned = plan(
    { servers: 7, change: (id) => states[id - 1] ?? {} },
    {},
    { isUnderMaintenance: (id) => id === 4 },
  );
  expect(planned.skipped.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
    'n1 maintenance',
    'n2 failed',
    'n3 missing',
    'n4 maintenance',
  ]);
  expect(names(planned)).toEqual([['n7']]);
  expect(planned.servers).toEqual({ total: 5, current: 0, behind: 5, unknown: 0 });
});

test('progress counts servers by how far they are', () => {
  const values: readonly (string | undefined)[] = ['570', '570', '550', undefined];
  const change = (id: number): Partial<PlainItem> => {
    const value = values[id - 1];
    return {
      state: 'in_service',
      attributes: value === undefined ? { driver_version: [] } : { driver_version: value },
    };
  };
  expect(plan({ servers: 3, change }).servers).toEqual({ total: 3, current: 2, behind: 1, unknown: 0 });
  const bare = inventoryOf([{ id: 1, class: 'server' }]);
  expect(planRollout(bare, expectation, noWindow).servers).toEqual({ total: 1, current: 0, behind: 0, unknown: 1 });
});

test('a baseline of GPUs is rolled out server by server; a spare has no server', () => {
  const gpu = (id: number): PlainItem => ({ id, class: 'gpu', attributes: { vbios_version: '1' } });
  const items: readonly PlainItem[] = [{ id: 1, class: 'server', name: 'n1' }, gpu(2), gpu(3), gpu(4)];
  const relations: readonly PlainRelation[] = [
    [2, 'installed_on', 1],
    [3, 'installed_on', 1],
  ];
  const ofGpus: Expectation = { ...expectation, class: 'gpu', baseline: [['vbios_version', '2']] };
  const planned = planRollout(inventoryOf(items, relations), ofGpus, noWindow);
  expect(names(planned)).toEqual([['n1']]);
  expect(planned.batches[0]?.servers[0]?.behind).toEqual(['vbios_version']);
  expect(planned.withoutServer).toEqual([4]);
});

test('racks and tenants are found by relation, also through the chassis, and two of one name are two', () => {
  const items: readonly PlainItem[] = [
    { id: 1, class: 'server', name: 'n1', attributes: { driver_version: '550' } },
    { id: 2, class: 'server', name: 'n2', attributes: { driver_version: '550' } },
    { id: 3, class: 'chassis' },
    { id: 4, class: 'rack', name: 'r1' },
    { id: 5, class: 'rack', name: 'r1' },
    { id: 6, class: 'tenant', name: 'a' },
  ];
  const planned = planRollout(
    inventoryOf(items, [
      [1, 'part_of', 3],
      [3, 'located_in', 4],
      [2, 'located_in', 5],
      [1, 'owned_by', 6],
    ]),
    { ...expectation, rollout: { ...expectation.rollout, canary: 0 } },
    noWindow,
  );
  expect(planned.batches[0]?.servers.map(({ rack, tenant }) => [rack, tenant])).toEqual([
    ['r1 #4', 'a #6'],
    ['r1 #5', undefined],
  ]);
});

const rarely = fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0);
const anyState = fc.constantFrom(...Object.keys(lifecycleStates).filter(isLifecycleState));
/** Most servers are behind and well, or hardly any batch would be full. */
const serverArbitrary = fc.record({
  driver: fc.constantFrom('550', '550', '550', '570', undefined),
  rack: fc.constantFrom('r1', 'r2', 'r3', undefined),
  tenant: fc.constantFrom('a', 'b', undefined),
  group: fc.constantFrom('g1', 'g2', undefined, undefined, undefined),
  state: fc.oneof({ weight: 4, arbitrary: fc.constant('in_service' as const) }, { weight: 1, arbitrary: anyState }),
  isMissing: rarely,
  isUnderMaintenance: rarely,
});
const limitsArbitrary = fc.record({
  canary: fc.integer({ min: 0, max: 3 }),
  batch: fc.integer({ min: 1, max: 6 }),
  maxPerRack: fc.integer({ min: 1, max: 3 }),
  minAvailable: fc.constantFrom(0, 0, 0.3, 0.5, 0.9),
});

type DrawnServer = typeof serverArbitrary extends fc.Arbitrary<infer S> ? S : never;
type NumberedServer = DrawnServer & { readonly id: number };

function itemOf({ driver, rack, tenant, group, state, isMissing }: DrawnServer, index: number): PlainItem {
  const attributes = { driver_version: driver, rack, tenant, redundancy_group: group };
  const known = Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  const gone = isMissing ? { missingSince: 5 } : {};
  return { id: index + 1, class: 'server', state, attributes: Object.fromEntries(known), ...gone };
}

function expectWithinLimits({ servers, isCanary }: Batch, rollout: RolloutLimits): void {
  const count = (is: (server: PlannedServer) => boolean): number => servers.filter(is).length;
  expect(servers.length).toBeGreaterThan(0);
  expect(servers.length).toBeLessThanOrEqual(isCanary ? rollout.canary : rollout.batch);
  for (const name of ['r1', 'r2', 'r3'])
    expect(count(({ rack }) => rack === name)).toBeLessThanOrEqual(rollout.maxPerRack);
  for (const name of ['g1', 'g2']) expect(count(({ group }) => group === name)).toBeLessThanOrEqual(1);
}

function expectTenantsServed({ servers }: Batch, kept: readonly NumberedServer[], minAvailable: number): void {
  for (const tenant of new Set(servers.map((each) => each.tenant))) {
    const all = kept.filter((each) => each.tenant === tenant);
    const inUse = all.filter((each) => each.state === 'in_service' && !each.isMissing && !each.isUnderMaintenance);
    const left = inUse.length - servers.filter((each) => each.tenant === tenant).length;
    expect(left).toBeGreaterThanOrEqual(all.length * minAvailable - 1e-6);
  }
}

test('every server that is behind is in one batch or skipped with a reason, and no batch breaks a limit', () => {
  fc.assert(
    fc.property(fc.array(serverArbitrary, { maxLength: 40 }), limitsArbitrary, (drawn, rollout) => {
      const items = drawn.map(itemOf);
      const deps: RolloutDeps = { isUnderMaintenance: (id) => drawn[id - 1]?.isUnderMaintenance === true };
      const planned = planRollout(inventoryOf(items), { ...expectation, rollout }, deps);
      expect(planRollout(inventoryOf(items.toReversed()), { ...expectation, rollout }, deps)).toEqual(planned);

      const numbered = drawn.map((server, index): NumberedServer => ({ ...server, id: index + 1 }));
      const kept = numbered.filter(({ state }) => state !== 'planned' && state !== 'retired');
      const behind = kept.filter(({ driver }) => driver === '550').map(({ id }) => id);
      const listed = [...planned.batches.flatMap(({ servers }) => servers), ...planned.skipped].map(({ id }) => id);
      expect(listed.toSorted((a, b) => a - b)).toEqual(behind);
      for (const batch of planned.batches) {
        expectWithinLimits(batch, rollout);
        expectTenantsServed(batch, kept, rollout.minAvailable);
      }
    }),
    { numRuns: 300 },
  );
});

test('two thousand servers in racks of sixteen are planned within seconds', () => {
  const start = process.cpuUsage().user;
  expect(plan({ servers: 2_000, perRack: 16 }, { batch: 50 }).batches.length).toBeGreaterThan(30);
  expect(process.cpuUsage().user - start).toBeLessThan(5_000_000);
});
