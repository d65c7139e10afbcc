import { createListRenderer } from '../../../../exporters/cmdb/service-discovery/render-list.ts';
import { defaultLists, plainList, type SdList } from '../../../../exporters/cmdb/service-discovery/sd-list.ts';
import { fleetInventory } from '../../../support/cmdb-fleet.ts';
import { createInventory } from '../../../support/cmdb-inventory.ts';
import { siteItems, siteRelations, smallSite } from '../../../support/cmdb-site.ts';

interface Group {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

const list = (more: Partial<SdList> = {}): SdList => ({
  ...plainList,
  name: 'test',
  class: 'server',
  match: {},
  port: 9100,
  ...more,
});

function groupsOf(given: SdList, inventory = smallSite(), hasReadyLabels = true): readonly Group[] {
  return JSON.parse(createListRenderer(given, hasReadyLabels)(inventory).text);
}

test('servers with GPUs are on the list for GPUs, whichever way that is known; what is planned is on none', () => {
  const [gpu, , node] = defaultLists;
  expect(gpu && groupsOf(gpu).map(({ targets }) => targets)).toEqual([['10.0.0.1:9400'], ['node-2.example.com:9400']]);
  expect(node && groupsOf(node).map(({ targets }) => targets)).toEqual([
    ['10.0.0.1:9100'],
    ['node-2.example.com:9100'],
    ['[fd00::3]:9100'],
  ]);
});

test('a target has its place, its owners and its role, ready and as __meta_', () => {
  const [first] = groupsOf(list());
  expect(first?.labels).toEqual({
    __meta_cmdb_id: '5',
    __meta_cmdb_name: 'node-1',
    __meta_cmdb_class: 'server',
    __meta_cmdb_state: 'in_service',
    __meta_cmdb_node: 'node-1',
    __meta_cmdb_cluster: 'train-1',
    __meta_cmdb_site: 'fra1',
    __meta_cmdb_room: 'hall-1',
    __meta_cmdb_rack: 'r1',
    __meta_cmdb_unit: '7',
    __meta_cmdb_tenant: 'vision',
    __meta_cmdb_team: 'platform',
    __meta_cmdb_owner: 'platform',
    __meta_cmdb_role: 'gpu',
    __meta_cmdb_vendor: 'Dell',
    __meta_cmdb_model: 'XE9680',
    __meta_cmdb_tenants: ',vision,',
    node: 'node-1',
    rack: 'r1',
    cluster: 'train-1',
    tenant: 'vision',
    role: 'gpu',
    owner: 'platform',
  });
});

test('what runs on a server at the moment makes no label, since each job would make new series', () => {
  const [, second] = groupsOf(list());
  expect(second?.labels).not.toHaveProperty('tenant');
  const idle = createInventory(
    siteItems,
    siteRelations.filter(([, type]) => type !== 'runs_on'),
  );
  expect(groupsOf(list(), idle)).toEqual(groupsOf(list()));
});

test('labels of its own, parameters, path and scheme are added', () => {
  const given = list({
    match: { rack: ['r1'], role: ['g*'] },
    labels: { site: 'datacenter', tenants: 'tenants' },
    params: { module: 'http_2xx' },
    path: '/probe',
    scheme: 'https',
  });
  const [only, ...others] = groupsOf(given, undefined, false);
  expect(others).toEqual([]);
  expect(only?.labels).toMatchObject({
    datacenter: 'fra1',
    tenants: 'vision',
    __param_module: 'http_2xx',
    __metrics_path__: '/probe',
    __scheme__: 'https',
  });
  expect(only?.labels).not.toHaveProperty('rack');
});

test('hostile text stays one value of a valid label, and a hostile address is no target', () => {
  const inventory = createInventory([
    {
      id: 1,
      class: 'server',
      name: `x"}\n<script>\u0000${'y'.repeat(2000)}`,
      attributes: { address: '10.0.0.1', 'a b': '1' },
    },
    { id: 2, class: 'server', name: 'b', attributes: { address: 'evil.example.com/path?x', fqdn: '-oProxyCommand=x' } },
    { id: 3, class: 'server', name: 'c', attributes: { address: 'user@host', fqdn: 'c.example.com.' } },
    { id: 4, class: 'server', name: 'd', attributes: { address: '10.0.0.1' } },
  ]);
  const rendered = createListRenderer(list(), true)(inventory);
  const groups: readonly Group[] = JSON.parse(rendered.text);
  expect(groups.map(({ targets }) => targets)).toEqual([['10.0.0.1:9100'], ['c.example.com:9100']]);
  expect(rendered).toMatchObject({ targets: 2, withoutAddress: 1, repeated: 1 });
  for (const { labels } of groups)
    for (const [name, value] of Object.entries(labels)) {
      expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
      expect(value.length).toBeLessThanOrEqual(500);
      expect(value).not.toMatch(/[\n\0]/);
    }
});

test('the order and the tag depend on the content alone', () => {
  const forward = createListRenderer(list(), true)(smallSite());
  const backward = createListRenderer(
    list(),
    true,
  )(createInventory([...siteItems].reverse(), [...siteRelations].reverse()));
  expect(backward.text).toBe(forward.text);
  expect(backward.etag).toBe(forward.etag);
  expect(createListRenderer(list({ port: 1 }), true)(smallSite()).etag).not.toBe(forward.etag);
});

test('1,250 targets of a fleet of 10,000 GPUs take a few questions to the inventory each, even the first time', () => {
  const { inventory } = fleetInventory();
  let questions = 0;
  const counted = new Proxy(inventory, {
    get: (target, name) => {
      questions++;
      return Reflect.get(target, name);
    },
  });
  expect(createListRenderer(list(), true)(counted).targets).toBe(1250);
  expect(questions).toBeLessThan(1250 * 60);
});
