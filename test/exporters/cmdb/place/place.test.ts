import { clusterOf, nodeOf } from '../../../../exporters/cmdb/place/node-of.ts';
import { ownersOf, tenantsOf } from '../../../../exporters/cmdb/place/owners-of.ts';
import { placeOf, switchesOf } from '../../../../exporters/cmdb/place/place-of.ts';
import { createInventory, type ItemSketch, type RelationSketch } from '../../../support/cmdb-inventory.ts';

const items: readonly ItemSketch[] = [
  { id: 1, class: 'site' },
  { id: 2, class: 'room' },
  { id: 3, class: 'rack' },
  { id: 4, class: 'server', attributes: { rack_unit: 7 }, identities: [{ kind: 'hostname', value: 'node-4' }] },
  { id: 5, class: 'gpu', attributes: { slot: '3' } },
  { id: 6, class: 'mig_instance' },
  { id: 7, class: 'switch' },
  { id: 8, class: 'port' },
  { id: 9, class: 'nic' },
  { id: 10, class: 'cluster', name: 'train-1' },
  { id: 11, class: 'namespace' },
  { id: 12, class: 'application' },
  { id: 13, class: 'tenant', name: 'blue', attributes: { cost_centre: '4711' } },
  { id: 14, class: 'tenant', name: 'green', attributes: { cost_centre: '4712' } },
  { id: 15, class: 'team' },
  { id: 16, class: 'person', attributes: { on_call: true } },
  { id: 17, class: 'person' },
  { id: 18, class: 'driver' },
  { id: 19, class: 'server', attributes: { kubernetes_node: 'k-19', node: 'n-19' } },
  { id: 20, class: 'application' },
];
const relations: readonly RelationSketch[] = [
  [2, 'located_in', 1],
  [3, 'located_in', 2],
  [4, 'located_in', 3],
  [5, 'installed_on', 4],
  [6, 'part_of', 5],
  [9, 'installed_on', 4],
  [8, 'part_of', 7],
  [7, 'located_in', 3],
  [8, 'connected_to', 9],
  [4, 'part_of', 10],
  [11, 'part_of', 10],
  [12, 'part_of', 11],
  [11, 'owned_by', 13],
  [12, 'runs_on', 4],
  [17, 'part_of', 15],
  [16, 'part_of', 15],
  [10, 'owned_by', 15],
  [18, 'installed_on', 4],
  [19, 'located_in', 2],
  [20, 'runs_on', 4],
  [20, 'runs_on', 19],
];
const inventory = createInventory(items, relations);

test('a MIG instance is where its GPU is, and that where its server is', () => {
  const place = placeOf(inventory, 6);
  expect(idsOf(place)).toEqual({ site: 1, room: 2, rack: 3, server: 4, chassis: undefined, switch: undefined });
  expect(place.unit).toBe('7');
});

test('a place and a server are where they are themselves', () => {
  expect(idsOf(placeOf(inventory, 4))).toMatchObject({ server: 4 });
  expect(idsOf(placeOf(inventory, 2))).toMatchObject({ site: 1, room: 2, rack: undefined });
  expect(idsOf(placeOf(inventory, 8))).toMatchObject({ switch: 7, rack: 3, server: undefined });
});

test('an application is where all of its servers are', () => {
  expect(idsOf(placeOf(inventory, 12))).toMatchObject({ server: 4, rack: 3 });
  expect(idsOf(placeOf(inventory, 20))).toMatchObject({ server: undefined, rack: undefined, room: 2, site: 1 });
});

test('a driver is nowhere', () => {
  expect(Object.values(idsOf(placeOf(inventory, 18))).every((id) => id === undefined)).toBe(true);
});

test('places in a ring end', () => {
  const ring = createInventory(
    [
      { id: 1, class: 'rack' },
      { id: 2, class: 'room' },
    ],
    [
      [1, 'located_in', 2],
      [2, 'located_in', 1],
    ],
  );
  expect(idsOf(placeOf(ring, 1))).toMatchObject({ rack: 1, room: 2 });
  expect(idsOf(placeOf(ring, 99))).toMatchObject({ rack: undefined });
});

test('a chain of thousands of parts does no harm', () => {
  const chain = range(1, 20_000);
  const inside = createInventory(
    chain.map((id): ItemSketch => ({ id, class: 'rack' })),
    chain.slice(1).flatMap((id): RelationSketch[] => [
      [id, 'located_in', id - 1],
      [id, 'part_of', id - 1],
    ]),
  );
  expect(idsOf(placeOf(inside, 20_000))).toMatchObject({ rack: 20_000 });
  expect([tenantsOf(inside, 20_000), ownersOf(inside, 20_000).team, clusterOf(inside, 20_000)]).toEqual([
    [],
    undefined,
    undefined,
  ]);
});

test.each([
  [4, [7]],
  [9, [7]],
  [19, []],
])('switches of %i: %p', (id, switches) => {
  expect(switchesOf(inventory, id).map((one) => one.id)).toEqual(switches);
});

test('the node is that of the attribute, else of Kubernetes, else the host name', () => {
  expect([4, 5, 6, 9, 19, 3].map((id) => nodeOf(inventory, id))).toEqual([
    'node-4',
    'node-4',
    'node-4',
    'node-4',
    'n-19',
    undefined,
  ]);
  const bare = createInventory([{ id: 1, class: 'server', attributes: { kubernetes_node: 'k-1', node: '' } }]);
  expect(nodeOf(bare, 1)).toBe('k-1');
});

test('the cluster is its own, or that of the namespace, or of the server', () => {
  expect([4, 5, 11, 12, 10, 19].map((id) => clusterOf(inventory, id))).toEqual([
    ...Array(5).fill('train-1'),
    undefined,
  ]);
});

describe('owners', () => {
  test('an application belongs to the tenant of its namespace, and so does what it runs on', () => {
    expect([12, 4, 5, 6].map((id) => tenantsOf(inventory, id).map(({ name }) => name))).toEqual(
      Array(4).fill(['blue']),
    );
  });

  test('an owner comes before users', () => {
    const owned = createInventory(items, [...relations, [4, 'owned_by', 14]]);
    expect([4, 5, 12].map((id) => tenantsOf(owned, id).map(({ name }) => name))).toEqual([
      ['green'],
      ['green'],
      ['blue'],
    ]);
  });

  test('what two tenants use belongs to both, and has no cost centre of one', () => {
    const shared = createInventory(items, [...relations, [20, 'owned_by', 14]]);
    expect(ownersOf(shared, 4)).toMatchObject({
      tenants: [{ name: 'blue' }, { name: 'green' }],
      costCentre: undefined,
    });
    expect(ownersOf(shared, 12).costCentre).toBe('4711');
  });

  test('the team is that of the cluster, and the person who is on call', () => {
    expect(ownersOf(inventory, 5)).toMatchObject({ team: { id: 15 }, person: { id: 16 } });
  });

  test('the team of the item itself is nearer', () => {
    const near = createInventory(
      [...items, { id: 30, class: 'team' }, { id: 31, class: 'person' }],
      [...relations, [4, 'owned_by', 30], [4, 'owned_by', 31]],
    );
    expect(ownersOf(near, 5)).toMatchObject({ team: { id: 30 }, person: { id: 31 } });
  });

  test('a team may stand between an item and its tenant', () => {
    const between = createInventory(
      [
        { id: 1, class: 'server' },
        { id: 2, class: 'team' },
        { id: 3, class: 'tenant', name: 'red' },
      ],
      [
        [1, 'owned_by', 2],
        [2, 'owned_by', 3],
      ],
    );
    expect(tenantsOf(between, 1).map(({ name }) => name)).toEqual(['red']);
  });

  test('a driver belongs to nobody, and rings end', () => {
    expect(tenantsOf(inventory, 18)).toEqual([]);
    const ring = createInventory(
      [
        { id: 1, class: 'application' },
        { id: 2, class: 'application' },
        { id: 3, class: 'team' },
      ],
      [
        [1, 'part_of', 2],
        [2, 'part_of', 1],
        [1, 'runs_on', 2],
        [2, 'runs_on', 1],
        [3, 'owned_by', 3],
      ],
    );
    expect([tenantsOf(ring, 1), ownersOf(ring, 2).team, clusterOf(ring, 1)]).toEqual([[], undefined, undefined]);
  });

  test('what has changed is seen at the next revision', () => {
    const later = createInventory(
      items,
      relations.filter(([from]) => from !== 11),
    );
    let current = inventory;
    const changing = new Proxy(inventory, {
      get: (_, key) => (key === 'revision' ? (current === inventory ? 1 : 2) : Reflect.get(current, key)),
    });
    expect(tenantsOf(changing, 5).length).toBe(1);
    current = later;
    expect(tenantsOf(changing, 5).length).toBe(0);
  });
});

function idsOf({ unit: _unit, ...places }: ReturnType<typeof placeOf>): Readonly<Record<string, number | undefined>> {
  return Object.fromEntries(Object.entries(places).map(([key, item]) => [key, item?.id]));
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
