import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import { packageRoot } from '../../../kit/package-root.ts';
import { pgliteVersion, postgresMajor } from '../../../kit/store/embedded/pglite-version.ts';
import { readTemplate, templateFile } from '../../../kit/store/embedded/template.ts';
import { unpack } from '../../../kit/store/embedded/unpack.ts';
import { buildDist } from '../../support/dist.ts';
import { startStoreChild } from '../../support/store-child.ts';
import { createStoreBench, quietLog } from '../../support/stores.ts';

const migrations = {
  '001-row': {
    up: (db: Kysely<unknown>) =>
      sql`create table row (id bigint primary key, text text)`.execute(db).then(() => undefined),
  },
};

let dist: string;
const bench = createStoreBench();

beforeAll(async () => {
  dist = await buildDist();
});

afterAll(() => bench.stop());

describe('fsync', () => {
  test('brings every commit to the disk, and every file at a checkpoint', async () => {
    const store = await bench.open<unknown>('embedded', { migrations });
    const fsyncs = (): number => store.database.fsyncs() ?? 0;
    await sql`insert into row values (0)`.execute(store.db);
    const before = fsyncs();
    for (let id = 1; id <= 100; id++) await sql`insert into row values (${id})`.execute(store.db);
    expect(fsyncs() - before).toBeGreaterThanOrEqual(100);
    const beforeCheckpoint = fsyncs();
    await sql`checkpoint`.execute(store.db);
    expect(fsyncs() - beforeCheckpoint).toBeGreaterThanOrEqual(3);
    const beforeReading = fsyncs();
    await sql`select count(*) from row`.execute(store.db);
    expect(fsyncs() - beforeReading).toBe(0);
    const { rows } =
      await sql`select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'wal_sync_method', 'synchronous_commit', 'data_checksums') order by name`.execute(
        store.db,
      );
    expect(rows).toEqual([
      { name: 'data_checksums', setting: 'on' },
      { name: 'fsync', setting: 'on' },
      { name: 'full_page_writes', setting: 'on' },
      { name: 'synchronous_commit', setting: 'on' },
      { name: 'wal_sync_method', setting: 'fsync' },
    ]);
  });

  test('a failed one ends the process, which could not tell any more what is on the disk', async () => {
    const child = startStoreChild(dist, 'failing-fsync', {});
    expect(await child.ended).toBe('SIGKILL');
    expect(child.stderr()).toContain('the embedded database stops the process, to lose nothing: fsync failed: EINVAL');
    expect(child.stdout()).not.toContain('survived');
  });
});

describe('a folder', () => {
  test('of another version of PostgreSQL is refused, and left as it is', async () => {
    const { folder } = await bench.place('embedded');
    mkdirSync(join(folder, 'data'), { recursive: true });
    writeFileSync(join(folder, 'data', 'PG_VERSION'), '16\n');
    await expect(bench.open('embedded', { migrations, folder })).rejects.toThrow(
      `the database in ${folder} is of PostgreSQL 16, and this version reads ${postgresMajor}`,
    );
    expect(readdirSync(join(folder, 'data'))).toEqual(['PG_VERSION']);
  });

  test('with something else in the place of the data is refused, and left as it is', async () => {
    const { folder } = await bench.place('embedded');
    mkdirSync(join(folder, 'data'), { recursive: true });
    writeFileSync(join(folder, 'data', 'letter.txt'), 'dear all');
    await expect(bench.open('embedded', { migrations, folder })).rejects.toThrow(
      /cannot lay a database in .*ENOTEMPTY/,
    );
    expect(readdirSync(join(folder, 'data'))).toEqual(['letter.txt']);
  });

  test('that cannot be made is an error that names it', async () => {
    const { folder } = await bench.place('embedded');
    writeFileSync(join(folder, 'file'), '');
    await expect(bench.open('embedded', { migrations, folder: join(folder, 'file', 'sub') })).rejects.toThrow(
      /cannot make the folder .*sub of the database: .*ENOTDIR/,
    );
  });

  test('in which a process was stopped while it laid the database is laid anew', async () => {
    const { folder } = await bench.place('embedded');
    mkdirSync(join(folder, 'data.new', 'base'), { recursive: true });
    writeFileSync(join(folder, 'data.new', 'PG_VERSION'), postgresMajor);
    await bench.open('embedded', { migrations, folder });
    expect(readdirSync(folder).sort()).toEqual(['data', 'lock']);
  });
});

describe('the template', () => {
  test('is of the version of PGlite that is installed', () => {
    const manifest: { version: string } = JSON.parse(
      readFileSync(join(packageRoot, 'node_modules/@electric-sql/pglite/package.json'), 'utf8'),
    );
    expect(manifest.version).toBe(pgliteVersion);
    const folder = mkdtempSync(join(tmpdir(), 'fl-template-'));
    unpack(gunzipSync(readFileSync(templateFile)), join(folder, 'data'));
    expect(readFileSync(join(folder, 'data', 'PG_VERSION'), 'utf8').trim()).toBe(postgresMajor);
    rmSync(folder, { recursive: true });
  });

  test('that is cut off, damaged or missing is not used', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fl-template-'));
    const whole = readFileSync(templateFile);
    const damaged = Buffer.from(whole);
    damaged.fill(0, 100_000, 100_100);
    for (const [name, bytes] of Object.entries({
      cut: whole.subarray(0, 1_000_000),
      damaged,
      empty: Buffer.alloc(0),
    })) {
      writeFileSync(join(folder, name), bytes);
      const warnings: unknown[] = [];
      const log = { ...quietLog, warn: (_message: string, fields?: object) => warnings.push(fields) };
      expect(readTemplate(log, join(folder, name))).toBeUndefined();
      expect(warnings).toEqual([expect.objectContaining({ file: join(folder, name) })]);
    }
    expect(readTemplate(quietLog, join(folder, 'missing'))).toBeUndefined();
    rmSync(folder, { recursive: true });
  });

  test('as an archive is checked: a damaged head, a cut, and a name that leads out of the folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fl-template-'));
    const archive = gunzipSync(readFileSync(templateFile));
    const damaged = Buffer.from(archive);
    damaged.write('X', 0);
    expect(() => unpack(damaged, join(folder, 'a'))).toThrow('the archive is damaged');
    expect(() => unpack(archive.subarray(0, archive.length / 2 - 100), join(folder, 'b'))).toThrow(
      'the archive is cut off',
    );
    expect(() => unpack(entry('../../evil', 'x'), join(folder, 'c'))).toThrow('the archive has the name ../../evil');
    expect(readdirSync(folder).sort()).toEqual(['a', 'b', 'c']);
    rmSync(folder, { recursive: true });
  });
});

function entry(name: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        0', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const body = Buffer.alloc(512);
  body.write(content);
  return Buffer.concat([header, body, Buffer.alloc(1024)]);
}

/** ulimit stands for a disk without room: the kernel refuses to make a file larger, with EFBIG in the place of ENOSPC. */
describe('a full disk', () => {
  let original: string;

  beforeAll(async () => {
    original = (await bench.place('embedded')).folder ?? '';
    expect(await startStoreChild(dist, 'write', { folder: original, most: 3 }).ended).toBe(0);
  });

  async function laid(): Promise<{ readonly folder: string }> {
    const { folder } = await bench.place('embedded');
    cpSync(join(original, 'data'), join(folder, 'data'), { recursive: true });
    return { folder };
  }

  async function batchesIn(place: { readonly folder: string }): Promise<unknown> {
    const child = startStoreChild(dist, 'write', { ...place, most: 0 });
    const found: { batches: readonly number[]; torn: readonly unknown[] } = JSON.parse(await child.says('found'));
    await child.ended;
    expect(found.torn).toEqual([]);
    return found.batches;
  }

  test('for the tables: a write fails with the reason, the others and the store go on, and nothing acknowledged is lost', async () => {
    const place = await laid();
    const child = startStoreChild(
      dist,
      'write',
      { ...place, most: 90, fillerBytes: 100_000, goesOn: true },
      '-f 40000',
    );
    const failure = await child.says('failed');
    expect(failure).toMatch(/could not extend file ".*": File too large/);
    child.kill('SIGKILL');
    await child.ended;
    expect(await batchesIn(place)).toEqual([1, 2, 3, ...child.said('wrote').map(Number)]);
  });

  test('for the log: every write fails with the reason until there is room again, and nothing acknowledged is lost', async () => {
    const place = await laid();
    const child = startStoreChild(
      dist,
      'write',
      { ...place, most: 16, fillerBytes: 100_000, goesOn: true },
      '-f 20000',
    );
    expect(await child.ended).toBe(0);
    expect(child.said('failed').join()).toMatch(/could not write to log file .*: File too large/);
    expect(child.said('trouble').join()).toContain('File too large');
    expect(await batchesIn(place)).toEqual([1, 2, 3, ...child.said('wrote').map(Number)]);
  });

  test('at the start is an error that names the folder', async () => {
    const place = await laid();
    const child = startStoreChild(dist, 'write', place, '-f 12000');
    expect(await child.ended).toBe(2);
    expect(child.stdout()).toMatch(
      new RegExp(`refused ConfigError: cannot open the database in ${place.folder}: .*File too large`),
    );
  });

  test('when the database is laid leaves nothing behind', async () => {
    const { folder } = await bench.place('embedded');
    const child = startStoreChild(dist, 'write', { folder }, '-f 100');
    expect(await child.ended).toBe(2);
    expect(child.stdout()).toContain(`refused ConfigError: cannot lay a database in ${folder}: EFBIG`);
    expect(readdirSync(folder)).toEqual(['lock']);
  });
});
