import { dependenciesOf } from '../../../../exporters/cmdb/impact/depends.ts';
import { createInventory, type ItemSketch, type RelationSketch } from '../../../support/cmdb-inventory.ts';

const inventory = createInventory(
  [
    { id: 1, class: 'server', attributes: { min_up: 2 } },
    { id: 2, class: 'pdu' },
    { id: 3, class: 'pdu' },
    { id: 4, class: 'pdu' },
    { id: 5, class: 'power_feed' },
    { id: 6, class: 'rack' },
    { id: 7, class: 'room' },
  ],
  [
    [1, 'powered_by', 2],
    [1, 'powered_by', 3],
    [1, 'powered_by', 4],
    [2, 'powered_by', 5],
    [3, 'powered_by', 5],
    [4, 'powered_by', 5],
    [1, 'located_in', 6],
    [6, 'located_in', 7],
  ],
);

test('shows what it needs, how far away that is, and how much of it must remain', () => {
  const answer = dependenciesOf(inventory, 1);
  expect(answer?.needs.map(({ item, depth }) => [item.id, depth])).toEqual([
    [1, 0],
    [6, 1],
    [2, 1],
    [3, 1],
    [4, 1],
    [7, 2],
    [5, 2],
  ]);
  expect(
    answer?.needs[0]?.groups.map((group) => ({ ...group, providers: group.providers.map(({ id }) => id) })),
  ).toEqual([
    { name: 'place', providers: [6], size: 1, minUp: 1, isRedundant: false },
    { name: 'power', providers: [2, 3, 4], size: 3, minUp: 2, isRedundant: true },
  ]);
  expect(answer?.isTruncated).toBe(false);
});

test('goes so deep, and lists so many', () => {
  expect(dependenciesOf(inventory, 1, { depth: 1 })?.needs.map(({ item }) => item.id)).toEqual([1, 6, 2, 3, 4]);
  expect(dependenciesOf(inventory, 1, { limit: 3 })).toMatchObject({ isTruncated: true, needs: { length: 3 } });
  expect(dependenciesOf(inventory, 1, { limit: 7 })).toMatchObject({ isTruncated: false, needs: { length: 7 } });
});

test('of an item that is not there nothing is known', () => {
  expect(dependenciesOf(inventory, 99)).toBeUndefined();
});

test('ends on a ring', () => {
  const ring = createInventory(
    [
      { id: 1, class: 'application' },
      { id: 2, class: 'application' },
    ],
    [
      [1, 'depends_on', 2],
      [2, 'depends_on', 1],
    ],
  );
  expect(dependenciesOf(ring, 1)?.needs.map(({ item }) => item.id)).toEqual([1, 2]);
});

test('shows the many members of a cluster and does not follow them', () => {
  const servers = Array.from({ length: 200 }, (_, index): ItemSketch => ({ id: index + 10, class: 'server' }));
  const cluster = createInventory(
    [{ id: 1, class: 'cluster' }, ...servers],
    servers.map(({ id }): RelationSketch => [id, 'part_of', 1]),
  );
  const answer = dependenciesOf(cluster, 1);
  expect(answer?.needs.map(({ item }) => item.id)).toEqual([1]);
  expect(answer?.needs[0]?.groups).toMatchObject([
    { name: 'members: server', size: 200, minUp: 1, providers: { length: 100 } },
  ]);
});

test('follows the few members of a storage system', () => {
  const storage = createInventory(
    [
      { id: 1, class: 'storage' },
      { id: 2, class: 'server' },
      { id: 3, class: 'rack' },
    ],
    [
      [2, 'part_of', 1],
      [2, 'located_in', 3],
    ],
  );
  expect(dependenciesOf(storage, 1)?.needs.map(({ item }) => item.id)).toEqual([1, 2, 3]);
});
