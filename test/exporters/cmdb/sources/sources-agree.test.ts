import { cpSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Observation } from '../../../../exporters/cmdb/observation.ts';
import { ansible } from '../../../../exporters/cmdb/sources/ansible/index.ts';
import { files } from '../../../../exporters/cmdb/sources/files/index.ts';
import { lldp } from '../../../../exporters/cmdb/sources/lldp/index.ts';
import { netbox } from '../../../../exporters/cmdb/sources/netbox/index.ts';
import { prometheus } from '../../../../exporters/cmdb/sources/prometheus/index.ts';
import { type FakeHttpServer, startFakeHttpServer } from '../../../support/fake-http-server.ts';
import { startFakeNetBox } from '../../../support/fake-netbox.ts';
import { identitiesShown, itemOf, observeOnce, sourceDeps } from '../../../support/observe.ts';

/** The same machine in the fixtures of every source: what one calls its parts, the others must call so too, or there would be two of each. */
const fixtures = join(__dirname, '../../../fixtures/cmdb');
const folder = mkdtempSync(join(tmpdir(), 'fleetlens-agree-'));
const seen = new Map<string, Observation>();
const servers: FakeHttpServer[] = [];

beforeAll(async () => {
  const now = new Date();
  for (const [from, to] of [
    ['lldp/json/gpu-01.json', 'lldp/gpu-01.json'],
    ['ansible/gpu-01', 'facts/gpu-01'],
  ] as const) {
    cpSync(join(fixtures, from), join(folder, to));
    utimesSync(join(folder, to), now, now);
  }
  const csv = join(folder, 'assets.csv');
  writeFileSync(
    csv,
    'class,name,serial,vendor,parent,switch,port,site,rack\nserver,gpu-01,7XK1234,Dell Inc.,,leaf1,swp1,fra1,r1\ngpu,,1653922000001,,gpu-01,,,,\nnic,eno8303,,,gpu-01,leaf1,swp1,,\n',
  );
  const netboxServer = await startFakeNetBox(
    JSON.parse(readFileSync(join(fixtures, 'netbox/netbox-4.2.json'), 'utf8')),
  );
  const prometheusServer = await startFakeHttpServer((response, { form }) => {
    response.end(
      JSON.stringify({
        status: 'success',
        data: { resultType: 'vector', result: samplesFor(form.get('query') ?? '') },
      }),
    );
  });
  servers.push(netboxServer, prometheusServer);
  const deps = sourceDeps({ readFile: () => 'abc123' });
  seen.set('prometheus', await observeOnce(prometheus, { url: prometheusServer.url }));
  seen.set('netbox', await observeOnce(netbox, { url: netboxServer.url, token_file: 'x' }, { deps }));
  seen.set('lldp', await observeOnce(lldp, { files: join(folder, 'lldp/*.json') }));
  seen.set(
    'ansible',
    await observeOnce(ansible, { directory: join(folder, 'facts'), local_facts: { rack: 'asset.general.rack' } }),
  );
  seen.set('file', await observeOnce(files, { files: csv }));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** The series of the fixtures, as a server would give them. */
function samplesFor(query: string): readonly object[] {
  const name = /^[a-zA-Z_]+/.exec(query)?.[0] ?? '';
  const lines = ['metrics.prom', 'gpus.prom'].flatMap((file) =>
    readFileSync(join(fixtures, 'node-exporter', file), 'utf8').split('\n'),
  );
  return lines
    .filter((line) => line.startsWith(`${name}{`))
    .map((line) => ({
      metric: {
        rack: 'r1',
        node: 'gpu-01',
        ...Object.fromEntries([...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])),
      },
      value: [1_700_000_000, '1'],
    }));
}

function identities(source: string, key: string): readonly string[] {
  const observation = seen.get(source);
  if (observation === undefined) throw new Error(`${source} saw nothing`);
  return identitiesShown(itemOf(observation, key));
}

test.each([
  [
    'the machine',
    'serial=dell/7xk1234',
    { prometheus: 'server:gpu-01', netbox: 'dcim.device:12', ansible: 'server:gpu-01', file: 'server:gpu-01' },
  ],
  [
    'the machine by its name',
    'hostname=gpu-01',
    {
      prometheus: 'server:gpu-01',
      netbox: 'dcim.device:12',
      ansible: 'server:gpu-01',
      file: 'server:gpu-01',
      lldp: 'server:gpu-01',
    },
  ],
  ['its UUID', 'uuid=4c4c4544-0058-4b10-8031-b7c04f323334', { prometheus: 'server:gpu-01', ansible: 'server:gpu-01' }],
  [
    'a GPU',
    'serial=nvidia/1653922000001',
    {
      prometheus: 'gpu:gpu-11111111-aaaa-bbbb-cccc-000000000000',
      netbox: 'dcim.inventoryitem:70',
      file: 'gpu:1653922000001',
    },
  ],
  [
    'an interface',
    'placement=gpu-01/eno8303',
    {
      prometheus: 'nic:gpu-01/eno8303',
      netbox: 'dcim.interface:201',
      lldp: 'nic:gpu-01/eno8303',
      ansible: 'nic:gpu-01/eno8303',
      file: 'nic:gpu-01/eno8303',
    },
  ],
  [
    'its address',
    'mac=b0:7b:25:aa:01:02',
    { prometheus: 'nic:gpu-01/eno8303', netbox: 'dcim.interface:201', ansible: 'nic:gpu-01/eno8303' },
  ],
  [
    'the port at the other end',
    'placement=leaf1/swp1',
    { netbox: 'dcim.interface:301', lldp: 'port:leaf1/swp1', ansible: 'port:leaf1/swp1', file: 'port:leaf1/swp1' },
  ],
  [
    'the switch',
    'hostname=leaf1',
    { netbox: 'dcim.device:20', lldp: 'switch:leaf1', ansible: 'switch:leaf1', file: 'switch:leaf1' },
  ],
  ['the rack', 'name=r1', { prometheus: 'rack:r1', netbox: 'dcim.rack:7', ansible: 'rack:r1', file: 'rack:fra1/r1' }],
  ['the rack of a site', 'name=fra1/r1', { netbox: 'dcim.rack:7', file: 'rack:fra1/r1' }],
  [
    'the operating system',
    'name=ubuntu 22.04.4 lts',
    { prometheus: 'os:ubuntu 22.04.4 lts', ansible: 'os:ubuntu 22.04.4 lts' },
  ],
])('%s is one for all who see it', (_what, identity, keys) => {
  for (const [source, key] of Object.entries(keys))
    expect([source, identities(source, key)]).toEqual([source, expect.arrayContaining([identity])]);
});
