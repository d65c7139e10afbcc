import { overviewOf } from '../../../../exporters/cmdb/place/overview.ts';
import { createInventory } from '../../../support/cmdb-inventory.ts';

const inventory = {
  ...createInventory(
    [
      { id: 1, class: 'site', name: 'fra' },
      { id: 2, class: 'site', name: 'ber' },
      { id: 3, class: 'rack', name: 'r10' },
      { id: 4, class: 'rack', name: 'r9' },
      { id: 5, class: 'rack', name: 'b1' },
      { id: 6, class: 'server', attributes: { cluster: 'one' } },
      { id: 7, class: 'server', state: 'failed', attributes: { cluster: 'two' } },
      { id: 8, class: 'server', state: 'retired' },
      { id: 9, class: 'server', attributes: { cluster: 'one' } },
      { id: 10, class: 'gpu', state: 'maintenance' },
      { id: 11, class: 'gpu' },
    ],
    [
      [3, 'located_in', 1],
      [4, 'located_in', 1],
      [5, 'located_in', 2],
      [6, 'located_in', 3],
      [7, 'located_in', 4],
      [8, 'located_in', 4],
      [10, 'installed_on', 6],
      [11, 'installed_on', 7],
    ],
  ),
  missingSince: (id: number) => (id === 6 || id === 7 ? 1 : undefined),
};
const everything = { site: [], cluster: [] };

test('counts by class and state, without what is retired', () => {
  const { items, classes, serversWithoutRack } = overviewOf(inventory, everything);
  expect([items, serversWithoutRack]).toEqual([10, 1]);
  expect(classes.find((each) => each.class === 'server')).toEqual({
    class: 'server',
    total: 3,
    states: { in_service: 2, failed: 1 },
    missing: 1,
  });
});

test('racks by site and by number, with what is wrong in them', () => {
  const { racks } = overviewOf(inventory, everything);
  expect(racks.map(({ rack }) => rack.name)).toEqual(['b1', 'r9', 'r10']);
  expect(racks[1]).toMatchObject({ servers: 1, gpus: 1, failed: 1, maintenance: 0, missing: 0 });
  expect(racks[2]).toMatchObject({ servers: 1, gpus: 1, failed: 0, maintenance: 1, missing: 1 });
});

test('a site without regard to case', () => {
  const { racks, items } = overviewOf(inventory, { ...everything, site: ['BER'] });
  expect([racks.map(({ rack }) => rack.name), items]).toEqual([['b1'], 2]);
});

test('a cluster has the racks that its machines stand in', () => {
  const { racks } = overviewOf(inventory, { ...everything, cluster: ['two'] });
  expect(racks.map(({ rack, servers }) => [rack.name, servers])).toEqual([['r9', 1]]);
});
