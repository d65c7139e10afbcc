import { cpSync, mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { lldp } from '../../../../../exporters/cmdb/sources/lldp/index.ts';
import { parseLldp } from '../../../../../exporters/cmdb/sources/lldp/parse-lldp.ts';
import { SourceError } from '../../../../../kit/errors.ts';
import { identitiesShown, itemOf, observeOnce, relationsShown } from '../../../../support/observe.ts';

const fixtures = join(__dirname, '../../../../fixtures/cmdb/lldp');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-lldp-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function take(kind: string, ...hosts: readonly string[]): void {
  for (const host of hosts) {
    cpSync(join(fixtures, kind, `${host}.json`), join(folder, `${host}.json`));
    utimesSync(join(folder, `${host}.json`), new Date(), new Date());
  }
}

function look(more: Readonly<Record<string, unknown>> = {}) {
  return observeOnce(lldp, { files: join(folder, '*.json'), switches: ['leaf*', 'spine*'], ...more });
}

test.each(['json0', 'json'])(
  '%s: interfaces, the switches that they see, and the cables between them',
  async (kind) => {
    take(kind, 'gpu-01', 'gpu-02');
    const observation = await look({ switches: undefined });
    expect(observation).toMatchObject({ isComplete: true, failedScopes: [], problems: [] });
    expect(observation.items.map(({ key }) => key).sort()).toEqual([
      'nic:gpu-01/eno8303',
      'nic:gpu-01/ens3f1',
      'nic:gpu-02/eno8303',
      'port:leaf1/swp1',
      'port:leaf1/swp2',
      'port:leaf2/swp1',
      'server:gpu-01',
      'server:gpu-02',
      'switch:leaf1',
      'switch:leaf2',
    ]);
    const nic = itemOf(observation, 'nic:gpu-01/eno8303');
    expect(nic).toMatchObject({ class: 'nic', scope: 'gpu-01', attributes: { interface: 'eno8303' } });
    expect(identitiesShown(nic)).toEqual(['placement=gpu-01/eno8303']);
    expect(relationsShown(nic)).toEqual(['installed_on server:gpu-01', 'connected_to port:leaf1/swp1']);
    const leaf = itemOf(observation, 'switch:leaf1');
    expect(identitiesShown(leaf)).toEqual(['hostname=leaf1', 'mac=48:b0:2d:00:00:01', 'ip=10.9.1.1']);
    expect(leaf).toMatchObject({ name: 'leaf1', attributes: { address: '10.9.1.1' } });
    expect(identitiesShown(itemOf(observation, 'switch:leaf2'))).toContain('fqdn=leaf2.example.com');
    expect(relationsShown(itemOf(observation, 'port:leaf1/swp2'))).toEqual(['part_of switch:leaf1']);
  },
);

test('both shapes of lldpd tell the same', async () => {
  const hosts = ['gpu-01', 'gpu-02', 'leaf1', 'spine1'];
  take('json0', ...hosts);
  const first = await look();
  take('json', ...hosts);
  expect(await look()).toEqual(first);
});

test('a link that both of its ends see is one', async () => {
  take('json', 'gpu-01', 'gpu-02', 'leaf1', 'spine1');
  const observation = await look();
  const nics = observation.items.filter((item) => item.class === 'nic' && item.isMention !== true);
  expect(nics.map(({ key }) => key)).toEqual(['nic:gpu-01/eno8303', 'nic:gpu-01/ens3f1', 'nic:gpu-02/eno8303']);
  // The switch tells the address that the host does not.
  expect(identitiesShown(itemOf(observation, 'nic:gpu-01/eno8303'))).toEqual([
    'placement=gpu-01/eno8303',
    'mac=b0:7b:25:aa:01:02',
  ]);
  expect(relationsShown(itemOf(observation, 'port:leaf1/swp1'))).toEqual(['part_of switch:leaf1']);
  const uplinks = observation.items.flatMap((item) =>
    relationsShown(item)
      .filter((shown) => /connected_to port:spine1|leaf1\/swp32/.test(shown))
      .map((shown) => `${item.key} ${shown}`),
  );
  expect(uplinks).toEqual(['port:leaf1/swp32 connected_to port:spine1/swp1']);
});

test('a server that only a switch tells of is mentioned, never made', async () => {
  take('json', 'leaf1');
  const observation = await look();
  for (const key of ['server:gpu-09', 'nic:gpu-09/eno8303']) expect(itemOf(observation, key).isMention).toBe(true);
  expect(itemOf(observation, 'switch:leaf1').isMention).toBeUndefined();
});

test('a torn file and one that is too old fail their hosts alone', async () => {
  take('json', 'gpu-01', 'gpu-02', 'leaf1');
  truncateSync(join(folder, 'gpu-01.json'), 200);
  const old = new Date(Date.now() - 2 * 86_400_000);
  utimesSync(join(folder, 'gpu-02.json'), old, old);
  const observation = await look();
  expect(observation.failedScopes).toEqual(['gpu-01', 'gpu-02']);
  expect(observation.problems.map(({ reason }) => reason)).toEqual([
    expect.stringContaining('gpu-01.json: it is no complete JSON: 200 characters'),
    expect.stringMatching(/gpu-02\.json: it was written 1728\d\d s ago, more than the 86400 s of max_age/),
  ]);
  expect(itemOf(observation, 'port:leaf1/swp1').class).toBe('port');
  expect((await look({ max_age: '3d' })).failedScopes).toEqual(['gpu-01']);
});

test('files that are no tables, too large or no files at all', async () => {
  take('json', 'gpu-01');
  writeFileSync(join(folder, 'a.json'), '{"configuration": {}}');
  writeFileSync(join(folder, 'b.json'), '');
  writeFileSync(join(folder, 'c.json'), `{"lldp": "${'x'.repeat(17 * 1024 * 1024)}"}`);
  symlinkSync('/dev/zero', join(folder, 'd.json'));
  symlinkSync('/nonexistent', join(folder, 'e.json'));
  const observation = await look();
  expect(observation.failedScopes).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(observation.problems.map(({ reason }) => reason.replace(/^.*json: /, ''))).toEqual([
    'it has no lldp at its top; write it by lldpcli show neighbors -f json0',
    'it is no complete JSON: 0 characters',
    'it is larger than 16777216 bytes',
    'it is no plain file',
    'it cannot be read: ENOENT',
  ]);
  expect(itemOf(observation, 'server:gpu-01').class).toBe('server');
});

test('a host without neighbours, and neighbours without names', () => {
  expect(parseLldp({ lldp: {} })).toEqual([]);
  expect(parseLldp({ lldp: [{}] })).toEqual([]);
  const nameless = {
    lldp: {
      interface: {
        eth0: {
          via: 'LLDP',
          chassis: { id: { type: 'mac', value: 'aa:bb:cc:00:11:22' } },
          port: { id: { type: 'local', value: '7' } },
        },
      },
    },
  };
  expect(parseLldp(nameless)).toMatchObject([
    { interface: 'eth0', chassis: { name: undefined, id: { type: 'mac' } }, port: { id: { value: '7' } } },
  ]);
});

test('without any file the source fails rather than telling that nothing is there', async () => {
  await expect(look()).rejects.toThrow('no file matches');
  await expect(look({ files: '/nonexistent/*.json' })).rejects.toThrow(
    'the folder /nonexistent cannot be read: ENOENT',
  );
});

test('no JSON makes the parser throw anything but a SourceError', () => {
  const keys = fc.constantFrom(
    'lldp',
    'interface',
    'name',
    'chassis',
    'port',
    'id',
    'value',
    'type',
    'capability',
    'eth0',
    '__proto__',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom('x', 1, null, true),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(tree, (json) => {
      try {
        parseLldp({ lldp: json });
      } catch (error) {
        expect(error).toBeInstanceOf(SourceError);
      }
    }),
    { numRuns: 500 },
  );
});
