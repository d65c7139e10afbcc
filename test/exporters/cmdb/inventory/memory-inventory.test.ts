import { createMemoryInventory } from '../../../../exporters/cmdb/inventory/memory-inventory.ts';
import { identitiesFrom, item, relation } from '../../../support/cmdb-observed.ts';

const hostname = (value: string) => ({ kind: 'hostname', value }) as const;

test('an item is found by what it has now, not by what it had', () => {
  const inventory = createMemoryInventory(0);
  inventory.put(item(1, 'server', { identities: identitiesFrom({ hostname: 'old', serial: 's' }) }));
  inventory.put(item(1, 'server', { identities: identitiesFrom({ hostname: 'new', serial: 's' }), version: 2 }));
  expect(inventory.byIdentity('server', hostname('old'))).toBeUndefined();
  expect(inventory.byIdentity('server', hostname('new'))?.version).toBe(2);
  expect(inventory.byIdentity('switch', hostname('new'))).toBeUndefined();
  expect(inventory.ofClass('server')).toHaveLength(1);
});

test('an identity that another item has taken meanwhile stays with it', () => {
  const inventory = createMemoryInventory(0);
  inventory.put(item(1, 'server', { identities: identitiesFrom({ hostname: 'a' }) }));
  inventory.put(item(2, 'server', { identities: identitiesFrom({ hostname: 'a' }) }));
  inventory.put(item(1, 'server', { identities: [] }));
  expect(inventory.byIdentity('server', hostname('a'))?.id).toBe(2);
});

test('relations are found from both ends, and by type', () => {
  const inventory = createMemoryInventory(0);
  const [located, powered] = [relation(1, 'located_in', 1, 2), relation(2, 'powered_by', 1, 3)];
  inventory.open(located);
  inventory.open(powered);
  inventory.open(powered);
  expect(inventory.outgoing(1)).toEqual([located, powered]);
  expect(inventory.outgoing(1, 'powered_by')).toEqual([powered]);
  expect(inventory.incoming(2)).toEqual([located]);
  inventory.end(located);
  expect(inventory.outgoing(1)).toEqual([powered]);
  expect(inventory.incoming(2)).toEqual([]);
  expect([...inventory.relations()]).toEqual([powered]);
});

test('what is removed is gone everywhere', () => {
  const inventory = createMemoryInventory(0);
  inventory.put(item(1, 'server', { identities: identitiesFrom({ hostname: 'a' }) }));
  inventory.see(1, { lastSeen: 5, missingSince: undefined });
  inventory.remove(1);
  expect([
    inventory.size,
    inventory.item(1),
    inventory.byIdentity('server', hostname('a')),
    inventory.lastSeen(1),
  ]).toEqual([0, undefined, undefined, undefined]);
  expect(inventory.ofClass('server')).toEqual([]);
});

test('every change makes another revision, a sighting does not', () => {
  const inventory = createMemoryInventory(0);
  const revisions = [inventory.revision];
  inventory.put(item(1, 'server'));
  revisions.push(inventory.revision);
  inventory.open(relation(1, 'located_in', 1, 2));
  revisions.push(inventory.revision);
  inventory.end(relation(1, 'located_in', 1, 2));
  revisions.push(inventory.revision);
  inventory.remove(1);
  revisions.push(inventory.revision);
  expect(new Set(revisions).size).toBe(revisions.length);
  inventory.see(2, { lastSeen: 1, missingSince: undefined });
  expect(inventory.revision).toBe(revisions.at(-1));
});
