import { type Kysely, sql } from 'kysely';
import { systemClock } from '../../../kit/clock.ts';
import { openStore, type Store } from '../../../kit/store/store.ts';
import { createStoreBench, engines, quietLog } from '../../support/stores.ts';

interface Tables {
  readonly part: {
    readonly id: string | number;
    readonly parent: string | number | null;
    readonly price: string | null;
    readonly seen: Date | string | null;
    readonly facts: unknown;
    readonly state: string;
  };
}

const migrations = {
  '002-state': {
    up: (db: Kysely<unknown>) =>
      sql`alter table part add column state text not null default 'new' check (state in ('new', 'done'))`
        .execute(db)
        .then(() => undefined),
  },
  '001-part': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('part')
        .addColumn('id', 'bigint', (column) => column.primaryKey())
        .addColumn('parent', 'bigint')
        .addColumn('price', sql`numeric(30, 10)`)
        .addColumn('seen', 'timestamptz')
        .addColumn('facts', 'jsonb')
        .execute();
    },
  },
};

const bench = createStoreBench();
afterAll(() => bench.stop());

describe.each(engines)('%s', (kind) => {
  let store: Store<Tables>;

  beforeAll(async () => {
    store = await bench.open<Tables>(kind, { migrations });
  });

  beforeEach(async () => {
    await store.db.deleteFrom('part').execute();
  });

  const ids = async (): Promise<readonly string[]> =>
    (await store.db.selectFrom('part').select('id').orderBy('id').execute()).map(({ id }) => String(id));

  test('migrations are applied in the order of their names, in the schema of the daemon', async () => {
    const { rows } = await sql<{ schema: string; name: string }>`
      select table_schema::text as schema, column_name::text as name from information_schema.columns where table_name = 'part'`.execute(
      store.db,
    );
    expect(rows).toContainEqual({ schema: 'test', name: 'state' });
    expect(new Set(rows.map(({ schema }) => schema))).toEqual(new Set(['test']));
  });

  test('values come as the server has them: bigint and numeric as text, times as Date, JSON as objects', async () => {
    const seen = new Date('2026-03-29T01:30:00.123Z');
    await store.db
      .insertInto('part')
      .values({
        id: '9007199254740993',
        price: '12345678901234567890.0123456789',
        seen,
        facts: { a: [1, 'x'] },
        state: 'new',
      })
      .execute();
    const row = await store.db.selectFrom('part').selectAll().executeTakeFirstOrThrow();
    expect(row).toEqual({
      id: '9007199254740993',
      parent: null,
      price: '12345678901234567890.0123456789',
      seen,
      facts: { a: [1, 'x'] },
      state: 'new',
    });
    const { rows } = await sql<{ zone: string; on: Date }>`
      select current_setting('TimeZone') as zone, date_trunc('day', seen, 'Europe/Berlin') as on from part`.execute(
      store.db,
    );
    expect(rows).toEqual([{ zone: 'UTC', on: new Date('2026-03-28T23:00:00Z') }]);
  });

  test('hostile text is only text', async () => {
    const text = `'); drop table part; -- \\ "<script> \u2028 ${'😀'.repeat(1000)}`;
    await store.db
      .insertInto('part')
      .values({ id: 1, facts: JSON.stringify({ text }), state: 'new' })
      .execute();
    const found = await sql<{
      text: string;
    }>`select facts->>'text' as text from part where facts @> ${JSON.stringify({ text })}::jsonb`.execute(store.db);
    expect(found.rows).toEqual([{ text }]);
    await expect(sql`select ${'zero \0 byte'}::text`.execute(store.db)).rejects.toMatchObject({ code: '22021' });
    expect(await ids()).toEqual(['1']);
  });

  test('a transaction is kept whole or not at all', async () => {
    await store.transaction(async (transaction) => {
      await transaction.insertInto('part').values({ id: 1, state: 'new' }).execute();
      await transaction.insertInto('part').values({ id: 2, state: 'new' }).execute();
    });
    const failing = store.transaction(async (transaction) => {
      await transaction.insertInto('part').values({ id: 3, state: 'new' }).execute();
      await transaction.insertInto('part').values({ id: 2, state: 'new' }).execute();
    });
    await expect(failing).rejects.toMatchObject({ code: '23505', constraint: 'part_pkey' });
    await expect(
      store.transaction(async (transaction) => {
        await transaction.insertInto('part').values({ id: 4, state: 'new' }).execute();
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await ids()).toEqual(['1', '2']);
  });

  test('transactions that are asked for at once all come to their end', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, id) =>
        store.transaction(async (transaction) => {
          await transaction.insertInto('part').values({ id, state: 'new' }).execute();
          await transaction.updateTable('part').set({ state: 'done' }).where('id', '=', id).execute();
        }),
      ),
    );
    expect(await ids()).toHaveLength(40);
  });

  test('a query on the store from inside of a transaction is an error at once, and harms nobody', async () => {
    const inside = store.transaction(async (transaction) => {
      await transaction.insertInto('part').values({ id: 1, state: 'new' }).execute();
      await store.db.selectFrom('part').selectAll().execute();
    });
    await expect(inside).rejects.toThrow('from inside of a transaction would wait for itself');
    const nested = store.transaction(() => store.transaction(async () => undefined));
    await expect(nested).rejects.toThrow('from inside of a transaction');
    expect(await ids()).toEqual([]);
  });

  test('what a transaction has started may query the store once it has ended', async () => {
    let later: Promise<readonly string[]> = Promise.resolve([]);
    const ended = new Promise<void>((resolve) => {
      void store
        .transaction(async (transaction) => {
          await transaction.insertInto('part').values({ id: 7, state: 'new' }).execute();
          later = new Promise((resolveLater) => setTimeout(() => resolveLater(ids()), 50));
        })
        .then(resolve);
    });
    await ended;
    expect(await later).toEqual(['7']);
  });

  test('upserts of many rows by unnest', async () => {
    const upsert = (state: string) =>
      sql`insert into part (id, price, state)
        select * from unnest(${[1, 2, 3]}::bigint[], ${['0.1', '0.20', '3']}::numeric[], ${Array(3).fill(state)}::text[])
        on conflict (id) do update set price = part.price + excluded.price, state = excluded.state`.execute(store.db);
    expect((await upsert('new')).numAffectedRows).toBe(3n);
    await upsert('done');
    const rows = await store.db.selectFrom('part').select(['id', 'price', 'state']).orderBy('id').execute();
    expect(rows).toEqual([
      { id: '1', price: '0.2000000000', state: 'done' },
      { id: '2', price: '0.4000000000', state: 'done' },
      { id: '3', price: '6.0000000000', state: 'done' },
    ]);
  });

  test('a recursive query stops at a cycle', async () => {
    await sql`insert into part (id, parent) values (1, 3), (2, 1), (3, 2), (4, 3)`.execute(store.db);
    const { rows } = await sql<{ id: string; is_cycle: boolean }>`
      with recursive below as (
        select id from part where id = 1
        union all
        select part.id from part join below on part.parent = below.id
      ) cycle id set is_cycle using path
      select id, is_cycle from below order by id, is_cycle`.execute(store.db);
    expect(rows.map(({ id }) => id)).toEqual(['1', '1', '2', '3', '4']);
    expect(rows.filter(({ is_cycle }) => is_cycle)).toHaveLength(1);
  });

  test('rows are taken with skip locked, and locks by number', async () => {
    await sql`insert into part (id) values (1), (2)`.execute(store.db);
    await store.transaction(async (transaction) => {
      const taken =
        await sql`select id from part where state = 'new' order by id limit 1 for update skip locked`.execute(
          transaction,
        );
      expect(taken.rows).toEqual([{ id: '1' }]);
      const lock = await sql`select pg_try_advisory_xact_lock(42) as got`.execute(transaction);
      expect(lock.rows).toEqual([{ got: true }]);
    });
  });

  test('a large answer and a large statement come whole', async () => {
    const { rows } = await sql<{
      text: string;
    }>`select repeat('ü', 1000) as text from generate_series(1, 5000)`.execute(store.db);
    expect(rows).toHaveLength(5000);
    expect(new Set(rows.map(({ text }) => text))).toEqual(new Set(['ü'.repeat(1000)]));
    const long = 'x'.repeat(20_000_000);
    const echoed = await sql<{ length: number }>`select length(${long}::text) as length`.execute(store.db);
    expect(echoed.rows).toEqual([{ length: long.length }]);
  });

  test('a statement that takes too long is ended, and the next one works', async () => {
    const { folder, url } = await bench.place(kind);
    const hasty = await bench.open<Tables>(kind, { migrations, folder, url, statementSeconds: 1 });
    await hasty.db.insertInto('part').values({ id: 1, state: 'new' }).execute();
    await expect(
      sql`select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b`.execute(hasty.db),
    ).rejects.toThrow(kind === 'embedded' ? 'took longer than 1 s' : 'statement timeout');
    expect(await hasty.db.selectFrom('part').select('id').execute()).toEqual([{ id: '1' }]);
    expect(hasty.trouble()).toBeUndefined();
  });

  test('a second opening finds the state, and migrations that are applied are not applied again', async () => {
    const { folder, url } = await bench.place(kind);
    const first = await bench.open<Tables>(kind, { migrations: { '001-part': migrations['001-part'] }, folder, url });
    await sql`insert into part (id) values (1)`.execute(first.db);
    await first.close();
    const second = await bench.open<Tables>(kind, { migrations, folder, url });
    expect(await second.db.selectFrom('part').select(['id', 'state']).execute()).toEqual([{ id: '1', state: 'new' }]);
  });

  test('a migration that fails leaves nothing behind, and the error names it', async () => {
    const { folder, url } = await bench.place(kind);
    const broken = {
      ...migrations,
      '003-broken': {
        up: (db: Kysely<unknown>) => sql`alter table nowhere add column x int`.execute(db).then(() => undefined),
      },
    };
    await expect(bench.open(kind, { migrations: broken, folder, url })).rejects.toThrow(
      'the migration 003-broken of the schema test failed',
    );
    const mended = await bench.open<Tables>(kind, { migrations, folder, url });
    expect(await mended.db.selectFrom('part').selectAll().execute()).toEqual([]);
  });

  test('a database of a newer version is refused', async () => {
    const { folder, url } = await bench.place(kind);
    const newer = await bench.open(kind, { migrations, folder, url });
    await newer.close();
    const older = openStore({
      folder,
      url,
      schema: 'test',
      migrations: { '001-part': migrations['001-part'] },
      log: quietLog,
      clock: systemClock,
    });
    await expect(older).rejects.toThrow(
      'the schema test of the database was written by a newer version of FleetLens (it has 002-state)',
    );
  });
});
