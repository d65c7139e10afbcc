import { needsOf, needsOfRelation } from '../../../../exporters/cmdb/impact/dependencies.ts';
import type { ItemClass } from '../../../../exporters/cmdb/model/item-class.ts';
import type { RelationType } from '../../../../exporters/cmdb/model/relation-type.ts';
import { createInventory, type ItemSketch, itemOf, type RelationSketch } from '../../../support/cmdb-inventory.ts';

const sentences: readonly (readonly [from: ItemClass, type: RelationType, to: ItemClass, needs: readonly string[]])[] =
  [
    ['server', 'located_in', 'rack', ['server needs rack: place']],
    ['rack', 'located_in', 'room', ['rack needs room: place']],
    ['gpu', 'installed_on', 'server', ['gpu needs server: host', 'server needs gpu: parts: gpu']],
    ['disk', 'installed_on', 'server', ['disk needs server: host', 'server needs disk: parts: disk']],
    [
      'power_supply',
      'part_of',
      'switch',
      ['power_supply needs switch: host', 'switch needs power_supply: parts: power_supply'],
    ],
    ['mig_instance', 'part_of', 'gpu', ['mig_instance needs gpu: host']],
    ['bmc', 'installed_on', 'server', ['bmc needs server: host']],
    ['port', 'part_of', 'switch', ['port needs switch: host']],
    ['server', 'part_of', 'chassis', ['server needs chassis: host']],
    ['driver', 'installed_on', 'server', ['server needs driver: software']],
    ['os', 'installed_on', 'server', ['server needs os: software']],
    ['application', 'installed_on', 'server', ['application needs server: runs on: server']],
    ['application', 'runs_on', 'gpu', ['application needs gpu: runs on: gpu']],
    ['application', 'depends_on', 'storage', ['application needs storage: dependency']],
    ['pdu', 'powered_by', 'power_feed', ['pdu needs power_feed: power']],
    ['server', 'part_of', 'cluster', ['cluster needs server: members: server']],
    ['namespace', 'part_of', 'cluster', ['namespace needs cluster: host']],
    ['database', 'part_of', 'cluster', ['database needs cluster: host']],
    ['application', 'part_of', 'namespace', ['application needs namespace: host']],
    ['application', 'part_of', 'application', ['application needs application: members: application']],
    ['server', 'owned_by', 'tenant', []],
  ];

test.each(sentences)('%s %s %s', (from, type, to, expected) => {
  const needs = needsOfRelation(type, itemOf({ id: 1, class: from }), itemOf({ id: 2, class: to }));
  expect(
    needs.map(({ dependent, provider, group }) => `${dependent.class} needs ${provider.class}: ${group.name}`),
  ).toEqual(expected);
});

test('a driver that is bad is bad for the server; the server of a bad driver is no matter to the driver', () => {
  const [need] = needsOfRelation(
    'installed_on',
    itemOf({ id: 1, class: 'driver' }),
    itemOf({ id: 2, class: 'server' }),
  );
  expect([need?.dependent.id, need?.provider.id]).toEqual([2, 1]);
});

test.each(['planned', 'retired'] as const)('what is %s is not there to be needed', (state) => {
  const items: ItemSketch[] = [
    { id: 1, class: 'server' },
    { id: 2, class: 'rack', state },
    { id: 3, class: 'nic', state },
  ];
  expect(
    needs(items, [
      [1, 'located_in', 2],
      [3, 'installed_on', 1],
    ]),
  ).toEqual([]);
});

test('people are nobody that breaks', () => {
  const items: ItemSketch[] = [
    { id: 1, class: 'person' },
    { id: 2, class: 'team' },
    { id: 3, class: 'room' },
  ];
  expect(
    needs(items, [
      [1, 'part_of', 2],
      [1, 'located_in', 3],
    ]),
  ).toEqual([]);
});

describe('cables', () => {
  const items: ItemSketch[] = [
    { id: 1, class: 'server' },
    { id: 2, class: 'nic' },
    { id: 3, class: 'switch', attributes: { role: 'leaf' } },
    { id: 4, class: 'port' },
    { id: 5, class: 'port' },
    { id: 6, class: 'switch', attributes: { role: 'Spine' } },
    { id: 7, class: 'port' },
    { id: 8, class: 'switch', attributes: { role: 'management' } },
    { id: 9, class: 'nic' },
  ];
  const built: RelationSketch[] = [
    [2, 'installed_on', 1],
    [9, 'installed_on', 1],
    [4, 'part_of', 3],
    [5, 'part_of', 3],
    [7, 'part_of', 6],
  ];
  const link = (sentence: RelationSketch): readonly string[] =>
    needs(items, [...built, sentence]).filter((need) => !/host|parts/.test(need));

  test.each([
    [2, 4],
    [4, 2],
  ])('an interface needs its port, whichever end the cable begins at (%i to %i)', (from, to) => {
    expect(link([from, 'connected_to', to])).toEqual(['2 needs 4: link', '1 needs 2: network']);
  });

  test('an interface needs its switch where no port is known', () => {
    expect(link([2, 'connected_to', 3])).toEqual(['2 needs 3: link', '1 needs 2: network']);
  });

  test('a server that is cabled without an interface needs the port itself', () => {
    expect(link([1, 'connected_to', 4])).toContain('1 needs 4: network');
  });

  test.each([
    [5, 7],
    [7, 5],
  ])('the lower switch needs its port, and that the port above (%i to %i)', (from, to) => {
    expect(link([from, 'connected_to', to])).toEqual(expect.arrayContaining(['3 needs 5: uplink', '5 needs 7: link']));
    expect(link([from, 'connected_to', to]).filter((need) => need.startsWith('6') || need.startsWith('7'))).toEqual([]);
  });

  test('switches without ports need one another directly', () => {
    expect(link([6, 'connected_to', 3])).toContain('3 needs 6: uplink');
  });

  test('nothing is concluded of the management network, or of unknown roles', () => {
    expect(link([3, 'connected_to', 8]).filter((need) => /uplink|link/.test(need))).toEqual([]);
  });

  test('an interface for management counts only where there is no other', () => {
    const both = needs(items, [...built, [2, 'connected_to', 4], [9, 'connected_to', 8]]);
    expect(both.filter((need) => need.endsWith('network'))).toEqual(['1 needs 2: network']);
    const alone = needs(items, [
      [9, 'installed_on', 1],
      [9, 'connected_to', 8],
    ]);
    expect(alone).toContain('1 needs 9: network');
  });

  test('interfaces count without cables where nobody knows of any', () => {
    expect(needs(items, built).filter((need) => need.endsWith('network'))).toEqual([
      '1 needs 2: network',
      '1 needs 9: network',
    ]);
  });
});

function needs(items: readonly ItemSketch[], relations: readonly RelationSketch[]): readonly string[] {
  return [...needsOf(createInventory(items, relations))].map(
    ({ dependent, provider, group }) => `${dependent.id} needs ${provider.id}: ${group.name}`,
  );
}
