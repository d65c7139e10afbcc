import { createServer } from 'node:net';
import { type Kysely, sql } from 'kysely';
import { eventually } from '../../support/eventually.ts';
import { startFakePostgres } from '../../support/fake-postgres.ts';
import { freePort } from '../../support/free-port.ts';
import { type RunningPostgres, runSql, startPostgres } from '../../support/postgres.ts';
import { createStoreBench } from '../../support/stores.ts';
import { readTlsFile, tlsFile } from '../../support/tls-files.ts';

const migrations = {
  '001-row': {
    up: (db: Kysely<unknown>) => sql`create table row (id bigint primary key)`.execute(db).then(() => undefined),
  },
};

const bench = createStoreBench();
afterAll(() => bench.stop());

const open = (url: string, more: object = {}) =>
  bench.open<unknown>('postgresql', { migrations, url, urlFrom: '--store.url-file f', patienceSeconds: 0, ...more });

/** The message, in which nothing of the password may stand. */
async function refusal(url: string, password: string): Promise<string> {
  const error = await open(url).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(error?.name).toBe('ConfigError');
  expect(error?.message).not.toContain(password);
  return error?.message ?? '';
}

test('a wrong password, user or database is refused with what to mend', async () => {
  const { url, password } = await bench.postgres();
  const port = new URL(url).port;
  const wrong = url.replace(encodeURIComponent(password), 'Geheim77');
  expect(await refusal(wrong, 'Geheim77')).toMatch(
    new RegExp(`^the database at 127.0.0.1:${port}/postgres as fleetlens: user or password is refused`),
  );
  expect(await refusal(url.replace('fleetlens:', 'nobody:'), password)).toContain(
    'as nobody: user or password is refused',
  );
  expect(await refusal(url.replace(/postgres$/, 'none'), password)).toContain('there is no such database');
});

test('a user who may not make the schema is told so', async () => {
  const { url, password } = await bench.postgres();
  await runSql(url, `create role weak login password 'weak-one'`);
  const weak = url.replace(`fleetlens:${encodeURIComponent(password)}`, 'weak:weak-one');
  expect(await refusal(weak, 'weak-one')).toContain('grant the user CREATE on the database');
});

test.each([
  ['', 'must hold a URL such as postgresql://'],
  ['mysql://u:Geheim77@h/d', 'must hold a URL such as'],
  ['postgresql://u:Geheim77@h/d?options=-c%20x', 'may have the parameters sslmode'],
  ['postgresql://u:Geheim77@h/d?sslmode=Geheim77', 'sslmode must be one of disable, require, verify-ca, verify-full'],
  ['postgresql://u:Geheim77@h/d?sslmode=verify-ca', 'needs sslrootcert'],
  ['postgresql://u:Geheim77@h/d?sslmode=verify-full&sslrootcert=/none/ca.pem', 'cannot read the file of sslrootcert'],
  ['postgresql://u:Geheim77@h/d?sslrootcert=/none/ca.pem', 'sslrootcert needs sslmode=verify-full'],
  ['postgresql://u%zz:Geheim77@h/d', 'a % that is not followed by two hexadecimal digits'],
])('the URL %s is refused', async (url, message) => {
  const refused = await refusal(url, 'Geheim77');
  expect(refused).toContain(message);
  expect(refused).toMatch(/^--store\.url-file f/);
});

test('a server without TLS is not spoken to in the clear when TLS is asked for', async () => {
  const { url, password } = await bench.postgres();
  expect(await refusal(`${url}?sslmode=require`, password)).toContain('it does not speak TLS');
});

describe('a server with TLS', () => {
  let server: RunningPostgres;

  beforeAll(async () => {
    const files = { 'server.crt': readTlsFile('server.pem'), 'server.key': readTlsFile('server.key') };
    server = await startPostgres({ settings: ['ssl=on'], files });
  });

  afterAll(() => server.stop());

  const tlsOf = async (url: string): Promise<unknown> => {
    const store = await open(url);
    const { rows } = await sql<{ ssl: boolean }>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(
      store.db,
    );
    await store.close();
    return rows[0]?.ssl;
  };

  test('is spoken to as sslmode says, as psql would', async () => {
    const ca = `sslrootcert=${tlsFile('ca.pem')}`;
    expect(await tlsOf(server.url)).toBe(false);
    expect(await tlsOf(`${server.url}?sslmode=require`)).toBe(true);
    expect(await tlsOf(`${server.url}?sslmode=verify-ca&${ca}`)).toBe(true);
    expect(await tlsOf(`${server.url}?sslmode=verify-full&${ca}`)).toBe(true);
  });

  test('whose certificate is of an unknown authority, or for another name, is refused with what to do', async () => {
    expect(await refusal(`${server.url}?sslmode=verify-full`, server.password)).toMatch(
      /name (that|it) with sslrootcert/,
    );
    const stranger = `sslrootcert=${tlsFile('stranger.pem')}`;
    expect(await refusal(`${server.url}?sslmode=verify-ca&${stranger}`, server.password)).toMatch(
      /name (that|it) with sslrootcert/,
    );
  });
});

test('a server that is older than 15, or has no UTF-8, is refused', async () => {
  const old = await startFakePostgres({ version: '140011', name: '14.11', encoding: 'UTF8' });
  expect(await refusal(old.url, 'none')).toContain('is PostgreSQL 14.11; it must be 15 or newer');
  old.stop();
  const ascii = await startFakePostgres({ version: '150011', name: '15.11', encoding: 'SQL_ASCII' });
  expect(await refusal(ascii.url, 'none')).toContain("has the encoding SQL_ASCII; create one with ENCODING 'UTF8'");
  ascii.stop();
});

test('a server that is not there is waited for, and then an error', async () => {
  const port = await freePort();
  const startedMs = Date.now();
  await expect(open(`postgresql://u:p@127.0.0.1:${port}/d`, { patienceSeconds: 1 })).rejects.toThrow(
    new RegExp(`^the database at 127.0.0.1:${port}/d as u does not answer: .*ECONNREFUSED`),
  );
  expect(Date.now() - startedMs).toBeGreaterThan(900);
});

test('a server that takes the connection and says nothing is an error too', async () => {
  const sockets: { destroy: () => void }[] = [];
  const port = await freePort();
  const silent = createServer((socket) => void sockets.push(socket)).listen(port, '127.0.0.1');
  await expect(open(`postgresql://u:p@127.0.0.1:${port}/d`)).rejects.toThrow(/does not answer: .*timeout/);
  silent.close();
  for (const socket of sockets) socket.destroy();
}, 90_000);

test('replicas that start together bring the schema up once', async () => {
  const slow = {
    '001-row': {
      up: (db: Kysely<unknown>) =>
        sql`create table row as select 1 from pg_sleep(0.1)`.execute(db).then(() => undefined),
    },
  };
  for (let round = 0; round < 5; round++) {
    const { url } = await bench.place('postgresql');
    const stores = await Promise.all(Array.from({ length: 6 }, () => open(url ?? '', { migrations: slow })));
    for (const store of stores) {
      expect((await sql`select from row`.execute(store.db)).rows).toHaveLength(1);
      await store.close();
    }
  }
});

test('a server that goes away shows as trouble within seconds, and all goes on when it is back', async () => {
  const { url } = await bench.place('postgresql');
  const postgres = await bench.postgres();
  const store = await open(url ?? '');
  await sql`insert into row values (1)`.execute(store.db);
  expect(store.trouble()).toBeUndefined();
  const cut = store.transaction(async (transaction) => {
    await sql`insert into row values (2)`.execute(transaction);
    await postgres.end('SIGINT');
    await eventually('trouble to show', () => store.trouble(), { withinSeconds: 5 });
    await sql`insert into row values (3)`.execute(transaction);
  });
  await expect(cut).rejects.toThrow(/terminat|connection/i);
  await expect(sql`select 1`.execute(store.db)).rejects.toThrow(/ECONNREFUSED/);
  await postgres.start();
  await eventually('the store to answer again', () => (store.trouble() === undefined ? true : undefined), {
    withinSeconds: 8,
  });
  const { rows } = await sql`select id from row`.execute(store.db);
  expect(rows).toEqual([{ id: '1' }]);
});

test('the server sees who is connected, and more than one query runs at once', async () => {
  const { url } = await bench.place('postgresql');
  const store = await open(url ?? '');
  const startedMs = Date.now();
  await Promise.all(Array.from({ length: 8 }, () => sql`select pg_sleep(0.5)`.execute(store.db)));
  expect(Date.now() - startedMs).toBeLessThan(3000);
  const names = await runSql(
    url ?? '',
    `select distinct application_name as name from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  expect(names).toEqual([{ name: 'fleetlens test' }]);
});
