import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { main } from '../../../cli/commands.ts';
import { ansibleRoutes } from '../../../exporters/cmdb/api/routes/ansible-routes.ts';
import type { CmdbStore } from '../../../exporters/cmdb/store/cmdb-store.ts';
import { type RunningApi, startCmdbApi } from '../../support/cmdb-routes.ts';
import { smallSite } from '../../support/cmdb-site.ts';
import { type FakeHttpServer, startFakeHttpServer } from '../../support/fake-http-server.ts';
import { freePort } from '../../support/free-port.ts';

let api: RunningApi;
let guarded: FakeHttpServer;
const folder = mkdtempSync(join(tmpdir(), 'fleetlens-ansible-'));

beforeAll(async () => {
  const store = { inventory: smallSite() } as unknown as CmdbStore;
  api = await startCmdbApi(ansibleRoutes, { store });
  guarded = await startFakeHttpServer((response, { headers }) => {
    const isKnown = headers['authorization'] === 'Bearer s3cret';
    const error = { error: { code: 'unauthorized', message: 'this needs a bearer token with the role reader' } };
    response.writeHead(isKnown ? 200 : 401).end(JSON.stringify(isKnown ? {} : error));
  });
  writeFileSync(join(folder, 'token'), 's3cret\n');
});
afterAll(async () => {
  await api?.stop();
  await guarded?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function run(args: readonly string[], url = api.url): Promise<Run> {
  const written = { out: '', err: '' };
  const keep = (where: 'out' | 'err') => (text: unknown) => {
    written[where] += String(text);
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(keep('out')),
    jest.spyOn(process.stderr, 'write').mockImplementation(keep('err')),
  ];
  try {
    const status = await main(['cmdb', 'ansible', ...args, `--cmdb.url=${url}`]);
    return { status, ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test('it answers as an inventory script, with the name of the host behind a blank', async () => {
  const list = await run(['--list']);
  expect(list.status).toBe(0);
  expect(JSON.parse(list.out)).toMatchObject({
    _meta: { hostvars: { 'node-1': { ansible_host: '10.0.0.1' } } },
    rack_r1: { hosts: ['node-1', 'node-2'] },
  });
  for (const args of [['--host', 'node-1'], ['--host=node-1']])
    expect(JSON.parse((await run(args)).out)).toMatchObject({ ansible_host: '10.0.0.1', cmdb_rack: 'r1' });
  expect(await run(['--host', 'nobody'])).toEqual({ status: 0, out: '{}\n', err: '' });
});

test('it writes the inventory as a file', async () => {
  const { out } = await run(['--yaml']);
  expect(load(out)).toMatchObject({ all: { children: { role_gpu: { hosts: { 'node-1': {} } } } } });
});

test('a token comes from a file', async () => {
  expect((await run(['--list', `--cmdb.token-file=${join(folder, 'token')}`], guarded.url)).status).toBe(0);
  expect(await run(['--list'], guarded.url)).toEqual({
    status: 1,
    out: '',
    err: 'fleetlens cmdb ansible: the daemon answered 401: this needs a bearer token with the role reader\n',
  });
});

test('a daemon that is away is an error, not an empty inventory', async () => {
  const away = await run(['--list'], `http://127.0.0.1:${await freePort()}`);
  expect(away).toMatchObject({ status: 1, out: '' });
  expect(away.err).toContain('cannot be reached');
});

test.each([
  [[], 'one of --list, --host=NAME and --yaml is needed'],
  [['--list', '--yaml'], 'one of --list, --host=NAME and --yaml is needed'],
  [['--list', '--cmdb.token-file=/none/such'], '--cmdb.token-file cannot be read'],
])('%j is refused', async (args, reason) => {
  const refused = await run(args);
  expect(refused.status).toBe(2);
  expect(refused.err).toContain(reason);
});

test('an address that is none or holds a password is refused', async () => {
  const secret = await run(['--list'], 'http://ada:s3cret@cmdb:9412');
  expect(secret).toMatchObject({ status: 2, err: expect.not.stringContaining('s3cret') });
  expect((await run(['--list'], 'cmdb:9412')).err).toContain('--cmdb.url must be an address such as');
});
