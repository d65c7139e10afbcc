import { singlePoints } from '../../../../exporters/cmdb/impact/single-points.ts';
import { fleetInventory, largeFleet } from '../../../support/cmdb-fleet.ts';
import { createInventory, type ItemSketch, type RelationSketch } from '../../../support/cmdb-inventory.ts';

const items: readonly ItemSketch[] = [
  { id: 1, class: 'pdu' },
  { id: 2, class: 'pdu' },
  { id: 3, class: 'pdu' },
  { id: 4, class: 'rack' },
  { id: 5, class: 'driver' },
  ...[11, 12, 13, 21, 22].map((id): ItemSketch => ({ id, class: 'server' })),
];
const relations: readonly RelationSketch[] = [
  // Three on one PDU, two on two.
  ...[11, 12, 13].map((id): RelationSketch => [id, 'powered_by', 1]),
  ...[21, 22].flatMap((id): RelationSketch[] => [
    [id, 'powered_by', 2],
    [id, 'powered_by', 3],
  ]),
  ...[11, 12, 13, 21, 22].flatMap((id): RelationSketch[] => [
    [id, 'located_in', 4],
    [5, 'installed_on', id],
  ]),
];

test('finds the only PDU of three servers, not the two of the others, not the rack, not the driver', () => {
  const { points, total, tried } = singlePoints(createInventory(items, relations));
  expect(points.map(({ item, servers }) => [item.id, servers])).toEqual([[1, { down: 3, degraded: 0 }]]);
  expect([total, tried]).toEqual([1, 3]);
});

test('places and software count when they are asked for', () => {
  const { points } = singlePoints(createInventory(items, relations), { classes: ['rack', 'driver', 'pdu'] });
  expect(points.map(({ item, servers }) => [item.id, servers.down])).toEqual([
    [4, 5],
    [5, 5],
    [1, 3],
  ]);
});

test('so many must go down', () => {
  expect(singlePoints(createInventory(items, relations), { atLeast: 4 }).points).toEqual([]);
});

test('what has failed already makes its partner a single point', () => {
  const failed = items.map((item): ItemSketch => (item.id === 2 ? { ...item, state: 'failed' } : item));
  expect(singlePoints(createInventory(failed, relations)).points.map(({ item }) => item.id)).toEqual([1, 3]);
});

test('lists so many and counts all', () => {
  const { points, total } = singlePoints(createInventory(items, relations), {
    classes: ['rack', 'driver', 'pdu'],
    limit: 1,
  });
  expect([points.length, total]).toEqual([1, 3]);
});

test('a large fleet is tried whole, with bounded work', () => {
  const { inventory } = fleetInventory(largeFleet);
  const answer = singlePoints(inventory);
  expect(answer.points[0]).toMatchObject({ item: { name: 'lustre-1' }, servers: { down: 1250 } });
  expect(answer).toMatchObject({ isIncomplete: false });
  expect(answer.needsVisited).toBeLessThan(5_000_000);
});
