import { maintenanceRoutes } from '../../../../exporters/cmdb/api/routes/maintenance-routes.ts';
import { createGoodCounts } from '../../../../exporters/cmdb/store/good-counts.ts';
import { createMaintenanceBook, type MaintenanceBook } from '../../../../exporters/cmdb/store/maintenance-book.ts';
import type { Db } from '../../../../exporters/cmdb/store/tables.ts';
import { fleetObservation, smallFleet } from '../../../support/cmdb-fleet.ts';
import { askJson, type RunningApi, startCmdbApi } from '../../../support/cmdb-routes.ts';
import { openTestDatabase, type TestDatabase, testClock } from '../../../support/cmdb-store.ts';

const clock = testClock();
let database: TestDatabase;
let api: RunningApi;
let db: Db;
let maintenance: MaintenanceBook;
let another: MaintenanceBook;
let changes = 0;

beforeAll(async () => {
  database = await openTestDatabase(undefined);
  const { cmdb: store, look } = await database.empty({ clock });
  ({ db } = database.store);
  await look(fleetObservation(smallFleet).items);
  maintenance = createMaintenanceBook({ db, store, clock });
  another = createMaintenanceBook({ db, store, clock });
  const onWindowChanged = (): void => {
    changes++;
  };
  api = await startCmdbApi(maintenanceRoutes, {
    store,
    clock,
    maintenance,
    onWindowChanged,
  });
}, 120_000);
afterAll(async () => {
  await api?.stop();
  await database?.close();
});

interface Window {
  readonly id: number;
  readonly version: number;
  readonly state: string;
  readonly ends_at: string;
  readonly holds: { readonly items: number; readonly silenced: readonly { readonly patterns: readonly string[] }[] };
}

const url = (path = ''): string => `${api.url}/api/v1/maintenance${path}`;
const rack = { query: { class: 'rack', match: { name: 'r1' } } };
const create = async (more: object = {}) => {
  const body = { title: 'New PDU', scope: rack, duration: '2h', ...more };
  const answer = await askJson(url(), { method: 'POST', body });
  return { status: answer.status, headers: answer.headers, window: answer.json as Window };
};

test('a window is made, told with what it holds, extended and ended', async () => {
  const { status, headers, window } = await create();
  expect(status).toBe(201);
  expect(headers.get('etag')).toBe('"1"');
  expect(window).toMatchObject({
    title: 'New PDU',
    state: 'active',
    created_by: 'local',
    version: 1,
    scope: { items: [] },
  });
  const nodes = Array.from({ length: 8 }, (_, index) => `node-${index + 8}`).sort();
  expect(window.holds.silenced).toMatchObject([{ label: 'node', count: 8, patterns: nodes }]);
  expect(changes).toBe(1);
  expect(maintenance.open().map(({ id }) => id)).toContain(window.id);

  const extended = await askJson(url(`/${window.id}`), {
    method: 'PATCH',
    headers: { 'if-match': '"1"' },
    body: { duration: '4h' },
  });
  expect(extended).toMatchObject({ status: 200, json: { version: 2, title: 'New PDU' } });
  expect(Date.parse((extended.json as Window).ends_at) - Date.parse(window.ends_at)).toBe(2 * 3600_000);

  const ended = await askJson(url(`/${window.id}`), { method: 'DELETE', headers: { 'if-match': '"2"' } });
  expect(ended).toMatchObject({ status: 200, json: { state: 'cancelled', version: 3 } });
  expect(maintenance.open().map(({ id }) => id)).not.toContain(window.id);
  const again = await askJson(url(`/${window.id}`), { method: 'DELETE', headers: { 'if-match': '*' } });
  expect(again).toMatchObject({ status: 409, json: { error: { message: 'the window is cancelled; make a new one' } } });
});

test('nobody overwrites what they have not seen', async () => {
  const { window } = await create();
  const patch = (header: string | undefined, title: string) =>
    askJson(url(`/${window.id}`), {
      method: 'PATCH',
      headers: header === undefined ? {} : { 'if-match': header },
      body: { title },
    });
  expect((await patch(undefined, 'x')).status).toBe(428);
  expect((await patch('7', 'x')).status).toBe(400);
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map((title) => patch('"1"', title)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
  const stale = answers.find(({ status }) => status === 412);
  expect(stale?.json).toMatchObject({ error: { code: 'version_conflict' }, window: { version: 2 } });
});

test('windows are listed by state and by item, page by page, and another replica sees them', async () => {
  const { window } = await create({ title: 'later', starts_at: '2100-01-01T00:00:00Z', duration: '1d' });
  const list = async (query: string) =>
    (await askJson(url(query))).json as { windows: readonly Window[]; next?: number };
  expect((await list('')).windows.at(-1)).toMatchObject({ id: window.id, state: 'scheduled' });
  const all = await list('?state=all&limit=2');
  expect(all.windows).toHaveLength(2);
  expect(all.windows[0]?.id).toBe(window.id);
  expect((await list(`?state=all&limit=2&before=${all.next}`)).windows[0]?.id).toBeLessThan(all.next ?? 0);
  expect((await list('?item=1')).windows).toEqual([]);
  expect((await another.refresh()).map(({ id }) => id)).toContain(window.id);
});

test.each([
  [{ scope: { query: { class: 'rack', match: { name: 'r99*' } } } }, 'scope.query', 'it finds no item at present'],
  [{ scope: { items: [999_999] } }, 'scope.items[0]', 'there is no item 999999'],
  [{ scope: {} }, 'scope', 'must NOT have fewer than 1 properties'],
  [{ scope: { query: {} } }, 'scope.query', 'must NOT have fewer than 1 properties'],
  [{ title: '' }, 'title', 'must NOT have fewer than 1 characters'],
  [{ title: 'a\u0000b' }, 'title', 'must hold no control characters'],
  [{ duration: '2 hours' }, 'duration', 'must be a duration such as'],
  [{ duration: '2h', ends_at: '2100-01-01T00:00:00Z' }, 'duration', 'either ends_at or duration'],
  [{ duration: undefined }, 'ends_at', 'ends_at or duration is missing'],
  [{ duration: undefined, ends_at: '2020-01-01T00:00:00Z' }, 'ends_at', 'it must be later than the start'],
  [{ starts_at: '2020-01-01T00:00:00Z', duration: '1h' }, 'ends_at', 'it is over already'],
  [{ duration: '400d' }, 'ends_at', 'a window lasts 366 days at most'],
])('%j is refused', async (more, field, message) => {
  const { status, window } = await create(more);
  expect(status).toBe(400);
  expect(window).toMatchObject({ error: { field, message: expect.stringContaining(message) } });
});

test('SQL and HTML in a title are text', async () => {
  const title = `'); drop table maintenance_window; -- <script>`;
  const { window } = await create({ title });
  expect((await askJson(url(`/${window.id}`))).json).toMatchObject({ title });
});

test('the number of targets of the last good answer is kept', async () => {
  const counts = createGoodCounts({ db, clock });
  await counts.save('gpu', 7);
  await counts.save('gpu', 9);
  expect(await createGoodCounts({ db, clock }).load()).toEqual(new Map([['gpu', 9]]));
});
