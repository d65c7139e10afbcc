import { rackContents } from '../../../../exporters/cmdb/place/rack-contents.ts';
import { createInventory } from '../../../support/cmdb-inventory.ts';

const inventory = createInventory(
  [
    { id: 1, class: 'rack', attributes: { rack_units: 48 } },
    { id: 2, class: 'server', attributes: { rack_unit: 10, rack_units: 8 } },
    { id: 3, class: 'server', attributes: { rack_unit: '2', rack_units: '8' } },
    { id: 4, class: 'switch', attributes: { rack_unit: 42 } },
    { id: 5, class: 'pdu', attributes: { rack_unit: 'left' } },
    { id: 6, class: 'server', attributes: { rack_unit: 20 }, state: 'retired' },
    { id: 7, class: 'server', attributes: { rack_unit: -3 } },
    { id: 8, class: 'server', attributes: { rack_unit: 1e9 } },
    { id: 9, class: 'rack' },
    { id: 10, class: 'gpu' },
  ],
  [
    [2, 'located_in', 1],
    [3, 'located_in', 1],
    [4, 'located_in', 1],
    [5, 'located_in', 1],
    [6, 'located_in', 1],
    [7, 'located_in', 1],
    [8, 'located_in', 1],
    [10, 'installed_on', 2],
  ],
);

function contentsOf(id: number) {
  const rack = inventory.item(id);
  if (rack === undefined) throw new Error('no rack');
  return rackContents(inventory, rack);
}

test('what has a unit stands from the bottom up, and is one unit high where nobody said', () => {
  const { units, mounted } = contentsOf(1);
  expect(units).toBe(48);
  expect(mounted.map(({ item, ...rest }) => [item.id, rest.unit, rest.units])).toEqual([
    [3, 2, 8],
    [2, 10, 8],
    [4, 42, 1],
  ]);
});

test('what has no unit, or one that no rack has, is in the rack all the same', () => {
  expect(contentsOf(1).others.map(({ id }) => id)).toEqual([5, 7, 8]);
});

test('an empty rack whose height nobody said', () => {
  expect(contentsOf(9)).toMatchObject({ units: undefined, mounted: [], others: [] });
});
