import type { CmdbCollector } from '../../../../exporters/cmdb/collectors/cmdb-collector.ts';
import { factCollectors, stateCollectors } from '../../../../exporters/cmdb/collectors/index.ts';
import { createMemoryInventory } from '../../../../exporters/cmdb/inventory/memory-inventory.ts';
import type { LookRecord } from '../../../../exporters/cmdb/store/looks.ts';
import type { CmdbView } from '../../../../exporters/cmdb/view.ts';
import { renderExposition } from '../../../../kit/exposition/render.ts';
import { createSampleWriter } from '../../../../kit/exposition/samples.ts';
import { cmdb } from '../../../../metrics/cmdb.ts';
import { identitiesFrom, item, relation } from '../../../support/cmdb-observed.ts';
import { expectGolden } from '../../../support/golden.ts';

const cmdbCollectors = [...factCollectors, ...stateCollectors];
const hostile = 'r"1\\\n<b>';

function fleet() {
  const inventory = createMemoryInventory(1_800_000_000);
  const server = item(3, 'server', {
    name: 'node-1',
    attributes: { node: 'node-1', model: 'DGX H200', serial: 'S1', role: 'gpu', cluster: 'c1', uuid: 'u' },
    identities: identitiesFrom({ hostname: 'node-1' }),
  });
  const items = [
    item(1, 'site', { name: 'dc1' }),
    item(2, 'rack', { name: hostile }),
    server,
    item(4, 'gpu', { name: 'gpu-0', attributes: { uuid: 'GPU-1', serial: '165', model: 'NVIDIA H200' } }),
    item(5, 'gpu', { name: 'gpu-1', state: 'rma', attributes: { uuid: 'GPU-2' } }),
    item(6, 'tenant', { name: 'blue' }),
    item(7, 'team', { name: 'platform' }),
    // Called as the first one, by mistake.
    item(8, 'server', { name: 'node-1', attributes: { node: 'node-1', cluster: 'c1' } }),
    item(10, 'server', { name: 'node-1', attributes: { node: 'node-1', cluster: 'c2' } }),
    item(9, 'application', { name: 'old', state: 'retired' }),
  ];
  for (const each of items) inventory.put(each);
  for (const each of [
    relation(1, 'located_in', 2, 1),
    relation(2, 'located_in', 3, 2),
    relation(3, 'installed_on', 4, 3),
    relation(4, 'installed_on', 5, 3),
    relation(5, 'owned_by', 3, 6),
    relation(6, 'owned_by', 3, 7),
  ])
    inventory.open(each);
  inventory.see(3, { lastSeen: 1_799_999_990, missingSince: undefined });
  inventory.see(4, { lastSeen: 1_799_000_000, missingSince: 1_799_000_300 });
  inventory.see(5, { lastSeen: 1_799_000_000, missingSince: 1_799_000_300 });
  return { inventory, server };
}

const { inventory, server } = fleet();
const taken: LookRecord = {
  source: 'netbox',
  type: 'netbox',
  startedAt: 1_799_999_000,
  finishedAt: 1_799_999_002.5,
  succeededAt: 1_799_999_002.5,
  outcome: 'taken_over',
  reason: '',
  items: 42,
  problems: [{ subject: 'device 7', reason: 'it has no role' }],
  durationSeconds: 2.5,
  totals: { created: 40, updated: 3, missing: 1, returned: 0 },
};
const view: CmdbView = {
  inventory,
  sources: [
    { name: 'netbox', type: 'netbox', everySeconds: 300, last: taken },
    {
      name: 'bmc',
      type: 'redfish',
      everySeconds: 3600,
      last: { ...taken, outcome: 'refused', succeededAt: undefined },
    },
    { name: 'new', type: 'lldp', everySeconds: 0, last: undefined },
  ],
  findings: [
    { kind: 'conflict', source: 'netbox' },
    { kind: 'conflict', source: 'netbox' },
    { kind: 'unknown', source: 'bmc' },
  ],
  changes: new Map([
    ['netbox', 43],
    ['manual', 2],
  ]),
  drift: {
    drifts: [{ item: server, aspect: 'driver_version', expected: '570', actual: '560' }],
    baselines: [{ model: 'DGX H200', attribute: 'driver_version', status: 'behind', count: 1 }],
    expectedGpus: [
      { server, gpus: 8 },
      { server: item(8, 'server'), gpus: 4 },
    ],
  },
  maintenance: { items: [server], windows: { scheduled: 2, active: 1 }, isInSync: false },
  lists: [{ name: 'gpu', targets: 1250, refused: 3 }],
  replica: { isLeader: true, store: 'embedded', isStoreUp: true },
  shownClasses: ['server', 'gpu', 'rack', 'tenant', 'team', 'application'],
  maxSeries: 1000,
};

async function collect(collector: CmdbCollector, given: CmdbView): Promise<string> {
  const { families, ...writer } = createSampleWriter(cmdb);
  const fail = (reason: string): void => {
    throw new Error(`${collector.name} failed: ${reason}`);
  };
  await collector.collect(given, { ...writer, fail, signal: new AbortController().signal });
  return renderExposition('text', families());
}

test.each(cmdbCollectors.map((collector) => [collector.name, collector] as const))('%s', async (name, collector) => {
  expectGolden(`cmdb/${name}.prom`, await collect(collector, view));
});

function collectorOf(name: string): CmdbCollector {
  const found = cmdbCollectors.find((collector) => collector.name === name);
  if (found === undefined) throw new Error(`no collector ${name}`);
  return found;
}

test('there is one series for each node of a cluster among the servers, whatever they are called', async () => {
  const text = await collect(collectorOf('info'), view);
  const servers = text.split('\n').filter((line) => /^cmdb_ci_info\{.*class="server"/.test(line));
  expect(servers).toHaveLength(3);
  expect(servers.filter((line) => line.includes('node="node-1",cluster="c1"'))).toHaveLength(1);
});

test('what is retired is not shown, what is missing only if it is meant to be there', async () => {
  expect(await collect(collectorOf('info'), view)).not.toContain('name="old"');
  const missing = (await collect(collectorOf('sightings'), view))
    .split('\n')
    .filter((line) => line.startsWith('cmdb_ci_missing{'));
  expect(missing).toHaveLength(1);
  expect(missing[0]).toContain('ci="4"');
});

test.each(['info', 'relations', 'drift', 'maintenance'])(
  '%s shows no more series than it may, and counts the others',
  async (name) => {
    const text = await collect(collectorOf(name), { ...view, maxSeries: 0 });
    expect(text).not.toMatch(/^cmdb_(ci_info|relation_info|ci_drift|ci_maintenance)\{/m);
    expect(text).toMatch(/^cmdb_dropped_series\{metric="\w+"\} [1-9]/m);
  },
);

test('an empty inventory has no series about items', async () => {
  const empty = { ...view, inventory: createMemoryInventory(0) };
  expect(await collect(collectorOf('info'), empty)).not.toContain('cmdb_ci_info{');
});
