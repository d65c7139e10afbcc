import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { daemonStores } from '../../../cli/store/daemon-stores.ts';
import type { Store } from '../../../kit/store/store.ts';
import { buildDist } from '../../support/dist.ts';
import { createStoreBench, type EngineKind } from '../../support/stores.ts';

const { schema } = daemonStores.cmdb;
const bench = createStoreBench();
let dist: string;
let folder: string;

beforeAll(async () => {
  dist = await buildDist();
  folder = mkdtempSync(join(tmpdir(), 'fl-backup-'));
});

afterAll(async () => {
  await bench.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly stderr: string;
}

/** Through a shell, for the streams. */
function fleetlens(line: string): Promise<Ended> {
  return new Promise((resolve) => {
    const command = `exec "${process.execPath}" "${join(dist, 'cli', 'main.js')}" store ${line}`;
    execFile('/bin/sh', ['-c', command], { cwd: folder }, (error, _stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stderr });
    });
  });
}

type Place = Awaited<ReturnType<typeof bench.place>>;

function open(kind: EngineKind, place: Place): Promise<Store<unknown>> {
  return daemonStores.cmdb
    .migrations()
    .then((migrations) => bench.open<unknown>(kind, { migrations, schema, ...place }));
}

const insert = (store: Store<unknown>, from: number, to: number) =>
  sql`insert into item select g, 'server', 'node ' || g, 'in_service', '{}', '{}', '[]', '[]', 1, now(), now()
    from generate_series(${from}::int, ${to}::int) g`.execute(store.db);

const count = async (store: Store<unknown>): Promise<number | undefined> =>
  (await sql<{ count: number }>`select count(*)::int as count from item`.execute(store.db)).rows[0]?.count;

function options(place: Place, name: string): string {
  if (place.url === undefined) return `--store.folder=${place.folder}`;
  const file = join(folder, `${name}.url`);
  writeFileSync(file, `${place.url}\n`, { mode: 0o600 });
  return `--store.url-file=${file}`;
}

let embedded: Place;
let server: Place;

beforeAll(async () => {
  embedded = await bench.place('embedded');
  server = await bench.place('postgresql');
  const store = await open('embedded', embedded);
  await insert(store, 1, 5000);
  await store.close();
});

test('a backup of the embedded database moves to a server and back', async () => {
  const there = await fleetlens(`backup --file=a.backup ${options(embedded, 'a')}`);
  expect(there).toEqual({ code: 0, stderr: expect.stringMatching(/\d+ rows of \d+ tables are in a\.backup\n$/) });
  expect(there.stderr).toMatch(/^fleetlens store backup: \d+ % \d+ rows, item\n/);
  expect(statSync(join(folder, 'a.backup')).mode & 0o777).toBe(0o600);
  const restored = await fleetlens(`restore --file=a.backup ${options(server, 'server')}`);
  expect(restored).toEqual({ code: 0, stderr: expect.stringContaining('are restored and compared') });
  const store = await open('postgresql', server);
  expect(await count(store)).toBe(5000);
  await insert(store, 5001, 5010);
  await store.close();
  const back = await bench.place('embedded');
  const piped = await fleetlens(
    `backup --file=- ${options(server, 'server')} | "${process.execPath}" "${join(dist, 'cli', 'main.js')}" store restore --file=- ${options(back, 'back')}`,
  );
  expect(piped.code).toBe(0);
  const again = await open('embedded', back);
  expect(await count(again)).toBe(5010);
});

test('while the daemon has the embedded database open both are refused, with the remedy', async () => {
  const store = await open('embedded', embedded);
  for (const command of ['backup', 'restore']) {
    writeFileSync(join(folder, 'some'), '');
    const { code, stderr } = await fleetlens(
      `${command} --file=${command === 'backup' ? 'other' : 'some'} ${options(embedded, 'a')}`,
    );
    expect(code).toBe(2);
    expect(stderr).toContain(`the folder ${embedded.folder} is in use by process ${process.pid}`);
    expect(stderr).toContain('stop that one');
  }
  expect(existsSync(join(folder, 'other'))).toBe(false);
  await store.close();
});

test.each([
  ['backup', 'backup', '--file is missing: name the file to write'],
  ['backup', 'backup --file=b --store.folder=/nowhere/at/all', 'there is no database in /nowhere/at/all'],
  ['backup', 'backup --file=b --daemon=gpu', 'daemon must be one of cmdb, billing, got "gpu"'],
  ['backup', 'backup --file=b --store.url-file=/none', 'cannot read --store.url-file /none'],
  ['restore', 'restore', '--file is missing: name the backup'],
  ['restore', 'restore --file=none', 'there is no file none'],
])('%s: a wrong line "%s" is one line of error', async (_command, line, message) => {
  const { code, stderr } = await fleetlens(line);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a file that is there is replaced only when that is asked for', async () => {
  writeFileSync(join(folder, 'precious'), 'precious');
  const line = `backup --file=precious ${options(embedded, 'a')}`;
  expect(await fleetlens(line)).toEqual({
    code: 2,
    stderr: expect.stringContaining('the file precious is there already'),
  });
  expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('precious');
  expect((await fleetlens(`${line} --force`)).code).toBe(0);
  expect(statSync(join(folder, 'precious')).size).toBeGreaterThan(1000);
});

test('a backup for which there is no room, or no folder, leaves nothing behind', async () => {
  const before = readdirSync(folder);
  expect(await fleetlens(`backup --file=no/such/folder ${options(embedded, 'a')}`)).toEqual({
    code: 2,
    stderr: expect.stringContaining('cannot write no/such/folder: ENOENT'),
  });
  const full = await fleetlens(`backup --file=- ${options(embedded, 'a')} >/dev/full`);
  expect(full).toEqual({ code: 2, stderr: expect.stringContaining('cannot write standard output: ENOSPC') });
  expect(readdirSync(folder)).toEqual(before);
});

test.each([
  ['cut off', (whole: Buffer) => whole.subarray(0, whole.length / 2), 'is cut off; take another backup'],
  [
    'damaged',
    (whole: Buffer) => Buffer.concat([whole.subarray(0, 5000), Buffer.alloc(50, 7), whole.subarray(5050)]),
    'damaged',
  ],
  ['of something else', () => Buffer.from('hello'), 'is damaged, or no backup of FleetLens'],
  ['empty', () => Buffer.alloc(0), 'is cut off; take another backup'],
])('a restore of a file that is %s fails and changes nothing', async (_what, damage, message) => {
  writeFileSync(join(folder, 'bad'), damage(readFileSync(join(folder, 'precious'))));
  const { code, stderr } = await fleetlens(`restore --replace --file=bad ${options(embedded, 'a')}`);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
  const store = await open('embedded', embedded);
  expect(await count(store)).toBe(5000);
  await store.close();
});

test('a file of the URL that everybody can read, or that holds more than a URL, is refused without a word of it', async () => {
  const file = join(folder, 'open.url');
  writeFileSync(file, 'postgresql://u:Geheim77@h/d', { mode: 0o644 });
  const readable = await fleetlens(`backup --file=c --store.url-file=${file}`);
  expect(readable).toEqual({
    code: 2,
    stderr: expect.stringContaining('holds a password and is open to everybody; chmod 640'),
  });
  writeFileSync(join(folder, 'two.url'), 'postgresql://u:Geheim77@h/d\npostgresql://u:Geheim77@h/e', { mode: 0o600 });
  writeFileSync(join(folder, 'long.url'), `postgresql://u:Geheim77@h/${'x'.repeat(5000)}`, { mode: 0o600 });
  writeFileSync(join(folder, 'empty.url'), '\n', { mode: 0o600 });
  const said = [readable.stderr];
  for (const [name, message] of [
    ['two', 'must hold one URL and nothing else'],
    ['long', 'a URL has at most 4096'],
    ['empty', 'is empty'],
  ]) {
    const { code, stderr } = await fleetlens(`backup --file=c --store.url-file=${join(folder, `${name}.url`)}`);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    said.push(stderr);
  }
  expect(said.join()).not.toContain('Geheim77');
});
