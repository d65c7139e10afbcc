import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Observation } from '../../../../../exporters/cmdb/observation.ts';
import { netbox } from '../../../../../exporters/cmdb/sources/netbox/index.ts';
import {
  type FakeNetBox,
  type FakeNetBoxOptions,
  type NetBoxLists,
  send,
  startFakeNetBox,
} from '../../../../support/fake-netbox.ts';
import {
  identitiesShown,
  itemOf,
  observeOnce,
  relationsShown,
  silentContext,
  sourceDeps,
} from '../../../../support/observe.ts';

function fixture(name: string): NetBoxLists {
  return JSON.parse(readFileSync(join(__dirname, '../../../../fixtures/cmdb/netbox', name), 'utf8'));
}

const lists = fixture('netbox-4.2.json');
const deps = sourceDeps({ readFile: () => 'abc123\n' });
let server: FakeNetBox;
afterEach(() => server.stop());

async function observe(
  entry: Readonly<Record<string, unknown>> = {},
  { content = lists, ...options }: FakeNetBoxOptions & { readonly content?: NetBoxLists } = {},
): Promise<Observation> {
  server = await startFakeNetBox(content, options);
  return look(entry);
}

function look(entry: Readonly<Record<string, unknown>> = {}): Promise<Observation> {
  return observeOnce(netbox, { url: server.url, token_file: '/run/token', ...entry }, { deps });
}

test('devices become servers, switches and PDUs with their place, owner and power', async () => {
  const observation = await observe({ custom_fields: ['cost_centre', 'owner_group', 'empty'] });
  expect(observation.isComplete).toBe(true);
  const machine = itemOf(observation, 'dcim.device:12');
  expect(identitiesShown(machine)).toEqual([
    'external=netbox:dcim.device:12',
    'serial=dell/7xk1234',
    'fqdn=gpu-01.example.com',
    'hostname=gpu-01',
    'ip=10.1.0.12',
  ]);
  expect(machine).toMatchObject({
    class: 'server',
    name: 'gpu-01.example.com',
    state: 'in_service',
    attributes: {
      vendor: 'Dell',
      model: 'PowerEdge XE9680',
      serial: '7XK1234',
      asset_tag: 'A-100',
      role: 'gpu-server',
      rack_unit: 17,
      address: '10.1.0.12',
      os: 'Ubuntu 22.04',
      netbox_cost_centre: '4711',
      netbox_owner_group: 'Team A',
    },
  });
  expect(JSON.stringify(observation)).not.toContain('do not show');
  expect(relationsShown(machine)).toEqual([
    'located_in dcim.rack:7',
    'owned_by tenancy.tenant:4',
    'powered_by dcim.device:30',
  ]);
  expect(itemOf(observation, 'dcim.device:13')).toMatchObject({ class: 'server', state: 'failed' });
  expect(relationsShown(itemOf(observation, 'dcim.device:13'))).toContain('powered_by dcim.device:30');
  expect(itemOf(observation, 'dcim.device:20').class).toBe('switch');
  const pdu = itemOf(observation, 'dcim.device:30');
  expect(identitiesShown(pdu)).toEqual([
    'external=netbox:dcim.device:30',
    'serial=apc/5a1234',
    'name=r1/pdu-a',
    'name=pdu-a',
  ]);
  expect(relationsShown(pdu)).toContain('powered_by dcim.powerfeed:1');
  expect(identitiesShown(itemOf(observation, 'bmc:12'))).toEqual(['ip=10.9.0.12', 'placement=gpu-01/bmc']);
});

test('places, virtual machines, addresses and GPUs', async () => {
  const observation = await observe();
  expect(identitiesShown(itemOf(observation, 'dcim.rack:7'))).toEqual([
    'external=netbox:dcim.rack:7',
    'serial=apc/rk0042',
    'name=frankfurt 1/r1',
    'name=fra1/r1',
    'name=r1',
  ]);
  expect(relationsShown(itemOf(observation, 'dcim.rack:7'))).toEqual(['located_in dcim.location:3']);
  expect(relationsShown(itemOf(observation, 'dcim.location:3'))).toEqual(['located_in dcim.site:1']);
  const guest = itemOf(observation, 'virtualization.virtualmachine:5');
  expect(guest.attributes).toMatchObject({
    virtual: true,
    cpu_count: 8,
    memory_bytes: 17_179_869_184,
    address: '10.1.0.50',
  });
  expect(relationsShown(guest)).toEqual([
    'runs_on dcim.device:13',
    'part_of virtualization.cluster:2',
    'located_in dcim.site:1',
    'owned_by tenancy.tenant:4',
  ]);
  expect(relationsShown(itemOf(observation, 'ipam.ipaddress:101'))).toEqual(['installed_on dcim.interface:201']);
  expect(relationsShown(itemOf(observation, 'ipam.ipaddress:103'))).toEqual([
    'installed_on virtualization.virtualmachine:5',
  ]);
  expect(observation.items.some(({ key }) => key === 'ipam.ipaddress:104')).toBe(false);
  const gpus = observation.items.filter((item) => item.class === 'gpu');
  expect(gpus.map((gpu) => [gpu.key, gpu.state, ...identitiesShown(gpu).slice(1), ...relationsShown(gpu)])).toEqual([
    ['dcim.inventoryitem:70', 'in_service', 'serial=nvidia/1653922000001', 'installed_on dcim.device:12'],
    ['dcim.module:80', 'failed', 'serial=nvidia/1653922000009', 'installed_on dcim.device:13'],
  ]);
});

test('links lead through patch panels, planned cables lead nowhere', async () => {
  const observation = await observe();
  const nic = itemOf(observation, 'dcim.interface:201');
  expect(nic).toMatchObject({
    class: 'nic',
    attributes: { interface: 'eno8303', mac: 'b0:7b:25:aa:01:02', speed: 100_000_000_000 },
  });
  expect(identitiesShown(nic)).toEqual([
    'external=netbox:dcim.interface:201',
    'placement=gpu-01/eno8303',
    'mac=b0:7b:25:aa:01:02',
  ]);
  expect(relationsShown(nic)).toEqual(['installed_on dcim.device:12', 'connected_to dcim.interface:301']);
  expect(relationsShown(itemOf(observation, 'dcim.interface:202'))).toEqual([
    'installed_on dcim.device:13',
    'connected_to dcim.interface:302',
  ]);
  expect(itemOf(observation, 'dcim.interface:301').class).toBe('port');
  expect(relationsShown(itemOf(observation, 'dcim.interface:301'))).toEqual(['part_of dcim.device:20']);
  expect(relationsShown(itemOf(observation, 'dcim.interface:303'))).toEqual(['part_of dcim.device:20']);
  expect(observation.items.some(({ key }) => key === 'dcim.interface:203')).toBe(false);
});

test('NetBox 3.7 tells the same', async () => {
  const now = await observe();
  await server.stop();
  const before = await observe({}, { content: fixture('netbox-3.7.json') });
  const plain = ({ items }: Observation) => items.filter((item) => item.class !== 'rack');
  expect(plain(before)).toEqual(plain(now));
});

test('versions before 3.3 tell one end of a cable at a time', async () => {
  const cable = {
    id: 3,
    termination_a_type: 'dcim.interface',
    termination_a_id: 302,
    termination_b_type: 'dcim.interface',
    termination_b_id: 202,
    status: { value: 'connected', label: 'Connected' },
  };
  const observation = await observe({}, { content: { ...lists, 'dcim/cables': [cable] } });
  expect(relationsShown(itemOf(observation, 'dcim.interface:202'))).toContain('connected_to dcim.interface:302');
});

test('a cable leads from the server to the switch, whatever their numbers', async () => {
  const leaf = { id: 20, name: 'leaf1' };
  const observation = await observe(
    {},
    {
      content: {
        ...lists,
        'dcim/interfaces': [
          ...(lists['dcim/interfaces'] ?? []),
          { id: 5, device: leaf, name: 'swp9', type: { value: '100gbase-x-qsfp28' } },
        ],
        'dcim/cables': [
          {
            id: 9,
            a_terminations: [{ object_type: 'dcim.interface', object_id: 5 }],
            b_terminations: [{ object_type: 'dcim.interface', object_id: 202 }],
          },
        ],
      },
    },
  );
  expect(relationsShown(itemOf(observation, 'dcim.interface:202'))).toContain('connected_to dcim.interface:5');
  expect(relationsShown(itemOf(observation, 'dcim.interface:5'))).toEqual(['part_of dcim.device:20']);
});

test('a role that nobody knows is told once, and the configuration says what it is', async () => {
  const observation = await observe();
  expect(observation.problems).toEqual([
    { subject: 'role camera', reason: '1 devices are left out: say under roles what this role is, or ignore' },
  ]);
  const mapped = await look({
    roles: { 'cam*': 'ignore', 'leaf-*': 'chassis' },
    states: { failed: 'rma' },
    system: 'netbox-eu',
  });
  expect(mapped.problems).toEqual([]);
  expect(itemOf(mapped, 'dcim.device:20').class).toBe('chassis');
  expect(itemOf(mapped, 'dcim.device:13').state).toBe('rma');
  expect(identitiesShown(itemOf(mapped, 'dcim.device:12'))[0]).toBe('external=netbox-eu:dcim.device:12');
});

test('lists come page by page, each object once, and only those that are wanted', async () => {
  const observation = await observe({ page_size: 2, skip: ['ip_addresses', 'inventory', 'power'] });
  expect(observation.items.filter(({ key }) => key.startsWith('dcim.device:'))).toHaveLength(4);
  const pages = server.requests
    .filter(({ path }) => path === '/api/dcim/devices/')
    .map(({ form }) => form.get('offset'));
  expect(pages).toEqual([null, '2', '4']);
  expect(server.requests.some(({ path }) => /ip-addresses|inventory|modules|power/.test(path))).toBe(false);
  expect(server.requests.every(({ form }) => form.get('ordering') === 'id')).toBe(true);
});

test('a list that changes while it is read is not taken for complete', async () => {
  server = await startFakeNetBox(lists);
  server.once((response) => send(response, 200, { count: 9, next: null, results: lists['tenancy/tenants'] ?? [] }));
  const observation = await look();
  expect(observation.isComplete).toBe(false);
  expect(observation.problems[0]?.subject).toBe('tenancy/tenants');
});

test('a NetBox behind a proxy that takes itself for plain HTTP is read on; the token goes nowhere else', async () => {
  const observation = await observe({ page_size: 1 }, { knownAs: (url) => url.replace('http:', 'https:') });
  expect(observation.items.length).toBeGreaterThan(10);
  await server.stop();
  await expect(observe({ page_size: 1 }, { knownAs: () => 'http://elsewhere.example.com' })).rejects.toThrow(
    /dcim\/devices\/: the next page is said to be at another place, http:\/\/elsewhere/,
  );
});

describe('failures', () => {
  test('a busy server is asked again', async () => {
    server = await startFakeNetBox(lists);
    server.once((response) => send(response, 429, { detail: 'Request was throttled.' }, { 'retry-after': '0' }));
    server.once((response) => send(response, 502, {}, { 'retry-after': '0' }));
    server.once((response) => response.destroy());
    const observation = await look();
    expect(observation.isComplete).toBe(true);
    expect(server.requests.filter(({ path }) => path === '/api/tenancy/tenants/')).toHaveLength(4);
  });

  test('but not for ever', async () => {
    server = await startFakeNetBox(lists);
    for (let turn = 0; turn < 9; turn += 1)
      server.once((response) => send(response, 500, { detail: 'broken' }, { 'retry-after': '0' }));
    await expect(look()).rejects.toThrow('/api/tenancy/tenants/: HTTP 500 (broken)');
    expect(server.requests).toHaveLength(4);
  });

  test('a wrong token is told, without the token', async () => {
    const error = await observe({}, { token: 'another' }).catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/\/api\/tenancy\/tenants\/: HTTP 403 \(Invalid token\); the token must be right/);
    expect(String(error)).not.toContain('abc123');
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['a login page', '<html><form>Login</form></html>', 'text/html', 'the answer is an HTML page'],
    ['a torn answer', '{"count": 3, "results": [{"id', 'application/json', 'no complete JSON object'],
    ['something else', '{"hello": "world"}', 'application/json', 'no list of results'],
    [
      'an object without a number',
      '{"count": 1, "results": [{"name": "x"}]}',
      'application/json',
      'a result has no id',
    ],
    ['a list in place of an object', '[1, 2]', 'application/json', 'no complete JSON object'],
  ])('%s is told', async (_what, body, type, message) => {
    server = await startFakeNetBox(lists);
    server.once((response) => response.writeHead(200, { 'content-type': type }).end(body));
    await expect(look()).rejects.toThrow(message);
  });

  test('a redirect is not followed', async () => {
    server = await startFakeNetBox(lists);
    server.once((response) => response.writeHead(302, { location: 'http://elsewhere.example.com/login' }).end());
    await expect(look()).rejects.toThrow('HTTP 302, a redirect');
  });

  test('a list without an end is left', async () => {
    server = await startFakeNetBox(lists);
    server.once((response, { path, form }) =>
      send(response, 200, { count: 9, next: `${server.url}${path}?${form.toString()}`, results: [{ id: 1 }] }),
    );
    await expect(look()).rejects.toThrow('the next page is the same page again');
  });

  test('more objects than are allowed are refused before they fill the memory', async () => {
    await expect(observe({ max_objects: 5 })).rejects.toThrow('raise max_objects or skip the list');
  });

  test('a hanging server costs the timeout, a stop costs nothing', async () => {
    server = await startFakeNetBox(lists);
    server.once(() => undefined);
    const controller = new AbortController();
    const stopped = observeOnce(
      netbox,
      { url: server.url, token_file: 'x' },
      { deps, context: { ...silentContext, signal: controller.signal } },
    );
    setTimeout(() => controller.abort(), 50);
    await expect(stopped).rejects.toThrow('stopped');
  });

  test('objects of odd shapes cost themselves alone', async () => {
    const odd = [
      {
        id: 90,
        name: null,
        device_type: 'text',
        role: { slug: 'server' },
        serial: ['x'],
        rack: 'r1',
        status: 7,
        custom_fields: [],
      },
      { id: 91, name: '=HYPERLINK("x")\u0000', role: { slug: 'server' }, custom_fields: null, position: 'NaN' },
    ];
    const observation = await observe(
      {},
      {
        content: {
          ...lists,
          'dcim/devices': [...(lists['dcim/devices'] ?? []), ...odd],
          'dcim/interfaces': [{ id: 1, device: 12, name: {} }],
          'dcim/cables': [{ id: 1, a_terminations: 'x', b_terminations: [null, 3] }],
        },
      },
    );
    expect(identitiesShown(itemOf(observation, 'dcim.device:90'))).toEqual(['external=netbox:dcim.device:90']);
    expect(itemOf(observation, 'dcim.device:91').name).toBe('=HYPERLINK("x")');
    expect(itemOf(observation, 'dcim.device:12').class).toBe('server');
  });
});

test.each([
  [{}, 'sources[0].url must be a text'],
  [{ url: 'https://x' }, 'sources[0].token_file must be a text'],
  [{ url: 'https://x', token_file: '/t', roles: { leaf: 'swtich' } }, 'sources[0].roles.leaf must be one of'],
  [{ url: 'https://x', token_file: '/t', skip: ['cable'] }, 'sources[0].skip[0] must be one of'],
  [
    { url: 'https://x', token_file: '/t', certificate_sha256: 'abc' },
    'sources[0].certificate_sha256 must be a SHA-256',
  ],
  [{ url: 'https://x', token_file: '/t', page_size: 0 }, 'sources[0].page_size must be a whole number from 1'],
])('%j is refused', async (entry, message) => {
  server = await startFakeNetBox({});
  expect(() => observeOnce(netbox, entry, { deps })).toThrow(message);
});
