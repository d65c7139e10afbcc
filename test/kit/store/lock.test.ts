import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { lockData } from '../../../kit/store/embedded/data-lock.ts';
import { buildDist } from '../../support/dist.ts';
import { eventually } from '../../support/eventually.ts';
import { type StoreChild, startStoreChild } from '../../support/store-child.ts';
import { createStoreBench } from '../../support/stores.ts';

const rounds = Number(process.env['FLEETLENS_LOCK_ROUNDS'] ?? 2);
const racers = 8;

let dist: string;
let folder: string;
const children: StoreChild[] = [];
const bench = createStoreBench();

beforeAll(async () => {
  dist = await buildDist();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fl-lock-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    await child.ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

afterAll(() => bench.stop());

function start(job: string, settings: object): StoreChild {
  const child = startStoreChild(dist, job, settings);
  children.push(child);
  return child;
}

const path = (): string => join(folder, 'lock');
const settings = () => ({ path: path(), folder, onLost: () => undefined });

/** What a killed process leaves: a socket at which nobody listens. */
async function leaveDeadSocket(): Promise<void> {
  const holder = start('lock', { ...settings(), atMs: 0, settleMs: 1 });
  await holder.says('held');
  holder.kill('SIGKILL');
  await holder.ended;
}

test.each(Array.from({ length: rounds }, (_, round) => round + 1))(
  `of ${racers} processes that find a dead socket at the same moment exactly one gets the lock (round %i)`,
  async () => {
    await leaveDeadSocket();
    const atMs = Date.now() + 2500;
    const all = Array.from({ length: racers }, () => start('lock', { ...settings(), atMs }));
    await eventually('all to have their answer', () =>
      all.every((child) => child.said('held').length + child.said('refused').length > 0) ? true : undefined,
    );
    const verdicts = all.map((child) => (child.said('held').length > 0 ? 'held' : child.said('refused').join()));
    expect(verdicts.filter((verdict) => verdict === 'held')).toHaveLength(1);
    for (const verdict of verdicts.filter((each) => each !== 'held')) {
      expect(verdict).toMatch(
        /^ConfigError: the folder .* is in use by process \d+ .*: stop that one, or name another folder$/,
      );
    }
  },
);

test('a lock that is given back can be taken again', async () => {
  const first = await lockData(settings());
  await expect(lockData(settings())).rejects.toThrow(`the folder ${folder} is in use by process ${process.pid}`);
  await first.release();
  const second = await lockData(settings());
  await second.release();
});

test('the holder hears of it when another process sits in its place', async () => {
  const lost: string[] = [];
  const lock = await lockData({ ...settings(), settleMs: 1, askEveryMs: 50, onLost: (holder) => lost.push(holder) });
  rmSync(path());
  const usurper = createServer((socket) => socket.end('process 7')).listen(path());
  await eventually('the holder to notice', () => (lost.length > 0 ? true : undefined));
  expect(lost).toEqual(['process 7']);
  usurper.close();
  await lock.release();
});

test('a holder that answers nothing holds all the same', async () => {
  const silent = createServer(() => undefined).listen(path());
  await expect(lockData(settings())).rejects.toThrow('is in use by a process that does not answer');
  silent.close();
});

test('a client that connects and leaves does no harm', async () => {
  const lock = await lockData(settings());
  for (let each = 0; each < 50; each++)
    connect(path())
      .on('error', () => undefined)
      .destroy();
  await expect(lockData(settings())).rejects.toThrow(`is in use by process ${process.pid}`);
  await lock.release();
});

test('a path that is too long for a socket is refused with the length that fits', async () => {
  const long = join(folder, 'x'.repeat(100));
  await expect(lockData({ ...settings(), folder: long, path: join(long, 'lock') })).rejects.toThrow(
    /too long; it may have \d+ bytes/,
  );
});

test('a store whose folder another process has taken over writes nothing any more, and says why', async () => {
  const place = await bench.place('embedded');
  const store = await bench.open<unknown>('embedded', { migrations: {}, ...place });
  const socket = join(place.folder, 'lock');
  rmSync(socket);
  const usurper = createServer((client) => client.end('process 7')).listen(socket);
  const trouble = await eventually('the store to notice', () => store.trouble());
  expect(trouble).toBe(`the folder ${place.folder} was taken over by process 7`);
  await expect(sql`select 1`.execute(store.db)).rejects.toThrow('was taken over by process 7');
  usurper.close();
});

test('a second process on the folder of a store is refused, and after kill -9 the next one gets in', async () => {
  const place = await bench.place('embedded');
  const holder = start('hold', place);
  await holder.says('held');
  const second = start('hold', place);
  expect(await second.ended).toBe(2);
  expect(second.stdout()).toContain(
    `refused ConfigError: the folder ${place.folder} is in use by process ${holder.pid}`,
  );
  holder.kill('SIGKILL');
  await holder.ended;
  const third = start('hold', place);
  await third.says('held');
});
