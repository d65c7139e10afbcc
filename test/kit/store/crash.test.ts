import { crashRounds, type Found } from '../../support/crash-rounds.ts';
import { buildDist } from '../../support/dist.ts';
import { eventually } from '../../support/eventually.ts';
import { startStoreChild } from '../../support/store-child.ts';
import { createStoreBench, engines } from '../../support/stores.ts';

/** The bench runs 50 of them. */
const rounds = Number(process.env['FLEETLENS_CRASH_ROUNDS'] ?? 4);

let dist: string;
const bench = createStoreBench();

beforeAll(async () => {
  dist = await buildDist();
});

afterAll(() => bench.stop());

test.each(engines)(
  `%s: after ${rounds} times kill -9 under writes nothing acknowledged is lost and no transaction is torn`,
  async (kind) => {
    const place = await bench.place(kind);
    const { acknowledged, lost, torn } = await crashRounds(dist, place, rounds);
    expect({ lost, torn }).toEqual({ lost: [], torn: [] });
    expect(acknowledged).toBeGreaterThan(rounds);
  },
  60_000 + rounds * 20_000,
);

test('postgresql: after kill -9 of the server the store goes on by itself, and nothing acknowledged is lost', async () => {
  const place = await bench.place('postgresql');
  const postgres = await bench.postgres();
  const child = startStoreChild(dist, 'write', { ...place, goesOn: true });
  await child.says('wrote');
  await postgres.end('SIGKILL');
  await child.says('failed');
  await postgres.start();
  const before = child.said('wrote').length;
  await eventually('it to write again', () => (child.said('wrote').length > before + 3 ? true : undefined));
  child.kill('SIGKILL');
  await child.ended;
  const next = startStoreChild(dist, 'write', { ...place, most: 0 });
  const found: Found = JSON.parse(await next.says('found'));
  await next.ended;
  const batches = new Set(found.batches);
  expect(child.said('wrote').filter((batch) => !batches.has(Number(batch)))).toEqual([]);
  expect(found.torn).toEqual([]);
});
