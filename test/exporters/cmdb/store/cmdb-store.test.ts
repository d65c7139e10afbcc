import { sql } from 'kysely';
import type { Item } from '../../../../exporters/cmdb/model/item.ts';
import { inconsistencies } from '../../../support/cmdb-consistency.ts';
import { observation, observed } from '../../../support/cmdb-observed.ts';
import { openTestDatabase, type TestCmdb, type TestDatabase } from '../../../support/cmdb-store.ts';
import { type RunningPostgres, startPostgres } from '../../../support/postgres.ts';

const engines = ['embedded', 'postgresql'] as const;
let server: RunningPostgres | undefined;

beforeAll(async () => {
  server = await startPostgres();
}, 120_000);
afterAll(() => server?.stop());

describe.each(engines)('on %s', (engine) => {
  let database: TestDatabase;
  let opened: TestCmdb;

  beforeAll(async () => {
    database = await openTestDatabase(engine === 'embedded' ? undefined : server?.url);
  });
  beforeEach(async () => {
    opened = await database.empty();
  });
  afterEach(async () => {
    expect(await inconsistencies(opened.store.db)).toEqual([]);
  });
  afterAll(() => database.close());

  const rack = (name: string) => observed('rack', name, { name });
  const server1 = (more: Parameters<typeof observed>[3] = {}) =>
    observed(
      'server',
      'node-1',
      { serial: 'dell/a', hostname: 'node-1' },
      { relations: [{ type: 'located_in', to: 'r1' }], ...more },
    );
  const node1 = (): Item => {
    const found = opened.cmdb.inventory.byIdentity('server', { kind: 'hostname', value: 'node-1' });
    if (found === undefined) throw new Error('node-1 is not there');
    return found;
  };
  const placeOf = ({ id }: Item) =>
    opened.cmdb.inventory.outgoing(id, 'located_in').map(({ to }) => opened.cmdb.inventory.item(to)?.name);

  test('what a look saw is there, with its history', async () => {
    const { counts } = await opened.look([
      rack('r1'),
      server1({ attributes: { model: 'XE9680', memory_bytes: 2e12, tags: ['a', 'b'], virtual: false } }),
    ]);
    expect(counts).toEqual({ created: 2, updated: 0, missing: 0, returned: 0 });
    const item = node1();
    expect(item).toMatchObject({
      name: 'node-1',
      state: 'in_service',
      attributes: { model: 'XE9680', memory_bytes: 2e12, tags: ['a', 'b'], virtual: false },
      origins: { model: 'scan', name: 'scan' },
      version: 1,
      createdAt: opened.clock.now(),
    });
    expect(placeOf(item)).toEqual(['r1']);
    expect(opened.cmdb.inventory.lastSeen(item.id)).toBe(opened.clock.now());
    const [change] = await opened.cmdb.history({ itemId: item.id, limit: 10 });
    expect(change).toMatchObject({ action: 'created', source: 'scan', actor: 'scan', before: undefined, after: item });
    expect(change?.opened).toMatchObject([{ type: 'located_in', from: item.id }]);
  });

  test('what is read from the database again is what was written', async () => {
    await opened.look([rack('r1'), server1({ attributes: { zeta: 1, alpha: 'ä"\'\\;--<b>', list: ['x'] } })]);
    const again = await opened.replica();
    expect([...again.inventory.items()]).toEqual([...opened.cmdb.inventory.items()]);
    expect([...again.inventory.relations()]).toEqual([...opened.cmdb.inventory.relations()]);
    expect(again.inventory.lastSeen(node1().id)).toBe(opened.clock.now());
  });

  test('the same look again changes nothing but when it was seen', async () => {
    const items = [rack('r1'), server1({ attributes: { b: 1, a: 2 } })];
    await opened.look(items);
    opened.clock.advance(300);
    const again = await opened.replica();
    const { counts } = await again.look({
      source: 'scan',
      type: 'test',
      observation: observation(items),
      startedAt: 0,
      mayCreate: true,
      maxMissingRatio: 0,
      check: () => [],
    });
    expect(counts).toEqual({ created: 0, updated: 0, missing: 0, returned: 0 });
    await opened.cmdb.catchUp();
    expect(node1().version).toBe(1);
    expect(opened.cmdb.inventory.lastSeen(node1().id)).toBe(opened.clock.now());
    expect(await opened.cmdb.history({ limit: 100 })).toHaveLength(2);
  });

  test('a move ends one relation and begins another, and the past knows', async () => {
    await opened.look([rack('r1'), rack('r2'), server1()]);
    const before = opened.clock.now();
    opened.clock.advance(100);
    await opened.look([rack('r1'), rack('r2'), server1({ relations: [{ type: 'located_in', to: 'r2' }] })]);
    expect(placeOf(node1())).toEqual(['r2']);
    const past = await opened.cmdb.past(before + 50);
    const [relation] = past.outgoing(node1().id, 'located_in');
    expect(past.item(relation?.to ?? 0)?.name).toBe('r1');
    expect(relation).toMatchObject({ validFrom: before, validTo: opened.clock.now() });
    expect((await opened.cmdb.past(before - 1)).size).toBe(0);
    const ofRack = await opened.cmdb.history({ itemId: relation?.to ?? 0, limit: 10 });
    expect(ofRack.map(({ itemId, closed }) => [itemId, closed.length])).toContainEqual([node1().id, 1]);
  });

  test('a move that a dry run shows does not happen', async () => {
    await opened.look([rack('r1'), server1()]);
    const { plan, isDryRun } = await opened.look(
      [rack('r1'), rack('r2'), server1({ relations: [{ type: 'located_in', to: 'r2' }] })],
      {
        isDryRun: true,
      },
    );
    expect(isDryRun).toBe(true);
    expect([plan.created.length, plan.updated.length]).toEqual([1, 1]);
    expect(placeOf(node1())).toEqual(['r1']);
    expect(await opened.cmdb.history({ limit: 100 })).toHaveLength(2);
  });

  test('missing, then back', async () => {
    await opened.look([rack('r1'), server1()]);
    opened.clock.advance(60);
    const { counts } = await opened.look([rack('r1')]);
    expect(counts.missing).toBe(1);
    expect(opened.cmdb.inventory.missingSince(node1().id)).toBe(opened.clock.now());
    expect(placeOf(node1())).toEqual(['r1']);
    opened.clock.advance(60);
    expect((await opened.look([rack('r1'), server1()])).counts.returned).toBe(1);
    expect(opened.cmdb.inventory.missingSince(node1().id)).toBeUndefined();
  });

  test('an item that another source still sees is not missing', async () => {
    await opened.look([rack('r1'), server1()]);
    await opened.look([server1({ relations: [] })], { source: 'file' });
    opened.clock.advance(60);
    await opened.look([rack('r1')]);
    expect(opened.cmdb.inventory.missingSince(node1().id)).toBeUndefined();
  });

  test('an application that is gone is retired, and comes back as the same', async () => {
    const app = observed(
      'application',
      'web',
      { name: 'c/ns/web' },
      { relations: [{ type: 'runs_on', to: 'node-1' }] },
    );
    await opened.look([rack('r1'), server1(), app]);
    await opened.look([rack('r1'), server1()]);
    const [gone] = opened.cmdb.inventory.ofClass('application');
    expect(gone?.state).toBe('retired');
    expect(opened.cmdb.inventory.incoming(node1().id, 'runs_on')).toEqual([]);
    await opened.look([rack('r1'), server1(), app]);
    expect(opened.cmdb.inventory.ofClass('application')).toMatchObject([{ id: gone?.id, state: 'in_service' }]);
    expect(opened.cmdb.inventory.incoming(node1().id, 'runs_on')).toHaveLength(1);
  });

  test('sources that disagree: the surer one is believed, the conflict is shown', async () => {
    await opened.look([rack('r1'), server1({ attributes: { serial: 'A', kernel: '6.8' } })]);
    await opened.look([server1({ attributes: { serial: 'B' }, relations: [] })], { source: 'file' });
    expect(node1()).toMatchObject({
      attributes: { serial: 'B', kernel: '6.8' },
      origins: { serial: 'file', kernel: 'scan' },
      conflicts: [{ about: 'serial', said: { scan: 'A', file: 'B' } }],
      version: 2,
    });
  });

  test('an identity that moved leads to the item that has it now', async () => {
    const two = observed('server', 'node-2', { serial: 'dell/b' });
    await opened.look([rack('r1'), server1(), two]);
    const first = node1().id;
    await opened.look([
      rack('r1'),
      observed('server', 'node-2', { serial: 'dell/a' }),
      observed('server', 'node-1', { serial: 'dell/b', hostname: 'node-1' }),
    ]);
    expect(node1().id).not.toBe(first);
    expect(opened.cmdb.inventory.byIdentity('server', { kind: 'serial', value: 'dell/a' })?.id).toBe(first);
    const { rows } = await sql<{ count: number }>`select count(*)::integer as count from identity`.execute(
      opened.store.db,
    );
    expect(rows).toEqual([{ count: 4 }]);
  });

  test('what a look found is listed until a look no longer finds it', async () => {
    const stray = observed('server', 'stray', { serial: 'x/1' });
    await opened.look([stray], { mayCreate: false });
    const since = opened.clock.now();
    opened.clock.advance(60);
    await opened.look([stray], { mayCreate: false });
    expect(await opened.cmdb.findings()).toMatchObject([
      { kind: 'unknown', source: 'scan', subject: 'server stray', since },
    ]);
    await opened.look([]);
    expect(await opened.cmdb.findings()).toEqual([]);
  });

  test('a refused look and a failed one are on record, and change nothing', async () => {
    const fleet = Array.from({ length: 50 }, (_, index) => observed('server', `n${index}`, { serial: `s/${index}` }));
    await opened.look(fleet);
    opened.clock.advance(60);
    const { refusal } = await opened.look(fleet.slice(0, 2), { maxMissingRatio: 0.2 });
    expect(refusal).toContain('2 of the 50');
    expect(await opened.cmdb.looks()).toMatchObject([
      { source: 'scan', outcome: 'refused', reason: refusal, succeededAt: opened.clock.now() - 60, items: 2 },
    ]);
    await opened.cmdb.lookFailed({ source: 'scan', type: 'test', startedAt: opened.clock.now(), reason: 'no answer' });
    expect(await opened.cmdb.looks()).toMatchObject([
      { outcome: 'failed', reason: 'no answer', totals: { created: 50, missing: 0 } },
    ]);
    expect(
      [...opened.cmdb.inventory.items()].filter(({ id }) => opened.cmdb.inventory.missingSince(id) !== undefined),
    ).toEqual([]);
  });

  test('an item of which nobody says anything any more is deleted, with its relations both ways; its history stays', async () => {
    await opened.look([rack('r1'), server1()]);
    await opened.look([rack('r1')], { source: 'file' });
    await opened.look([server1({ relations: [{ type: 'located_in', to: 'r1' }] }), rack('r1')], { source: 'third' });
    const { id } = node1();
    expect(await opened.cmdb.forgetSource('scan', 'ann')).toBe(2);
    expect(node1().id).toBe(id);
    expect(await opened.cmdb.forgetSource('third', 'ann')).toBe(2);
    expect(opened.cmdb.inventory.item(id)).toBeUndefined();
    expect(opened.cmdb.inventory.ofClass('rack')).toHaveLength(1);
    expect([...opened.cmdb.inventory.relations()]).toEqual([]);
    const [last] = await opened.cmdb.history({ itemId: id, limit: 1 });
    expect(last).toMatchObject({
      action: 'deleted',
      actor: 'ann',
      after: undefined,
      message: 'the source is forgotten',
    });
    expect((await opened.cmdb.looks()).map(({ source }) => source)).toEqual(['file']);
    const again = await opened.replica();
    expect(again.inventory.size).toBe(1);
    const { rows } = await sql<{ count: number }>`select count(*)::integer as count from identity`.execute(
      opened.store.db,
    );
    expect(rows).toEqual([{ count: 1 }]);
  });

  test('what comes and goes is forgotten when it is long gone, and nothing else', async () => {
    const app = (name: string) =>
      observed('application', name, { name }, { relations: [{ type: 'runs_on', to: 'node-1' }] });
    await opened.look([rack('r1'), server1(), app('old'), app('new')]);
    await opened.look([rack('r1'), app('new')]);
    opened.clock.advance(1000);
    await opened.look([rack('r1')]);
    opened.clock.advance(1000);
    expect(await opened.cmdb.forgetGone(opened.clock.now() - 1500)).toBe(1);
    expect(opened.cmdb.inventory.ofClass('application').map(({ name }) => name)).toEqual(['new']);
    expect(opened.cmdb.inventory.missingSince(node1().id)).toBeDefined();
    expect(await opened.cmdb.forgetGone(opened.clock.now() - 1500)).toBe(0);
  });

  test('what is deleted is not brought back by the claim of another item', async () => {
    await opened.look([rack('r1')], { source: 'file' });
    await opened.look([server1(), observed('rack', 'r1', { name: 'r1' }, { isMention: true })]);
    expect(placeOf(node1())).toEqual(['r1']);
    await opened.cmdb.forgetSource('file', 'ann');
    expect(placeOf(node1())).toEqual([]);
    await opened.look([server1({ attributes: { touched: 1 } })]);
    expect([...opened.cmdb.inventory.relations()]).toEqual([]);
  });

  test('changes are counted by source, also those of other replicas', async () => {
    const other = await opened.replica();
    await opened.look([rack('r1'), server1()]);
    await other.catchUp();
    expect([...other.changes]).toEqual([['scan', 2]]);
  });

  test('writing that throws leaves nothing behind', async () => {
    await opened.look([rack('r1')]);
    const failing = opened.cmdb.write({ actor: 'ann', message: '' }, async ({ tx }) => {
      await sql`delete from item`.execute(tx);
      throw new Error('second thoughts');
    });
    await expect(failing).rejects.toThrow('second thoughts');
    const again = await opened.replica();
    expect(again.inventory.size).toBe(1);
  });

  test('SQL and HTML in every field are just text', async () => {
    const nasty = `'); drop table item; -- <script>alert(1)</script> \\ \u2028 \${x} {{ . }}`;
    await opened.look([
      observed('rack', nasty, { name: nasty.toLowerCase() }),
      observed(
        'server',
        'node-1',
        { hostname: 'node-1' },
        {
          name: nasty,
          attributes: { note: nasty, list: [nasty] },
          relations: [{ type: 'located_in', to: nasty }],
          scope: nasty,
        },
      ),
    ]);
    const again = await opened.replica();
    const found = again.inventory.byIdentity('server', { kind: 'hostname', value: 'node-1' });
    expect(found).toMatchObject({ name: nasty, attributes: { note: nasty, list: [nasty] } });
  });
});

test('replicas that write at the same time lose nothing and agree in the end', async () => {
  const database = await openTestDatabase(server?.url);
  const opened = await database.empty();
  const other = await opened.replica();
  const looks = Array.from({ length: 20 }, (_, index) => ({
    source: `scan-${index % 4}`,
    type: 'test',
    observation: observation(
      [observed('server', `n${index}`, { serial: `s/${index}` }, { attributes: { by: index } })],
      { isComplete: false },
    ),
    startedAt: 0,
    mayCreate: true,
    maxMissingRatio: 1,
    check: () => [],
  }));
  await Promise.all(looks.map((look, index) => (index % 2 === 0 ? opened.cmdb : other).look(look)));
  await Promise.all([opened.cmdb.catchUp(), other.catchUp()]);
  expect(opened.cmdb.inventory.size).toBe(20);
  expect([...other.inventory.items()].sort((a, b) => a.id - b.id)).toEqual(
    [...opened.cmdb.inventory.items()].sort((a, b) => a.id - b.id),
  );
  await database.close();
});
