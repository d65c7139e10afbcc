import { type RootCauses, rootCauses } from '../../../../exporters/cmdb/impact/root-cause.ts';
import { fleetInventory, largeFleet } from '../../../support/cmdb-fleet.ts';
import { createInventory, type ItemSketch, type RelationSketch } from '../../../support/cmdb-inventory.ts';

/** Two racks of one room, ten servers each, on two PDUs a rack; servers 101 to 110 and 201 to 210. */
const servers = [1, 2].flatMap((rack) => Array.from({ length: 10 }, (_, index) => rack * 100 + index + 1));
const items: readonly ItemSketch[] = [
  { id: 1, class: 'rack' },
  { id: 2, class: 'rack' },
  { id: 3, class: 'room' },
  { id: 4, class: 'driver' },
  ...[11, 12, 21, 22].map((id): ItemSketch => ({ id, class: 'pdu' })),
  ...servers.map((id): ItemSketch => ({ id, class: 'server' })),
];
const relations: readonly RelationSketch[] = [
  [1, 'located_in', 3],
  [2, 'located_in', 3],
  ...servers.flatMap((id): RelationSketch[] => {
    const rack = Math.floor(id / 100);
    return [
      [id, 'located_in', rack],
      [id, 'powered_by', rack * 10 + 1],
      [id, 'powered_by', rack * 10 + 2],
      [4, 'installed_on', id],
    ];
  }),
];
const inventory = createInventory(items, relations);

test('all servers of a rack are down: it is the rack, not the room, not a PDU, not the driver', () => {
  const causes = ask(servers.filter((id) => id < 200));
  expect(causes.candidates[0]).toMatchObject({
    item: { id: 1 },
    score: 1,
    recall: 1,
    precision: 1,
    leftOut: [],
    silentCount: 0,
  });
  expect(causes.candidates.slice(1).map(({ item }) => item.id)).toEqual(expect.arrayContaining([3, 4, 11, 12]));
  expect(causes).toMatchObject({ unexplained: [], isIncomplete: false });
});

test('servers that have lost a part of their power point to a PDU', () => {
  const causes = rootCauses(
    inventory,
    servers.filter((id) => id < 200).map((id) => ({ id, state: 'degraded' as const })),
  );
  expect(causes.candidates.slice(0, 2).map(({ item, score }) => [item.id, score])).toEqual([
    [11, 1],
    [12, 1],
  ]);
});

test('servers of both racks point to what both share, the smaller of those first', () => {
  const causes = ask(servers);
  expect(causes.candidates.slice(0, 2).map(({ item, score, affected }) => [item.id, score, affected])).toEqual([
    [4, 1, 21],
    [3, 1, 23],
  ]);
});

test('of equal explanations the one that would break least else is likelier, even if it is farther away', () => {
  const controllers = range(61, 70).map((id): ItemSketch => ({ id, class: 'bmc' }));
  const small = createInventory(
    [
      { id: 1, class: 'rack' },
      { id: 2, class: 'pdu' },
      { id: 3, class: 'power_supply' },
      { id: 4, class: 'power_supply' },
      { id: 5, class: 'server' },
      { id: 6, class: 'server' },
      ...controllers,
    ],
    [
      [5, 'located_in', 1],
      [6, 'located_in', 1],
      [3, 'installed_on', 5],
      [4, 'installed_on', 6],
      [3, 'powered_by', 2],
      [4, 'powered_by', 2],
      ...controllers.map(({ id }): RelationSketch => [id, 'located_in', 1]),
    ],
  );
  const { candidates } = rootCauses(small, [{ id: 5 }, { id: 6 }]);
  expect(candidates.slice(0, 2).map(({ item, score, distance }) => [item.id, score, distance])).toEqual([
    [2, 1, 2],
    [1, 1, 1],
  ]);
});

test('an alert with another cause is left out, and told', () => {
  const causes = ask([...servers.filter((id) => id < 200), 205]);
  expect(causes.candidates[0]).toMatchObject({ item: { id: 1 }, precision: 1, leftOut: [{ id: 205 }] });
  expect(causes.explanation.map(({ item }) => item.id)).toEqual([1]);
  expect(causes.unexplained.map(({ id }) => id)).toEqual([205]);
});

test('what should alert and does not speaks against a candidate', () => {
  const [first] = ask(servers.filter((id) => id < 108)).candidates;
  expect(first).toMatchObject({ item: { id: 1 }, recall: 1, precision: 0.7, silentCount: 3 });
  expect(first?.silent.map(({ id }) => id)).toEqual([108, 109, 110]);
});

test('two causes at once are both found', () => {
  const third: ItemSketch[] = [
    { id: 5, class: 'rack' },
    ...range(301, 310).map((id): ItemSketch => ({ id, class: 'server' })),
  ];
  const three = createInventory(
    [...items, ...third],
    [...relations, ...range(301, 310).map((id): RelationSketch => [id, 'located_in', 5])],
  );
  const alerts = [...range(101, 110), ...range(301, 310)].map((id) => ({ id }));
  const { explanation, unexplained } = rootCauses(three, alerts);
  expect(explanation.map(({ item }) => item.id).sort()).toEqual([1, 5]);
  expect(unexplained).toEqual([]);
});

test('a cause that alerts itself explains itself', () => {
  const causes = ask([1, ...servers.filter((id) => id < 200)]);
  expect(causes.candidates[0]).toMatchObject({ item: { id: 1 }, score: 1 });
});

test('one alert alone is explained by the item itself', () => {
  expect(ask([101]).candidates[0]).toMatchObject({ item: { id: 101 }, score: 1, affected: 1 });
});

test.each([[[]], [[999]]])('of %p nothing is concluded', (ids) => {
  expect(ask(ids)).toMatchObject({ candidates: [], explanation: [], unexplained: [], unknown: ids });
});

test('the order of alerts does not matter, nor does it that one comes twice', () => {
  const some = [...servers.filter((id) => id < 200), 205];
  expect(plain(ask([...some.toReversed(), 205]))).toEqual(plain(ask(some)));
});

describe('a large fleet', () => {
  const fleet = fleetInventory(largeFleet);
  const nodes = (count: number): readonly { readonly id: number }[] =>
    range(0, count - 1).map((node) => ({ id: fleet.idOf(`node-${node}`) }));

  test('interfaces of one rail point to its switch', () => {
    const alerts = range(0, 31).map((node) => ({ id: fleet.idOf(`node-${node}/nic3`) }));
    expect(rootCauses(fleet.inventory, alerts).candidates[0]).toMatchObject({
      item: { name: 'leaf-b0-rail3' },
      score: 1,
    });
  });

  test('the work is bounded, whatever alerts', () => {
    const causes = rootCauses(fleet.inventory, nodes(1250));
    expect(causes.needsVisited).toBeLessThan(25_000_000);
    expect(causes.isIncomplete).toBe(true);
  });
});

function ask(ids: readonly number[]): RootCauses {
  return rootCauses(
    inventory,
    ids.map((id) => ({ id })),
  );
}

function plain({ candidates, explanation, unexplained }: RootCauses): unknown {
  return [
    candidates.map(({ item, score }) => [item.id, score]),
    explanation.map(({ item }) => item.id),
    unexplained.map(({ id }) => id),
  ];
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
