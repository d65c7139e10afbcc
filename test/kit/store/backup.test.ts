import { type Kysely, sql } from 'kysely';
import { systemClock } from '../../../kit/clock.ts';
import type { Progress } from '../../../kit/store/backup/format.ts';
import { restoreBackup } from '../../../kit/store/backup/restore.ts';
import { writeBackup } from '../../../kit/store/backup/write-backup.ts';
import type { Database } from '../../../kit/store/database.ts';
import type { Migrations } from '../../../kit/store/migrate.ts';
import type { Store } from '../../../kit/store/store.ts';
import { openDatabase } from '../../../kit/store/store.ts';
import { createStoreBench, type EngineKind, engines, quietLog } from '../../support/stores.ts';

const run = (db: Kysely<unknown>, ...statements: readonly string[]): Promise<void> =>
  statements.reduce<Promise<void>>(
    (before, statement) => before.then(() => sql.raw(statement).execute(db)).then(() => undefined),
    Promise.resolve(),
  );

/** Keys in a circle, a trigger that writes, generated columns, identity, a partitioned table and every type that differs between formats. */
const migrations = {
  '001-all': {
    up: (db: Kysely<unknown>) =>
      run(
        db,
        `create table team (id bigint generated always as identity primary key, name text not null unique, lead bigint)`,
        `create table person (id bigint primary key, team bigint not null references team (id), boss bigint references person (id))`,
        `alter table team add constraint lead foreign key (lead) references person (id)`,
        `create table "Odd ""name""" (a int primary key, "select" text, doubled int generated always as (a * 2) stored)`,
        `create table journal (at timestamptz not null, what text) partition by range (at)`,
        `create table journal_1 partition of journal for values from ('2026-01-01') to ('2026-02-01')`,
        `create table journal_2 partition of journal for values from ('2026-02-01') to ('2026-03-01')`,
        `create table everything (n numeric, f double precision, t timestamptz, d date, i interval, j jsonb, b bytea, s text[], u uuid, z text)`,
        `create function note() returns trigger language plpgsql as 'begin insert into journal values (''2026-01-05'', new.name); return new; end'`,
        `create trigger note after insert on team for each row execute function note()`,
      ),
  },
  '002-later': { up: (db: Kysely<unknown>) => run(db, 'create table later (id int)') },
};

const fill = (store: Store<unknown>): Promise<void> =>
  store.transaction((db) =>
    run(
      db,
      `insert into team (name) select 'team ' || g from generate_series(1, 50) g`,
      `insert into person select g, 1 + g % 50, case when g > 1 then g / 2 end from generate_series(1, 4000) g`,
      `update team set lead = id * 3`,
      `insert into "Odd ""name""" values (1, e'tab\\there\\nline \\\\ back \\\\. end'), (2, null), (3, '')`,
      `insert into journal select '2026-02-10', repeat('x', 2000) from generate_series(1, 3000)`,
      `insert into everything values (12345678901234567890.00000100, 0.1::float8 + 0.2, '2026-03-29 01:30:00.123456+00', '0044-03-15 BC', '1 mon 2 days 03:04:05.6', '{"a": [1, null, "ü"]}', '\\x00ff0a5c', array['a,b', null, '"', ''], '123e4567-e89b-12d3-a456-426614174000', e'\\u2028 😀')`,
      `insert into everything default values`,
      // Holes, so that rows do not lie where they were put.
      `delete from person where id > 3000`,
    ),
  );

const digests = [
  `select count(*)::text, sum(id)::text, sum(team)::text, sum(boss)::text from person`,
  `select string_agg(id || name || lead, ',' order by id) from team`,
  `select a, "select", doubled from "Odd ""name""" order by a`,
  `select tableoid::regclass::text as part, count(*)::text, sum(length(what))::text from journal group by 1 order by 1`,
  `select everything::text from everything order by n`,
];

async function contentOf(db: Kysely<unknown>): Promise<unknown> {
  const found: unknown[] = [];
  for (const statement of digests) found.push((await sql.raw(statement).execute(db)).rows);
  return found;
}

const bench = createStoreBench();
afterAll(() => bench.stop());

async function backupOf(database: Database): Promise<Buffer> {
  const parts: Buffer[] = [];
  await writeBackup({ database, schema: 'test', write: async (bytes) => void parts.push(Buffer.from(bytes)) });
  return Buffer.concat(parts);
}

async function* pieces(file: Buffer, size = 100_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
}

type Place = Awaited<ReturnType<typeof bench.place>>;

/** As the command does it: nobody has the store open. */
async function restore(
  file: Buffer,
  {
    place,
    replace = false,
    ...more
  }: { place: Place; replace?: boolean; onProgress?: (progress: Progress) => void; migrations?: Migrations },
) {
  const database = await openDatabase({
    ...place,
    schema: 'test',
    applicationName: 'restore',
    log: quietLog,
    clock: systemClock,
  });
  try {
    return await restoreBackup({
      database,
      schema: 'test',
      migrations,
      source: pieces(file),
      where: 'the file b',
      replace,
      log: quietLog,
      ...more,
    });
  } finally {
    await database.close();
  }
}

describe.each(engines)('a backup of %s', (from) => {
  let file: Buffer;
  let content: unknown;

  beforeAll(async () => {
    const store = await bench.open<unknown>(from, { migrations });
    await fill(store);
    content = await contentOf(store.db);
    file = await backupOf(store.database);
  });

  test.each(engines)('is restored into %s, equal in every row, and the store goes on from there', async (to) => {
    const place = await bench.place(to);
    const progress: Progress[] = [];
    const result = await restore(file, { place, onProgress: (each) => progress.push(each) });
    expect(result).toMatchObject({ rows: 50 + 3000 + 3 + 3050 + 2 });
    expect(progress.at(-1)).toMatchObject({ rows: result.rows });
    const restored = await bench.open<unknown>(to, { migrations, ...place });
    expect(await contentOf(restored.db)).toEqual(content);
    await run(restored.db, `insert into team (name) values ('new')`);
    const { rows } = await sql<{ id: string }>`select id from team where name = 'new'`.execute(restored.db);
    expect(rows).toEqual([{ id: '51' }]);
    await expect(run(restored.db, 'insert into person values (99999, 9999, null)')).rejects.toMatchObject({
      code: '23503',
    });
  });

  test('one of an older version is brought to this version', async () => {
    const old = { '001-all': migrations['001-all'] };
    const store = await bench.open<unknown>(from, { migrations: old });
    await run(store.db, `insert into team (name) values ('old')`);
    const older = await backupOf(store.database);
    const place = await bench.place(from);
    await restore(older, { place });
    const restored = await bench.open<unknown>(from, { migrations, ...place });
    await run(restored.db, 'insert into later select 1 from team');
    await store.close();
  });
});

describe.each(engines)('parts of a table that the daemon makes as it goes, on %s', (from) => {
  const parted = {
    '001-log': {
      up: (db: Kysely<unknown>) =>
        run(
          db,
          'create table log (at timestamptz not null, n int) partition by range (at)',
          `create function refuse() returns trigger language plpgsql as 'begin raise exception ''only added to''; end'`,
          'create trigger keep before update or delete on log for each row execute function refuse()',
        ),
    },
  };
  const months = ['2026-01', '2026-02', '2019-12'];
  const part = (month: string): string => {
    const next = new Date(`${month}-01T00:00:00Z`);
    next.setUTCMonth(next.getUTCMonth() + 1);
    return `create table "log ${month}" partition of log for values from ('${month}-01') to ('${next.toISOString()}')`;
  };

  test.each(engines)('are made again in %s, with what guards them', async (to) => {
    const store = await bench.open<unknown>(from, { migrations: parted });
    await run(store.db, ...months.map(part));
    await run(
      store.db,
      ...months.map((month, n) => `insert into log select '${month}-15', ${n} from generate_series(1, 700)`),
    );
    const file = await backupOf(store.database);
    const place = await bench.place(to);
    expect(await restore(file, { place, migrations: parted })).toMatchObject({ rows: 2100 });
    const restored = await bench.open<unknown>(to, { migrations: parted, ...place });
    const { rows } =
      await sql`select tableoid::regclass::text as part, count(*)::int as rows from log group by 1 order by 1`.execute(
        restored.db,
      );
    expect(rows).toEqual(months.toSorted().map((month) => ({ part: `"log ${month}"`, rows: 700 })));
    await expect(run(restored.db, 'delete from log')).rejects.toThrow('only added to');
    await expect(run(restored.db, 'update "log 2026-01" set n = 3')).rejects.toThrow('only added to');
  });

  test('a file whose part is of no table, or says more than bounds, is refused', async () => {
    const store = await bench.open<unknown>(from, { migrations: parted });
    await run(store.db, ...months.map(part));
    const file = await backupOf(store.database);
    const elsewhere = changed(file, '"of":"log"', '"of":"fog"');
    await expect(restore(elsewhere, { place: await bench.place(from), migrations: parted })).rejects.toThrow(
      'the part log 2019-12 of fog cannot be made',
    );
    const evil = changed(
      file,
      "FOR VALUES FROM ('2019-12-01 00:00:00+00')",
      "FOR VALUES FROM ('x'); drop schema test; --",
    );
    await expect(restore(evil, { place: await bench.place(from), migrations: parted })).rejects.toThrow('is damaged');
  });
});

describe('a restore', () => {
  const kind: EngineKind = 'postgresql';
  let file: Buffer;
  let small: Buffer;

  beforeAll(async () => {
    const store = await bench.open<unknown>(kind, { migrations });
    await run(store.db, `insert into team (name) values ('from the backup')`);
    small = await backupOf(store.database);
    await fill(store);
    file = await backupOf(store.database);
    await store.close();
  });

  async function filled(): Promise<Place> {
    const place = await bench.place(kind);
    const store = await bench.open<unknown>(kind, { migrations, ...place });
    await run(store.db, `insert into team (name) values ('precious')`);
    await store.close();
    return place;
  }

  async function teams(place: Place): Promise<unknown> {
    const store = await bench.open<unknown>(kind, { migrations, ...place });
    const { rows } = await sql`select name from team`.execute(store.db);
    await store.close();
    return rows;
  }

  test('into a schema that is not empty is refused, unless it is to be replaced', async () => {
    const place = await filled();
    await expect(restore(small, { place })).rejects.toThrow(
      'the schema test is not empty (journal_1 has rows); --replace',
    );
    expect(await teams(place)).toEqual([{ name: 'precious' }]);
    await restore(small, { place, replace: true });
    expect(await teams(place)).toEqual([{ name: 'from the backup' }]);
  });

  test.each([
    ['cut off', (whole: Buffer) => whole.subarray(0, whole.length - 2000), 'the file b is cut off'],
    [
      'cut off between two lines',
      (whole: Buffer) => whole.subarray(0, whole.lastIndexOf('{"kind":"end"')),
      'is cut off',
    ],
    [
      'with one digit changed',
      (whole: Buffer) => changed(whole, '\n2\t3\t1\n', '\n2\t4\t1\n'),
      'the rows of person are not those of',
    ],
    [
      'with a row that breaks a key',
      (whole: Buffer) => changed(whole, '\n3\t4\t1\n', '\n2\t4\t1\n'),
      'the rows of person are not taken',
    ],
    ['with a row left out', (whole: Buffer) => withoutRow(whole), 'should have 51 rows of team and has 50'],
    ['that is something else', () => Buffer.from('hello\n'), 'the file b is no backup that FleetLens has written'],
    ['that is endless and has no line', () => Buffer.alloc(3_000_000, 120), 'the file b is damaged'],
    ['of a later format', (whole: Buffer) => changed(whole, '"format":1', '"format":2'), 'written by a newer version'],
    [
      'of another schema',
      (whole: Buffer) => changed(whole, '"schema":"test"', '"schema":"else"'),
      'is a backup of else, not of test',
    ],
    [
      'with unknown migrations',
      (whole: Buffer) => changed(whole, '002-later', '002-never'),
      'whose tables this version does not know (002-never)',
    ],
    [
      'with an unknown table',
      (whole: Buffer) => changed(whole, '"name":"person"', '"name":"pirate"'),
      'has the table pirate, for which this version has no place',
    ],
  ])('of a file %s fails with its reason, and all is as before', async (_what, damage, message) => {
    const place = await filled();
    await expect(restore(damage(file), { place, replace: true })).rejects.toThrow(message);
    expect(await teams(place)).toEqual([{ name: 'precious' }]);
  });

  test('while the daemon is connected to the server is refused', async () => {
    const place = await bench.place(kind);
    const daemon = await bench.open<unknown>(kind, { migrations, ...place });
    await run(daemon.db, 'select 1');
    await expect(restore(small, { place })).rejects.toThrow('the daemon of the schema test is connected');
    await daemon.close();
  });
});

function changed(whole: Buffer, from: string, to: string): Buffer {
  const at = whole.indexOf(from);
  expect(at).toBeGreaterThan(0);
  return Buffer.concat([whole.subarray(0, at), Buffer.from(to), whole.subarray(at + from.length)]);
}

function withoutRow(whole: Buffer): Buffer {
  const table = whole.indexOf('"name":"team"');
  const chunk = whole.indexOf('{"kind":"chunk"', table);
  const line = whole.indexOf('\n', chunk);
  const bytes = Number(/"bytes":(\d+)/.exec(whole.toString('utf8', chunk, line))?.[1]);
  const end = whole.indexOf('\n', line + 1) + 1;
  const announced = Buffer.from(`{"kind":"chunk","bytes":${bytes - (end - line - 1)}}\n`);
  return Buffer.concat([whole.subarray(0, chunk), announced, whole.subarray(end)]);
}
