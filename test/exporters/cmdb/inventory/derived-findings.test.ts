import { derivedFindings } from '../../../../exporters/cmdb/inventory/derived-findings.ts';
import { createMemoryInventory } from '../../../../exporters/cmdb/inventory/memory-inventory.ts';
import { item } from '../../../support/cmdb-observed.ts';

test('what nobody sees any more and is meant to be there, and what sources disagree about', () => {
  const inventory = createMemoryInventory(0);
  inventory.put(item(1, 'server', { name: 'gone' }));
  inventory.put(item(2, 'server', { name: 'away', state: 'rma' }));
  inventory.put(item(3, 'rack', { name: 'r1' }));
  inventory.put(
    item(4, 'server', {
      name: 'torn',
      changedAt: 50,
      conflicts: [
        { about: 'serial', said: { scan: 'B', file: 'A' } },
        { about: 'located_in', said: { file: 3, scan: 99 } },
      ],
    }),
  );
  for (const id of [1, 2]) inventory.see(id, { lastSeen: 5, missingSince: 10 });
  expect(derivedFindings(inventory)).toEqual([
    {
      kind: 'missing',
      source: 'inventory',
      subject: 'server gone (item 1)',
      reason: 'it is in service, and none of its sources sees it any more',
      itemId: 1,
      since: 10,
    },
    {
      kind: 'conflict',
      source: 'inventory',
      subject: 'server torn (item 4) serial',
      reason: 'file says A, scan says B',
      itemId: 4,
      since: 50,
    },
    {
      kind: 'conflict',
      source: 'inventory',
      subject: 'server torn (item 4) located_in',
      reason: 'file says r1, scan says 99',
      itemId: 4,
      since: 50,
    },
  ]);
});
