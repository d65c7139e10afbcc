import { copyFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ansible } from '../../../../../exporters/cmdb/sources/ansible/index.ts';
import { identitiesShown, itemOf, observeOnce, relationsShown } from '../../../../support/observe.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-ansible-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function take(host: string, as = host): void {
  copyFileSync(join(__dirname, '../../../../fixtures/cmdb/ansible', host), join(folder, as));
  utimesSync(join(folder, as), new Date(), new Date());
}

function look(more: Readonly<Record<string, unknown>> = {}) {
  return observeOnce(ansible, { directory: folder, ...more });
}

test('facts of a host become its server, interfaces, disks, system and neighbours', async () => {
  take('gpu-01');
  const observation = await look({
    local_facts: { rack: 'asset.general.rack', contract: 'asset.general.contract', missing: 'asset.x.y' },
  });
  expect(observation).toMatchObject({ isComplete: true, failedScopes: [], problems: [] });
  const machine = itemOf(observation, 'server:gpu-01');
  expect(identitiesShown(machine)).toEqual([
    'serial=dell/7xk1234',
    'uuid=4c4c4544-0058-4b10-8031-b7c04f323334',
    'fqdn=gpu-01.example.com',
    'hostname=gpu-01',
    'ip=10.1.0.12',
  ]);
  expect(machine).toMatchObject({ class: 'server', name: 'gpu-01', scope: 'gpu-01' });
  expect(machine.attributes).toEqual({
    vendor: 'Dell Inc.',
    model: 'PowerEdge XE9680',
    serial: '7XK1234',
    uuid: '4c4c4544-0058-4b10-8031-b7c04f323334',
    fqdn: 'gpu-01.example.com',
    address: '10.1.0.12',
    os: 'Ubuntu 22.04.4 LTS',
    kernel: '5.15.0-105-generic',
    architecture: 'x86_64',
    bios_version: '2.1.5',
    memory_bytes: 2063763 * 1024 * 1024,
    cpu_count: 224,
    contract: 'C-7',
  });
  expect(relationsShown(machine)).toEqual(['located_in rack:r1']);
  const parts = observation.items.filter((item) => ['nic', 'disk', 'port'].includes(item.class));
  expect(parts.map((part) => [part.key, ...identitiesShown(part)])).toEqual([
    ['nic:gpu-01/eno8303', 'placement=gpu-01/eno8303', 'mac=b0:7b:25:aa:01:02'],
    ['nic:gpu-01/ens3f1-np1', 'placement=gpu-01/ens3f1-np1', 'mac=b0:7b:25:aa:01:05'],
    ['disk:gpu-01/nvme0n1', 'serial=sj04n000000001', 'placement=gpu-01/nvme0n1'],
    ['port:leaf1/swp1', 'placement=leaf1/swp1'],
  ]);
  expect(itemOf(observation, 'nic:gpu-01/eno8303').attributes['speed']).toBe(1e11);
  expect(relationsShown(itemOf(observation, 'nic:gpu-01/eno8303'))).toEqual([
    'installed_on server:gpu-01',
    'connected_to port:leaf1/swp1',
  ]);
  expect(relationsShown(itemOf(observation, 'os:ubuntu 22.04.4 lts'))).toEqual(['installed_on server:gpu-01']);
  expect(itemOf(observation, 'switch:leaf1').class).toBe('switch');
  expect(JSON.stringify(observation)).not.toContain('do not show');
});

test('facts without their prefix, of a virtual machine without lsb_release', async () => {
  take('login-1', 'login-1.json');
  const observation = await look();
  const machine = itemOf(observation, 'server:login-1');
  expect(machine.attributes).toMatchObject({ virtual: true, os: 'Debian 12.5', cpu_count: 2 });
  expect(identitiesShown(machine)).toEqual([
    'uuid=64d7747e-869a-45b0-9d0a-ae9a6d463611',
    'fqdn=login-1.example.com',
    'hostname=login-1',
    'ip=10.1.0.50',
  ]);
  expect(identitiesShown(itemOf(observation, 'nic:login-1/eth0'))).toEqual([
    'placement=login-1/eth0',
    'mac=52:54:00:aa:00:01',
  ]);
});

test('torn, old, empty and foreign files fail their hosts alone', async () => {
  take('gpu-01');
  take('login-1', 'old');
  const old = new Date(Date.now() - 8 * 86_400_000);
  utimesSync(join(folder, 'old'), old, old);
  writeFileSync(join(folder, 'torn'), '{"ansible_hostname": "x", "ansi');
  writeFileSync(join(folder, 'list'), '[]');
  writeFileSync(join(folder, 'foreign'), '{"hello": "world"}');
  writeFileSync(join(folder, '.hidden'), 'x');
  const observation = await look();
  expect([...observation.failedScopes].sort()).toEqual(['foreign', 'list', 'old', 'torn']);
  expect(observation.problems.map(({ reason }) => reason).join('\n')).toMatch(
    /no facts that setup gathers[\s\S]*object of facts[\s\S]*more than the 604800 s[\s\S]*no complete JSON/,
  );
  expect(itemOf(observation, 'server:gpu-01').class).toBe('server');
});

test('odd values of facts are left out', async () => {
  writeFileSync(
    join(folder, 'odd'),
    JSON.stringify({
      ansible_hostname: 'odd\u0000\n',
      ansible_product_serial: { a: 1 },
      ansible_memtotal_mb: 'many',
      ansible_interfaces: ['eth0', 7, '../..', 'constructor'],
      ansible_eth0: 'text',
      ansible_devices: [1, 2],
      ansible_local: 'text',
      ansible_lldp: { eth0: null, eth1: { chassis: 'x', port: [] } },
    }),
  );
  const observation = await look({ local_facts: { rack: 'constructor.name' } });
  expect(itemOf(observation, 'server:odd').attributes).toEqual({});
  expect(observation.problems.map(({ reason }) => reason)).toEqual(
    Array(2).fill(expect.stringContaining('gives neither a name nor an address')),
  );
});

test('the parts of a bond have its address, which tells none of them', async () => {
  writeFileSync(
    join(folder, 'bonded'),
    JSON.stringify({
      ansible_hostname: 'bonded',
      ansible_interfaces: ['eth0', 'eth1', 'bond0'],
      ansible_eth0: { macaddress: 'b0:7b:25:aa:09:01', type: 'ether' },
      ansible_eth1: { macaddress: 'b0:7b:25:aa:09:01', type: 'ether' },
      ansible_bond0: { macaddress: 'b0:7b:25:aa:09:01', type: 'bonding' },
    }),
  );
  const nics = (await look()).items.filter((item) => item.class === 'nic');
  expect(nics.map(identitiesShown)).toEqual([['placement=bonded/eth0'], ['placement=bonded/eth1']]);
});

test('names of files may have a prefix', async () => {
  take('gpu-01', 'facts_gpu-01');
  expect(itemOf(await look({ prefix: 'facts_' }), 'server:gpu-01').scope).toBe('gpu-01');
});

test.each([
  [{}, 'sources[0].directory must be a text'],
  [{ directory: '/x', max_age: 5 }, 'sources[0].max_age must be a duration'],
  [{ directory: '/x', local_facts: { 'Not Good': 'a.b' } }, 'sources[0].local_facts.Not Good must be an attribute'],
])('%j is refused', (entry, message) => {
  expect(() => observeOnce(ansible, entry)).toThrow(message);
});
