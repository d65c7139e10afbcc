import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { createLeadership, type Leadership } from '../../../kit/store/leadership.ts';
import type { Store } from '../../../kit/store/store.ts';
import { eventually } from '../../support/eventually.ts';
import { runSql } from '../../support/postgres.ts';
import { createStoreBench, quietLog } from '../../support/stores.ts';

const migrations = {
  '001-job': {
    up: (db: Kysely<unknown>) =>
      sql`create table done (replica text, at timestamptz default clock_timestamp())`.execute(db).then(() => undefined),
  },
};

const bench = createStoreBench();
afterAll(() => bench.stop());

interface Replica {
  readonly store: Store<unknown>;
  readonly leadership: Leadership;
  /** Terms that it has begun and ended. */
  readonly begun: () => number;
  readonly ended: () => number;
}

const replicas: Replica[] = [];

afterEach(async () => {
  await Promise.all(replicas.splice(0).map(({ leadership }) => leadership.stop()));
});

async function replica(
  place: { readonly folder: string; readonly url: string | undefined },
  name = 'count',
): Promise<Replica> {
  const store = await bench.open<unknown>('postgresql', { migrations, ...place });
  const leadership = createLeadership({ database: store.database, schema: 'test', name, log: quietLog, everyMs: 100 });
  let begun = 0;
  let ended = 0;
  leadership.start((leading) => {
    begun++;
    leading.addEventListener('abort', () => {
      ended++;
    });
  });
  const made = { store, leadership, begun: () => begun, ended: () => ended };
  replicas.push(made);
  return made;
}

const leader = (of: readonly Replica[]): Promise<Replica> =>
  eventually('a leader', () => of.find(({ leadership }) => leadership.isLeader()));

const work = ({ store, leadership }: Replica, who: string): Promise<void> =>
  store.transaction(async (transaction) => {
    await leadership.fence(transaction);
    await sql`insert into done (replica) values (${who})`.execute(transaction);
  });

/** The connection that holds the lock, ended by the server as an administrator would. */
const terminateLeader = (url: string | undefined) =>
  runSql(
    url ?? '',
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
  );

test('one of two replicas leads, and when it stops the other does', async () => {
  const place = await bench.place('postgresql');
  const pair = [await replica(place), await replica(place)];
  const first = await leader(pair);
  await sleep(500);
  expect(pair.filter(({ leadership }) => leadership.isLeader())).toEqual([first]);
  expect(pair.map(({ begun }) => begun()).sort()).toEqual([0, 1]);
  await first.leadership.stop();
  expect(first.leadership.isLeader()).toBe(false);
  expect(first.ended()).toBe(1);
  const second = await leader(pair);
  expect(second).not.toBe(first);
});

test('jobs of other names have leaders of their own', async () => {
  const place = await bench.place('postgresql');
  const [one, other] = [await replica(place), await replica(place, 'other')];
  await leader([one]);
  await leader([other]);
});

test('a leader that loses its connection leads no more at once, and there is a leader again within seconds', async () => {
  const place = await bench.place('postgresql');
  const pair = [await replica(place), await replica(place)];
  const first = await leader(pair);
  await terminateLeader(place.url);
  await eventually('it to notice', () => (first.ended() === 1 ? true : undefined), { withinSeconds: 2 });
  await leader(pair);
  expect(pair.reduce((sum, { begun }) => sum + begun(), 0)).toBe(2);
});

test('when the server is away nobody leads, and one does when it is back', async () => {
  const place = await bench.place('postgresql');
  const postgres = await bench.postgres();
  const pair = [await replica(place), await replica(place)];
  await leader(pair);
  await postgres.end('SIGKILL');
  await eventually('nobody to lead', () => (pair.some(({ leadership }) => leadership.isLeader()) ? undefined : true), {
    withinSeconds: 5,
  });
  await postgres.start();
  await leader(pair);
  await sleep(1000);
  expect(pair.filter(({ leadership }) => leadership.isLeader())).toHaveLength(1);
});

test('work of a process that does not lead is refused', async () => {
  const place = await bench.place('postgresql');
  const pair = [await replica(place), await replica(place)];
  const first = await leader(pair);
  const [follower] = pair.filter((each) => each !== first);
  if (follower === undefined) throw new Error('two replicas were started');
  await work(first, 'leader');
  await expect(work(follower, 'follower')).rejects.toThrow('another process does the job count now');
  expect((await sql`select replica from done`.execute(first.store.db)).rows).toEqual([{ replica: 'leader' }]);
});

test('a transaction that a leader has begun ends before the next leader begins; one that it begins later fails', async () => {
  const place = await bench.place('postgresql');
  const pair = [await replica(place), await replica(place)];
  const first = await leader(pair);
  const [next] = pair.filter((each) => each !== first);
  if (next === undefined) throw new Error('two replicas were started');
  await first.store.transaction(async (transaction) => {
    await first.leadership.fence(transaction);
    void first.leadership.stop();
    await sleep(1000);
    expect(next.leadership.isLeader()).toBe(false);
    await sql`insert into done (replica) values ('first')`.execute(transaction);
  });
  await leader([next]);
  await work(next, 'next');
  await expect(work(first, 'first again')).rejects.toThrow('another process does the job');
  const { rows } = await sql`select replica from done order by at`.execute(next.store.db);
  expect(rows).toEqual([{ replica: 'first' }, { replica: 'next' }]);
});

test('a leader that has not noticed yet that another one has begun is refused', async () => {
  const place = await bench.place('postgresql');
  const only = await leader([await replica(place)]);
  await work(only, 'in time');
  // As the next leader does when it begins.
  await runSql(place.url ?? '', 'update test.fleetlens_leadership set term = term + 1');
  expect(only.leadership.isLeader()).toBe(true);
  await expect(work(only, 'too late')).rejects.toThrow('another process does the job count now');
});

test('two replicas that count together, with their connections cut all the time, never count twice', async () => {
  const place = await bench.place('postgresql');
  const pair = [await replica(place), await replica(place)];
  const [{ store }] = pair as [Replica, Replica];
  await sql`create table counter (value int primary key, by int)`.execute(store.db);
  let isOver = false;
  /** Reads, waits, and writes: two that do so at once would write the same number. */
  const count = async ({ store: own, leadership }: Replica, by: number): Promise<void> => {
    while (!isOver) {
      await own
        .transaction(async (transaction) => {
          await leadership.fence(transaction);
          const { rows } = await sql<{ last: number }>`select coalesce(max(value), 0) as last from counter`.execute(
            transaction,
          );
          await sleep(5);
          await sql`insert into counter values (${(rows[0]?.last ?? 0) + 1}, ${by})`.execute(transaction);
        })
        .catch(async (error: Error) => {
          expect(error.message).not.toContain('duplicate key');
          await sleep(20);
        });
    }
  };
  const counting = pair.map((each, index) => count(each, index));
  for (let cut = 0; cut < 6; cut++) {
    await sleep(700);
    await terminateLeader(place.url);
  }
  isOver = true;
  await Promise.all(counting);
  const { rows } = await sql<{
    count: number;
    last: number;
  }>`select count(*)::int as count, max(value) as last from counter`.execute(store.db);
  expect(rows[0]?.count).toBe(rows[0]?.last);
  expect(rows[0]?.count).toBeGreaterThan(20);
});

test('a job that fails is given up and begun again', async () => {
  const place = await bench.place('postgresql');
  const store = await bench.open<unknown>('postgresql', { migrations, ...place });
  const leadership = createLeadership({
    database: store.database,
    schema: 'test',
    name: 'fails',
    log: quietLog,
    everyMs: 50,
  });
  let times = 0;
  leadership.start(() => {
    times++;
    throw new Error('cannot');
  });
  await eventually('a second time', () => (times > 1 ? true : undefined));
  await leadership.stop();
});

test('the embedded database has one process, which leads', async () => {
  const store = await bench.open<unknown>('embedded', { migrations });
  const leadership = createLeadership({ database: store.database, schema: 'test', name: 'count', log: quietLog });
  let ended = false;
  leadership.start((leading) =>
    leading.addEventListener('abort', () => {
      ended = true;
    }),
  );
  await leader([{ store, leadership, begun: () => 1, ended: () => 0 }]);
  await store.transaction((transaction) => leadership.fence(transaction));
  await leadership.stop();
  expect(ended).toBe(true);
  await expect(store.transaction((transaction) => leadership.fence(transaction))).rejects.toThrow(
    'another process does the job',
  );
});
