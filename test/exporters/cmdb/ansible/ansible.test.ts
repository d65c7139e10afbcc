import { load } from 'js-yaml';
import { listDocument, yamlDocument } from '../../../../exporters/cmdb/ansible/ansible-documents.ts';
import { ansibleInventory } from '../../../../exporters/cmdb/ansible/ansible-inventory.ts';
import { groupNames } from '../../../../exporters/cmdb/ansible/group-names.ts';
import { createInventory } from '../../../support/cmdb-inventory.ts';
import { siteItems, siteRelations, smallSite } from '../../../support/cmdb-site.ts';

test('hosts are grouped by all that tells them apart, under names that Ansible takes', () => {
  const { groups, hosts } = ansibleInventory(smallSite());
  expect([...hosts.keys()]).toEqual(['cpu-3', 'leaf-1', 'node-1', 'node-2']);
  expect(Object.fromEntries(groups)).toEqual({
    class_server: ['cpu-3', 'node-1', 'node-2'],
    class_switch: ['leaf-1'],
    cluster_train_1: ['node-1', 'node-2'],
    model_xe9680: ['node-1'],
    rack_r1: ['node-1', 'node-2'],
    rack_r_2: ['cpu-3', 'leaf-1'],
    role_gpu: ['node-1'],
    site_fra1: ['cpu-3', 'leaf-1', 'node-1', 'node-2'],
    state_in_service: ['cpu-3', 'leaf-1', 'node-1', 'node-2'],
    tenant_speech: ['node-2'],
    tenant_vision: ['node-1'],
  });
});

test('a host has its address, that of its controller, and its attributes under cmdb_', () => {
  const vars = ansibleInventory(smallSite()).hosts.get('node-1');
  expect(vars).toMatchObject({
    ansible_host: '10.0.0.1',
    cmdb_bmc_address: '10.9.0.1',
    cmdb_id: 5,
    cmdb_rack: 'r1',
    cmdb_rack_unit: 7,
    cmdb_role: 'gpu',
    cmdb_tenants: ['vision'],
    cmdb_team: 'platform',
  });
  const others = Object.keys(vars ?? {}).filter((name) => !name.startsWith('cmdb_'));
  expect(others).toEqual(['ansible_host']);
});

test('what a machine says of itself is neither run nor taken for an option', () => {
  const inventory = createInventory([
    {
      id: 1,
      class: 'server',
      name: '-oProxyCommand=reboot',
      attributes: { ansible_connection: 'local', note: "{{ lookup('pipe', 'id') }}", tags: ['{% x %}'], address: '-x' },
    },
  ]);
  const { hosts } = ansibleInventory(inventory);
  expect([...hosts]).toEqual([
    [
      'server-1',
      expect.objectContaining({ cmdb_ansible_connection: 'local', cmdb_note: "{ { lookup('pipe', 'id') }}" }),
    ],
  ]);
  const text = JSON.stringify(listDocument(ansibleInventory(inventory)));
  expect(text).not.toMatch(/\{\{|\{%|"ansible_/);
});

test('values that would share a name get names of their own, and hosts too', () => {
  const nameOf = groupNames([
    { kind: 'rack', value: 'a-1' },
    { kind: 'rack', value: 'a.1' },
    { kind: 'rack', value: 'b' },
    { kind: 'rack', value: '机架' },
  ]);
  const names = ['a-1', 'a.1', 'b', '机架'].map((value) => nameOf({ kind: 'rack', value }));
  expect(new Set(names).size).toBe(4);
  expect(names[2]).toBe('rack_b');
  for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);

  const twins = createInventory([1, 2].map((id) => ({ id, class: 'server', name: 'twin' }) as const));
  expect([...ansibleInventory(twins).hosts.keys()]).toEqual(['twin-1', 'twin-2']);
});

/** The shape that Ansible documents for inventory scripts: groups with hosts, children and vars, and _meta.hostvars. */
test('the answer to --list has the documented shape, and the file says the same', () => {
  const known = ansibleInventory(smallSite());
  const { _meta, all, ...groups } = listDocument(known) as Record<string, Record<string, unknown>>;
  const hostvars = _meta?.['hostvars'] as Record<string, unknown>;
  expect(all?.['children']).toEqual(['ungrouped', ...Object.keys(groups)]);
  for (const group of Object.values(groups)) {
    expect(Object.keys(group)).toEqual(['hosts']);
    for (const host of group['hosts'] as string[]) expect(hostvars).toHaveProperty([host]);
  }
  const file = load(yamlDocument(known)) as { all: { hosts: object; children: Record<string, { hosts: object }> } };
  expect(file.all.hosts).toEqual(hostvars);
  for (const [name, { hosts }] of Object.entries(file.all.children))
    expect(Object.keys(hosts)).toEqual(groups[name]?.['hosts']);
});

test('what is retired or only planned is no host', () => {
  const retired = siteItems.map((item) => (item.name === 'node-1' ? ({ ...item, state: 'retired' } as const) : item));
  expect([...ansibleInventory(createInventory(retired, siteRelations)).hosts.keys()]).toEqual([
    'cpu-3',
    'leaf-1',
    'node-2',
  ]);
});
