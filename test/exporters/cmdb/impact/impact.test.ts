import fc from 'fast-check';
import { graphOf } from '../../../../exporters/cmdb/impact/compile-graph.ts';
import { type Impact, impactOf } from '../../../../exporters/cmdb/impact/impact.ts';
import type { AttributeValue } from '../../../../exporters/cmdb/model/item.ts';
import { type ItemClass, itemClasses } from '../../../../exporters/cmdb/model/item-class.ts';
import { type RelationType, relationTypes } from '../../../../exporters/cmdb/model/relation-type.ts';
import { lifecycleStates } from '../../../../exporters/cmdb/model/state.ts';
import { fleetInventory, largeFleet, topSwitch } from '../../../support/cmdb-fleet.ts';
import { createInventory, type ItemSketch, type RelationSketch } from '../../../support/cmdb-inventory.ts';

/** A server 10 with so many of the class, which it needs by the relation. */
function ring(count: number, minUp: AttributeValue | undefined): ReturnType<typeof createInventory> {
  const pdus = Array.from({ length: count }, (_, index): ItemSketch => ({ id: index + 1, class: 'pdu' }));
  const attributes = minUp === undefined ? {} : { min_up: minUp };
  return createInventory(
    [...pdus, { id: 10, class: 'server', attributes }],
    pdus.map(({ id }) => [10, 'powered_by', id]),
  );
}

test.each<[count: number, minUp: AttributeValue | undefined, failed: number, state: string | undefined]>([
  [2, undefined, 1, 'degraded'],
  [2, undefined, 2, 'down'],
  [1, undefined, 1, 'down'],
  [4, 3, 1, 'degraded'],
  [4, 3, 2, 'down'],
  [4, '3', 2, 'down'],
  [4, 'all', 1, 'down'],
  [2, 9, 1, 'down'],
  [2, 0, 2, 'degraded'],
  [2, -1, 1, 'degraded'],
  [2, 1.5, 1, 'degraded'],
  [2, 'many', 2, 'down'],
  [2, Number.NaN, 1, 'degraded'],
])('%i PDUs, min_up %p, %i fail: %s', (count, minUp, failed, state) => {
  const ids = Array.from({ length: failed }, (_, index) => index + 1);
  expect(stateOf(impactOf(ring(count, minUp), ids), 10)).toBe(state);
});

test('attributes for one group leave the others alone', () => {
  const inventory = createInventory(
    [
      { id: 1, class: 'server', attributes: { min_up_gpu: 8 } },
      ...Array.from({ length: 8 }, (_, index): ItemSketch => ({ id: index + 2, class: 'gpu' })),
      { id: 20, class: 'pdu' },
      { id: 21, class: 'pdu' },
    ],
    [
      ...Array.from({ length: 8 }, (_, index): RelationSketch => [index + 2, 'installed_on', 1]),
      [1, 'powered_by', 20],
      [1, 'powered_by', 21],
    ],
  );
  expect(stateOf(impactOf(inventory, [20]), 1)).toBe('degraded');
  expect(stateOf(impactOf(inventory, [2]), 1)).toBe('down');
});

test('of its GPUs and of its servers an application needs some each', () => {
  const items: ItemSketch[] = [
    { id: 1, class: 'application' },
    { id: 2, class: 'server' },
    { id: 3, class: 'gpu' },
    { id: 4, class: 'gpu' },
  ];
  const inventory = createInventory(items, [
    [1, 'runs_on', 2],
    [1, 'runs_on', 3],
    [1, 'runs_on', 4],
  ]);
  expect(stateOf(impactOf(inventory, [3]), 1)).toBe('degraded');
  expect(stateOf(impactOf(inventory, [3, 4]), 1)).toBe('down');
});

test('degraded goes on to what runs there and to what depends on it, and no further', () => {
  const inventory = createInventory(
    [
      { id: 1, class: 'gpu' },
      { id: 2, class: 'gpu' },
      { id: 3, class: 'server' },
      { id: 4, class: 'application' },
      { id: 5, class: 'application' },
      { id: 6, class: 'cluster' },
      { id: 7, class: 'disk' },
    ],
    [
      [1, 'installed_on', 3],
      [2, 'installed_on', 3],
      [4, 'runs_on', 3],
      [5, 'depends_on', 4],
      [3, 'part_of', 6],
      [7, 'installed_on', 3],
    ],
  );
  const impact = impactOf(inventory, [1]);
  expect(impact.affected.map(({ item, state, distance }) => [item.id, state, distance])).toEqual([
    [1, 'down', 0],
    [3, 'degraded', 1],
    [4, 'degraded', 2],
    [5, 'degraded', 3],
  ]);
  expect(impact.affected.at(-1)?.path.map(({ item, because }) => [item.id, because?.group])).toEqual([
    [1, undefined],
    [3, 'parts: gpu'],
    [4, 'runs on: server'],
    [5, 'dependency'],
  ]);
  expect(impact.affected[1]?.path.at(-1)?.because).toEqual({ group: 'parts: gpu', lost: 1, size: 2, minUp: 1 });
});

test('a cable that two sources tell, or from both ends, is one cable', () => {
  const items: ItemSketch[] = [
    { id: 1, class: 'nic', attributes: { min_up_link: 2 } },
    { id: 2, class: 'port' },
    { id: 3, class: 'port' },
  ];
  const twice: RelationSketch[] = [
    [1, 'connected_to', 2],
    [2, 'connected_to', 1],
    [1, 'connected_to', 2],
    [1, 'connected_to', 3],
  ];
  const impact = impactOf(createInventory(items, twice), [3]);
  expect(impact.affected.at(-1)).toMatchObject({ item: { id: 1 }, state: 'down', path: { length: 2 } });
  expect(impact.affected.at(-1)?.path.at(-1)?.because).toMatchObject({ lost: 1, size: 2, minUp: 2 });
});

describe('what has failed already', () => {
  const items: ItemSketch[] = [
    { id: 1, class: 'pdu', state: 'failed' },
    { id: 2, class: 'pdu' },
    { id: 3, class: 'server' },
  ];
  const inventory = createInventory(items, [
    [3, 'powered_by', 1],
    [3, 'powered_by', 2],
  ]);

  test('is no help to others', () => {
    expect(stateOf(impactOf(inventory, [2]), 3)).toBe('down');
  });

  test('may be left out of account', () => {
    expect(stateOf(impactOf(inventory, [2], { withFailed: false }), 3)).toBe('degraded');
  });

  test('can be asked about, and then tells what it has done', () => {
    expect(stateOf(impactOf(inventory, [1]), 3)).toBe('degraded');
  });

  test('does not count as hit by what fails now', () => {
    expect(impactOf(inventory, [2]).affected.map(({ item }) => item.id)).toEqual([2, 3]);
  });
});

test('counts by class and by tenant, a shared server for each of its users', () => {
  const inventory = createInventory(
    [
      { id: 1, class: 'rack' },
      { id: 2, class: 'server' },
      { id: 3, class: 'gpu' },
      { id: 4, class: 'application' },
      { id: 5, class: 'application' },
      { id: 6, class: 'namespace' },
      { id: 7, class: 'tenant', name: 'blue' },
      { id: 8, class: 'tenant', name: 'green' },
      { id: 9, class: 'server' },
    ],
    [
      [2, 'located_in', 1],
      [9, 'located_in', 1],
      [3, 'installed_on', 2],
      [4, 'runs_on', 2],
      [5, 'runs_on', 2],
      [4, 'part_of', 6],
      [6, 'owned_by', 7],
      [5, 'owned_by', 8],
    ],
  );
  const { classes, tenants } = impactOf(inventory, [1]);
  expect(classes).toEqual([
    { class: 'application', down: 2, degraded: 0 },
    { class: 'server', down: 2, degraded: 0 },
    { class: 'gpu', down: 1, degraded: 0 },
    { class: 'rack', down: 1, degraded: 0 },
  ]);
  const one = { down: 1, degraded: 0 };
  const none = { down: 0, degraded: 0 };
  expect(tenants.map(({ tenant, ...counts }) => [tenant?.name, counts])).toEqual([
    ['blue', { servers: one, gpus: one, applications: one }],
    ['green', { servers: one, gpus: one, applications: one }],
    [undefined, { servers: one, gpus: none, applications: none }],
  ]);
});

test('lists so many, counts all, and says so', () => {
  const servers = Array.from({ length: 50 }, (_, index): ItemSketch => ({ id: index + 2, class: 'server' }));
  const inventory = createInventory(
    [{ id: 1, class: 'rack' }, ...servers],
    servers.map(({ id }) => [id, 'located_in', 1]),
  );
  const impact = impactOf(inventory, [1], { limit: 10 });
  expect([impact.affected.length, impact.isTruncated, impact.down]).toEqual([10, true, 51]);
  expect(impactOf(inventory, [1], { limit: 51 }).isTruncated).toBe(false);
});

test('the middle of a very long chain is left out', () => {
  const chain = Array.from({ length: 100 }, (_, index): ItemSketch => ({ id: index + 1, class: 'application' }));
  const inventory = createInventory(
    chain,
    chain.slice(1).map(({ id }) => [id, 'depends_on', id - 1]),
  );
  const last = impactOf(inventory, [1]).affected.at(-1);
  expect(last?.distance).toBe(99);
  expect(last?.path.map(({ item }) => item.id)).toEqual([...range(1, 16), ...range(85, 100)]);
  expect(last?.path[16]?.because).toBeUndefined();
});

test('numbers of no item are told', () => {
  expect(impactOf(createInventory([{ id: 1, class: 'rack' }]), [1, 99])).toMatchObject({ unknown: [99], down: 1 });
});

test('the graph is laid out once for each revision', () => {
  const [one, same] = [createInventory([{ id: 1, class: 'rack' }]), createInventory([{ id: 1, class: 'rack' }])];
  expect(graphOf(one)).toBe(graphOf(one));
  expect(graphOf(one)).not.toBe(graphOf(same));
  let revision = 1;
  const changing = {
    ...one,
    get revision() {
      return revision;
    },
  };
  const before = graphOf(changing);
  revision = 2;
  expect(graphOf(changing)).not.toBe(before);
});

describe('a large fleet', () => {
  const { inventory, idOf } = fleetInventory(largeFleet);

  test('is as large as it is meant to be', () => {
    expect(inventory.size).toBeGreaterThan(50_000);
    expect([...inventory.relations()].length).toBeGreaterThan(200_000);
  });

  test('one core switch of four costs uplinks, all four cost everything behind them', () => {
    const one = impactOf(inventory, [idOf(topSwitch)]);
    expect(one.classes.find(({ class: itemClass }) => itemClass === 'server')).toBeUndefined();
    const all = impactOf(
      inventory,
      [1, 2, 3, 4].map((core) => idOf(`core-${core}`)),
    );
    expect(all.classes.find(({ class: itemClass }) => itemClass === 'server')).toEqual({
      class: 'server',
      down: 1250,
      degraded: 0,
    });
    expect(all.tenants.length).toBe(40);
  });

  test('looks at each need twice at most, whatever fails', () => {
    const { needCount } = graphOf(inventory);
    const site = impactOf(inventory, [idOf('fra1')]);
    expect(site.down).toBeGreaterThan(50_000);
    expect(site.needsVisited).toBeLessThanOrEqual(2 * needCount);
    expect(impactOf(inventory, [idOf(topSwitch)]).needsVisited).toBeLessThan(5000);
  });
});

describe('any inventory', () => {
  const size = 12;
  const item = fc.record({
    class: fc.constantFrom(...(Object.keys(itemClasses) as ItemClass[])),
    state: fc.constantFrom(...(Object.keys(lifecycleStates) as (keyof typeof lifecycleStates)[])),
    attributes: fc.record({
      role: fc.constantFrom('leaf', 'spine', 'core', 'management', 'x'),
      min_up: fc.constantFrom<AttributeValue>(0, 1, 2, 'all'),
    }),
  });
  const items = fc
    .array(item, { minLength: size, maxLength: size })
    .map((all) => all.map((one, index): ItemSketch => ({ ...one, id: index + 1 })));
  const id = fc.integer({ min: 1, max: size });
  const relations = fc.array(fc.tuple(id, fc.constantFrom(...(Object.keys(relationTypes) as RelationType[])), id), {
    maxLength: 40,
  });

  test('more failures never affect less, and cycles end', () => {
    fc.assert(
      fc.property(items, relations, fc.uniqueArray(id), fc.uniqueArray(id), (sketches, sentences, some, more) => {
        const inventory = createInventory(sketches, sentences);
        const few = statesOf(impactOf(inventory, some));
        const many = statesOf(impactOf(inventory, [...some, ...more]));
        for (const [one, state] of few) expect(['down', state]).toContain(many.get(one));
      }),
      { numRuns: 500 },
    );
  });

  test('the order of items and relations does not matter', () => {
    fc.assert(
      fc.property(items, relations, fc.uniqueArray(id), (sketches, sentences, failed) => {
        const forwards = impactOf(createInventory(sketches, sentences), failed);
        const backwards = impactOf(createInventory(sketches.toReversed(), sentences.toReversed()), failed.toReversed());
        const plain = ({ affected, classes }: Impact): unknown => [
          affected.map(({ item: one, state, distance, path }) => [
            one.id,
            state,
            distance,
            path.map((step) => [step.item.id, step.because]),
          ]),
          classes,
        ];
        expect(plain(backwards)).toEqual(plain(forwards));
      }),
      { numRuns: 300 },
    );
  });

  test('every path begins at what failed, ends at the item and has no step twice', () => {
    fc.assert(
      fc.property(items, relations, fc.uniqueArray(id, { minLength: 1 }), (sketches, sentences, failed) => {
        for (const { item: one, path, distance } of impactOf(createInventory(sketches, sentences), failed).affected) {
          const steps = path.map((step) => step.item.id);
          expect(failed).toContain(steps[0]);
          expect(steps.at(-1)).toBe(one.id);
          expect(new Set(steps).size).toBe(steps.length);
          expect(distance).toBe(steps.length - 1);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function stateOf(impact: Impact, id: number): string | undefined {
  return statesOf(impact).get(id);
}

function statesOf({ affected }: Impact): ReadonlyMap<number, string> {
  return new Map(affected.map(({ item, state }) => [item.id, state]));
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
