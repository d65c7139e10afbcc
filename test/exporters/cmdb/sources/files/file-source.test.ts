import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExportedItem, toCsv, toYaml } from '../../../../../exporters/cmdb/sources/files/export-items.ts';
import { files } from '../../../../../exporters/cmdb/sources/files/index.ts';
import { SourceError } from '../../../../../kit/errors.ts';
import { identitiesShown, itemOf, observeOnce, relationsShown } from '../../../../support/observe.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const servers = `Hostname;Serial Number;Manufacturer;Model;Site;Room;Rack;Unit;Tenant;Owner;Status;Kostenstelle;Switch;Port;PDU
gpu-01.example.com;ABC123;Dell Inc.;XE9680;fra1;h1;r1;17;vision;alice;active;4711;leaf1;swp1;r1/pdu-a|r1/pdu-b
gpu-02;ABC124;Dell Inc.;XE9680;fra1;h1;r1;25;;;RMA;;leaf1;swp2;
`;

test('a list of servers becomes servers, places, owners, ports and power', async () => {
  const path = write('servers.csv', servers);
  const observation = await observeOnce(files, { files: path, columns: { Kostenstelle: 'cost_centre' } });
  expect(observation).toMatchObject({ isComplete: true, failedScopes: [], problems: [] });
  const server = itemOf(observation, 'server:gpu-01');
  expect(server).toMatchObject({
    class: 'server',
    name: 'gpu-01.example.com',
    state: 'in_service',
    scope: path,
    attributes: { serial: 'ABC123', vendor: 'Dell Inc.', model: 'XE9680', rack_unit: 17, cost_centre: '4711' },
  });
  expect(identitiesShown(server)).toEqual(['serial=dell/abc123', 'fqdn=gpu-01.example.com', 'hostname=gpu-01']);
  expect(relationsShown(server)).toEqual([
    'located_in rack:fra1/r1',
    'owned_by tenant:vision',
    'owned_by person:alice',
    'powered_by pdu:r1/pdu-a',
    'powered_by pdu:r1/pdu-b',
    'connected_to port:leaf1/swp1',
  ]);
  expect(identitiesShown(itemOf(observation, 'rack:fra1/r1'))).toEqual(['name=fra1/r1', 'name=r1']);
  expect(relationsShown(itemOf(observation, 'rack:fra1/r1'))).toEqual(['located_in room:fra1/h1']);
  expect(relationsShown(itemOf(observation, 'room:fra1/h1'))).toEqual(['located_in site:fra1']);
  expect(relationsShown(itemOf(observation, 'port:leaf1/swp1'))).toEqual(['part_of switch:leaf1']);
  expect(itemOf(observation, 'server:gpu-02').state).toBe('rma');
});

test('a row that makes no sense is told with its line, and keeps its file from being taken for complete', async () => {
  const path = write(
    'a.csv',
    'class,name,state\nserver,a,in_service\nsevrer,b,in_service\nserver,c,gone\nserver,d,\nserver,A,\n',
  );
  const observation = await observeOnce(files, { files: path });
  expect(observation.items.map(({ key }) => key)).toEqual(['server:a', 'server:d']);
  expect(observation.failedScopes).toEqual([path]);
  expect(observation.problems.map(({ reason }) => reason)).toEqual([
    `${path}:3: class sevrer is unknown; did you mean server?`,
    `${path}:4: state must be one of planned, in_service, maintenance, failed, rma, retired, got gone`,
    'is about server:a again, which line 2 is about; this one is left out',
  ]);
});

test('a rack is told by its name until two sites have one of that name', async () => {
  const one = await observeOnce(files, {
    files: write('one.csv', 'class,name,site,rack\nserver,a,,r1\nrack,r1,fra1,\n'),
  });
  expect(relationsShown(itemOf(one, 'server:a'))).toEqual(['located_in rack:fra1/r1']);
  expect(one.items.filter((item) => item.class === 'rack')).toHaveLength(1);
  const two = await observeOnce(files, {
    files: write('two.csv', 'class,name,site,rack\nserver,a,,r1\nrack,r1,fra1,\nrack,r1,ams1,\nserver,b,ams1,r1\n'),
  });
  expect(relationsShown(itemOf(two, 'server:a'))).toEqual([]);
  expect(relationsShown(itemOf(two, 'server:b'))).toEqual(['located_in rack:ams1/r1']);
  expect(identitiesShown(itemOf(two, 'rack:fra1/r1'))).toEqual(['name=fra1/r1']);
  expect(two.problems).toEqual([
    { subject: 'rack:r1', reason: expect.stringContaining('several items have this name') },
  ]);
});

test('YAML tells the same, with attributes and relations of any kind', async () => {
  const path = write(
    'items.yaml',
    `- class: server
  name: gpu-01
  serial: ABC123
  vendor: Dell
  attributes: {cluster: a, watts: 700, tags: [x, y], purchased: 2026-01-31}
  relations:
    depends_on: [storage/lustre, switch/leaf1]
    located_in: rack/r1
- {class: gpu, uuid: GPU-1, serial: 1653922000001, parent: gpu-01}
`,
  );
  const observation = await observeOnce(files, { files: path });
  const server = itemOf(observation, 'server:gpu-01');
  expect(server.attributes).toEqual({
    serial: 'ABC123',
    vendor: 'Dell',
    cluster: 'a',
    watts: 700,
    tags: ['x', 'y'],
    purchased: '2026-01-31',
  });
  expect(relationsShown(server)).toEqual([
    'depends_on storage:lustre',
    'depends_on switch:leaf1',
    'located_in rack:r1',
  ]);
  const gpu = itemOf(observation, 'gpu:1653922000001');
  expect(identitiesShown(gpu)).toEqual(['uuid=gpu-1', 'serial=nvidia/1653922000001']);
  expect(relationsShown(gpu)).toEqual(['installed_on server:gpu-01']);
});

const exported: readonly ExportedItem[] = [
  {
    class: 'rack',
    name: 'r1',
    state: 'in_service',
    attributes: { rack_units: 48, note: '=cmd|calc', cluster: 'a', tags: ['x|y', 'z'], watts: 12_000, cooled: true },
    identities: [{ kind: 'name', value: 'fra1/r1' }],
    relations: [],
  },
  {
    class: 'rack',
    name: 'r1',
    state: 'planned',
    attributes: { note: '-5 "quoted", twice' },
    identities: [
      { kind: 'external', value: 'netbox:dcim.rack:2' },
      { kind: 'name', value: 'ams1/r1' },
    ],
    relations: [],
  },
  {
    class: 'server',
    name: 'gpu-01',
    state: 'rma',
    attributes: { serial: '007', vendor: 'Dell' },
    identities: [
      { kind: 'serial', value: 'dell/007' },
      { kind: 'hostname', value: 'gpu-01' },
    ],
    relations: [{ type: 'located_in', class: 'rack', identity: { kind: 'external', value: 'netbox:dcim.rack:2' } }],
  },
];

test.each([
  ['csv', (): string => [...toCsv(exported)].join('')],
  ['yaml', (): string => [...toYaml(exported)].join('')],
])('what is exported as %s is the same when it is read back', async (format, text) => {
  const observation = await observeOnce(files, { files: write(`export.${format}`, text()) });
  expect(observation).toMatchObject({ isComplete: true, failedScopes: [], problems: [] });
  const back = observation.items.map((item) => ({
    class: item.class,
    name: item.name,
    state: item.state,
    attributes: item.attributes,
    identities: item.identities,
    relations: item.relations.map(({ type, to }) => ({ type, to })),
  }));
  expect(back).toEqual(
    exported.map((item, index) => ({
      ...item,
      relations: index === 2 ? [{ type: 'located_in', to: 'rack:external=netbox:dcim.rack:2' }] : [],
    })),
  );
});

test('no field of an export begins with what a spreadsheet runs', () => {
  const text = [...toCsv(exported)].join('');
  expect(text).toContain("'=cmd|calc");
  expect(text).toContain('"\'-5 ""quoted"", twice"');
});

test('one bad file of several fails alone; if all are bad, the source says why', async () => {
  write('good.csv', 'name\na\n');
  const bad = write('bad.csv', 'name\n"b\n');
  const observation = await observeOnce(files, { files: join(folder, '*.csv') });
  expect(observation.items.map(({ key }) => key)).toEqual(['server:a']);
  expect(observation.failedScopes).toEqual([bad]);
  await expect(observeOnce(files, { files: bad })).rejects.toThrow(`${bad}:2: column name`);
  await expect(observeOnce(files, { files: join(folder, 'none.csv') })).rejects.toThrow('cannot be read: ENOENT');
  await expect(observeOnce(files, { files: join(folder, '*.tsv') })).rejects.toThrow('no file matches');
  await expect(observeOnce(files, { files: write('a.yaml', '- [1\n') })).rejects.toThrow(
    /a\.yaml:\d+:\d+ is no valid YAML/,
  );
});

test.each([
  ['nested without end', '['.repeat(200_000)],
  ['an alias in itself', '- &a {name: x, attributes: *a}'],
  [
    'a bomb of aliases',
    `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[index]}`).join(',')}]`)
      .join('\n')}\nitems: [{name: x, tags: *i}]`,
  ],
  ['no list', 'hello: 1'],
  ['no items', '- 1\n- 2'],
  ['nothing', ''],
])('YAML with %s is refused in words', async (_what, text) => {
  await expect(observeOnce(files, { files: write('bad.yaml', text) })).rejects.toBeInstanceOf(SourceError);
});

test('a pipe, a device and a folder are refused, also behind a link', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe.csv')]);
  await expect(observeOnce(files, { files: join(folder, 'pipe.csv') })).rejects.toThrow('is no plain file');
  symlinkSync('/dev/zero', join(folder, 'zero.yaml'));
  await expect(observeOnce(files, { files: join(folder, 'zero.yaml') })).rejects.toThrow('no plain file');
  await expect(observeOnce(files, { files: folder })).rejects.toThrow('is no plain file');
});

test('names that mean something in JavaScript are names like others', async () => {
  const path = write('odd.csv', 'name,constructor,__proto__,toString\n__proto__,x,y,z\nconstructor,x,y,z\n');
  const observation = await observeOnce(files, { files: path });
  expect(observation.items.map(({ key }) => key)).toEqual(['server:__proto__', 'server:constructor']);
  expect(itemOf(observation, 'server:constructor').attributes).toEqual({
    constructor: 'x',
    proto: 'y',
    to_string: 'z',
  });
});

test.each([
  [{ files: 'a.csv', class: 'sever' }, 'sources[0].class must be one of'],
  [{ files: 'a.csv', format: 'xml' }, 'sources[0].format must be one of csv, yaml'],
  [{ files: '/var/*/a.csv' }, 'sources[0].files may have * only in the name of the file'],
  [{}, 'sources[0].files must be a text or a list of texts'],
  [{ files: 'a.csv', columns: { x: 'Not A Key' } }, 'sources[0].columns.x must be'],
  [{ files: 'a.csv', delimiter: 'x' }, 'sources[0].delimiter must be one of'],
])('%j is refused', (entry, message) => {
  expect(() => observeOnce(files, entry)).toThrow(message);
});
