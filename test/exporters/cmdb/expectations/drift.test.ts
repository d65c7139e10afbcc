import { countBaselines } from '../../../../exporters/cmdb/expectations/baseline.ts';
import { defaultRollout } from '../../../../exporters/cmdb/expectations/config.ts';
import { type Conflict, expectedGpus, findDrift } from '../../../../exporters/cmdb/expectations/drift.ts';
import type { Expectation, Expectations } from '../../../../exporters/cmdb/expectations/expectation.ts';
import { inventoryOf, type PlainItem, type PlainRelation } from '../../../support/inventory-of.ts';

const dgx: Expectation = {
  where: 'expectations[0]',
  class: 'server',
  match: [['model', 'DGX*']],
  gpus: 2,
  baseline: [['driver_version', '570']],
  rollout: defaultRollout,
};
const expectations: Expectations = { list: [dgx], notSeenAfter: 86_400 };
const now = 1_000_000;
const server: PlainItem = {
  id: 1,
  class: 'server',
  attributes: { model: 'DGX H200', driver_version: '570' },
  lastSeen: now,
};
const gpus: readonly PlainItem[] = [
  { id: 2, class: 'gpu', lastSeen: now },
  { id: 3, class: 'gpu', lastSeen: now },
];
const installed: readonly PlainRelation[] = [
  [2, 'installed_on', 1],
  [3, 'installed_on', 1],
];

interface Given {
  readonly items?: readonly PlainItem[];
  readonly relations?: readonly PlainRelation[];
  readonly conflicts?: Readonly<Record<number, readonly Conflict[]>>;
  readonly expected?: Expectations;
}

function drift({
  items = [server, ...gpus],
  relations = installed,
  conflicts = {},
  expected = expectations,
}: Given): readonly string[] {
  const found = findDrift(inventoryOf(items, relations, now), {
    expectations: expected,
    conflictsOf: (id) => conflicts[id] ?? [],
  });
  return found.map(({ item, aspect, expected: should, actual }) =>
    `${item.name} ${aspect}: ${should}, not ${actual}`.trimEnd(),
  );
}

test('a server as expected does not drift', () => {
  expect(drift({})).toEqual([]);
});

describe('the number of GPUs', () => {
  test.each<[string, Given, string]>([
    ['one is not installed', { relations: installed.slice(1) }, '2, not 1'],
    [
      'one is broken',
      { items: [server, { id: 2, class: 'gpu', state: 'failed' }, { id: 3, class: 'gpu' }] },
      '2, not 1',
    ],
    [
      'a source counts fewer and none is an item',
      { items: [{ ...server, attributes: { ...server.attributes, gpu_count: 1 } }], relations: [] },
      '2, not 1',
    ],
  ])('drifts where %s', (_why, given, text) => {
    expect(drift(given)).toEqual([`server-1 gpu_count: ${text}`]);
  });

  test('says both that a GPU is gone and that the server has one less', () => {
    const gone: PlainItem = { id: 3, class: 'gpu', missingSince: now - 60, lastSeen: now - 120 };
    expect(drift({ items: [server, { id: 2, class: 'gpu', lastSeen: now }, gone] })).toEqual([
      'server-1 gpu_count: 2, not 1',
      'gpu-3 state: in_service, not missing since 1970-01-12T13:45:40.000Z',
    ]);
  });

  test('is not judged for a server in repair, or one of which nobody counts GPUs', () => {
    expect(drift({ items: [{ ...server, state: 'maintenance' }], relations: [] })).toEqual([]);
    expect(drift({ items: [server], relations: [] })).toEqual([]);
  });

  test('is what is recorded as in service where no model says it', () => {
    const inventory = inventoryOf(
      [server, ...gpus, { id: 4, class: 'gpu', state: 'rma' }],
      [...installed, [4, 'installed_on', 1]],
    );
    const item = inventory.item(1);
    if (item === undefined) throw new Error('there is no server');
    expect(expectedGpus(inventory, item, { list: [] })).toBe(2);
    expect(expectedGpus(inventory, item, { list: [{ ...dgx, gpus: 8 }] })).toBe(8);
    expect(expectedGpus(inventoryOf([server]), item, { list: [] })).toBeUndefined();
  });
});

describe('the baseline', () => {
  const old = { ...server, attributes: { model: 'DGX H200', driver_version: '550' } };

  test('drifts by attribute, with both values', () => {
    expect(drift({ items: [old, ...gpus] })).toEqual(['server-1 driver_version: 570, not 550']);
  });

  test('is none for another model, for no value, for one of a list, and for what is planned or retired', () => {
    const others: readonly PlainItem[] = [
      { ...old, attributes: { model: 'HGX', driver_version: '550' } },
      { ...old, attributes: { model: 'DGX H200' } },
      { ...old, attributes: { model: 'DGX H200', driver_version: ['550', '570'] } },
      { ...old, state: 'planned' },
    ];
    for (const item of others) expect(drift({ items: [item, ...gpus] })).toEqual([]);
  });

  test('of the first expectation counts', () => {
    const list = [dgx, { ...dgx, baseline: [['driver_version', '999']] as const }];
    expect(drift({ expected: { list, notSeenAfter: undefined } })).toEqual([]);
  });

  test('is counted by model, attribute and status, with zeros', () => {
    const items = [
      server,
      { ...old, id: 5 },
      { ...old, id: 6, attributes: { model: 'DGX H200' } },
      { ...old, id: 7, state: 'retired' as const },
    ];
    expect(countBaselines(expectations, inventoryOf(items))).toEqual([
      { model: 'DGX H200', attribute: 'driver_version', status: 'current', count: 1 },
      { model: 'DGX H200', attribute: 'driver_version', status: 'behind', count: 1 },
      { model: 'DGX H200', attribute: 'driver_version', status: 'unknown', count: 1 },
    ]);
  });
});

describe('sources that disagree', () => {
  const told = (attribute: string, seen: string): Conflict => ({
    attribute,
    values: [
      { source: 'netbox', value: 'A' },
      { source: 'redfish', value: seen },
    ],
  });

  test.each([
    ['serial', 'serial'],
    ['model', 'model'],
    ['slot', 'slot'],
    ['pci_bus_id', 'slot'],
    ['server', 'slot'],
  ])('on %s drift in %s', (attribute, aspect) => {
    expect(drift({ conflicts: { 2: [told(attribute, 'B')] } })).toEqual([
      `gpu-2 ${aspect}: A (netbox), not B (redfish)`,
    ]);
  });

  test('on what says nothing of which part it is, or in fact not at all, do not', () => {
    expect(
      drift({ conflicts: { 2: [told('email', 'B'), told('serial', 'A'), { attribute: 'slot', values: [] }] } }),
    ).toEqual([]);
  });

  test('on slot and address drift once', () => {
    expect(drift({ conflicts: { 2: [told('slot', 'B'), told('pci_bus_id', 'C')] } })).toHaveLength(1);
  });
});

describe('what is seen', () => {
  const alone = (item: Partial<PlainItem>): Given => ({ items: [{ id: 9, class: 'switch', ...item }], relations: [] });

  test.each<[Partial<PlainItem>, readonly string[]]>([
    [{ lastSeen: now - 86_400 }, []],
    [{ lastSeen: now - 86_401 }, ['switch-9 seen: seen within 86400 s, not seen at 1970-01-11T13:46:39.000Z']],
    [{ lastSeen: now - 999_999, state: 'failed' }, []],
    [{ state: 'retired', lastSeen: now }, ['switch-9 state: retired, not seen at 1970-01-12T13:46:40.000Z']],
    [{ state: 'retired', lastSeen: now - 10, missingSince: now - 5 }, []],
    [{ state: 'retired' }, []],
    [{ missingSince: Number.MAX_VALUE }, [`switch-9 state: in_service, not missing since ${Number.MAX_VALUE}`]],
  ])('%j drifts as %j', (item, expected) => {
    expect(drift(alone(item))).toEqual(expected);
  });

  test('never drifts by age where no time is configured', () => {
    const given = alone({ lastSeen: 0 });
    expect(drift({ ...given, expected: { list: [], notSeenAfter: undefined } })).toEqual([]);
  });
});
