import { httpSdRoutes } from '../../../../exporters/cmdb/api/routes/http-sd-routes.ts';
import { createMemoryInventory } from '../../../../exporters/cmdb/inventory/memory-inventory.ts';
import type { Item } from '../../../../exporters/cmdb/model/item.ts';
import { createFileLists } from '../../../../exporters/cmdb/service-discovery/file-lists.ts';
import { defaultSdSettings, plainList, type SdSettings } from '../../../../exporters/cmdb/service-discovery/sd-list.ts';
import {
  createServiceDiscovery,
  type GoodCounts,
} from '../../../../exporters/cmdb/service-discovery/service-discovery.ts';
import { itemOf } from '../../../support/cmdb-inventory.ts';
import { askJson, type RunningApi, startCmdbApi } from '../../../support/cmdb-routes.ts';
import { quietLog } from '../../../support/stores.ts';

const settings: SdSettings = {
  ...defaultSdSettings,
  lists: [{ ...plainList, name: 'node', class: 'server', match: {}, port: 9100 }],
};
const server = (id: number): Item => ({
  ...itemOf({ id, class: 'server', attributes: { address: `10.0.0.${id}` } }),
  conflicts: [],
});

function bench(given: { counts?: GoodCounts } = {}) {
  const kept = new Map<string, number>();
  const counts: GoodCounts = given.counts ?? {
    load: () => Promise.resolve(kept),
    save: async (list, targets) => {
      kept.set(list, targets);
    },
  };
  const inventory = createMemoryInventory(1000);
  const state = { now: 1000, trouble: undefined as string | undefined };
  const clock = { now: () => state.now, monotonic: () => state.now };
  const make = () =>
    createServiceDiscovery(settings, { inventory, trouble: () => state.trouble, counts, clock, log: quietLog });
  return { inventory, state, kept, make, discovery: make() };
}

const kindOf = async (answer: ReturnType<ReturnType<typeof bench>['discovery']['answer']>) => (await answer)?.kind;

test('a list that loses more than half is refused until it is back or accepted, and half may go', async () => {
  const { inventory, discovery } = bench();
  for (const id of [1, 2, 3, 4]) inventory.put(server(id));
  expect(await kindOf(discovery.answer('node'))).toBe('list');
  inventory.remove(1);
  inventory.remove(2);
  expect(await kindOf(discovery.answer('node'))).toBe('list');
  inventory.remove(3);
  inventory.remove(4);
  expect(await discovery.answer('node')).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('2 of 2 targets'),
  });
  expect(discovery.overview()).toMatchObject([{ targets: 2, refused: 1, refusal: expect.stringContaining('accept') }]);
  inventory.put(server(5));
  expect(await kindOf(discovery.answer('node'))).toBe('list');
  inventory.remove(5);
  expect((await discovery.accept('node'))?.targets).toBe(0);
  expect(await discovery.answer('node')).toMatchObject({ kind: 'list', list: { text: '[]\n' } });
});

test('what was good before a restart still counts, and without it nothing is answered', async () => {
  const { inventory, make, discovery } = bench();
  for (const id of [1, 2, 3, 4]) inventory.put(server(id));
  await discovery.answer('node');
  for (const id of [1, 2, 3]) inventory.remove(id);
  expect(await kindOf(make().answer('node'))).toBe('refused');

  let isDown = true;
  const counts: GoodCounts = {
    load: () => (isDown ? Promise.reject(new Error('the database is away')) : Promise.resolve(new Map())),
    save: () => Promise.resolve(),
  };
  const other = bench({ counts }).discovery;
  expect(await other.answer('node')).toMatchObject({ reason: expect.stringContaining('the database is away') });
  isDown = false;
  expect(await kindOf(other.answer('node'))).toBe('list');
});

test('an empty inventory that never had a target is an empty list', async () => {
  expect(await bench().discovery.answer('node')).toMatchObject({ kind: 'list', list: { text: '[]\n' } });
});

test('while the database is away the list from memory serves for a time, and then none does', async () => {
  const { inventory, state, discovery } = bench();
  inventory.put(server(1));
  state.trouble = 'connection refused';
  state.now += 3599;
  expect(await kindOf(discovery.answer('node'))).toBe('list');
  state.now += 2;
  expect(await discovery.answer('node')).toMatchObject({ reason: expect.stringContaining('connection refused') });
  state.trouble = undefined;
  expect(await kindOf(discovery.answer('node'))).toBe('list');
});

test('the text is made once for each state of the inventory', async () => {
  const { inventory, discovery } = bench();
  inventory.put(server(1));
  const first = await discovery.answer('node');
  const second = await discovery.answer('node');
  expect(first?.kind === 'list' && second?.kind === 'list' && first.list === second.list).toBe(true);
});

test('files hold the last good list, and a failure to write costs nothing', async () => {
  const { inventory, discovery } = bench();
  inventory.put(server(1));
  const files = new Map<string, string>();
  let isFull = false;
  const lists = createFileLists({
    folder: '/lists',
    discovery,
    replaceFile: async (path, text) => {
      if (isFull) throw new Error('no space left on device');
      files.set(path, text);
    },
    log: quietLog,
  });
  await lists.write();
  expect(files.get('/lists/node.json')).toContain('10.0.0.1:9100');
  inventory.remove(1);
  await lists.write();
  expect(files.get('/lists/node.json')).toContain('10.0.0.1:9100');
  inventory.put(server(2));
  isFull = true;
  await lists.write();
  isFull = false;
  await lists.write();
  expect(files.get('/lists/node.json')).toContain('10.0.0.2:9100');
  // Refusals that only the files met are not answers.
  expect(discovery.overview()).toMatchObject([{ refused: 0 }]);
});

describe('over HTTP', () => {
  const { inventory, state, discovery } = bench();
  let api: RunningApi;
  beforeAll(async () => {
    for (const id of [1, 2, 3]) inventory.put(server(id));
    api = await startCmdbApi(httpSdRoutes, { discovery });
  });
  afterAll(() => api?.stop());

  test('the list is JSON with a tag, and the tag spares it', async () => {
    const headers = { 'X-Prometheus-Refresh-Interval-Seconds': '60' };
    const first = await askJson(`${api.url}/api/v1/sd/node`, { headers });
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toMatch(/^application\/json/);
    expect(first.json).toHaveLength(3);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    const again = await askJson(`${api.url}/api/v1/sd/node`, { headers: { 'if-none-match': etag } });
    expect(again).toMatchObject({ status: 304, json: undefined });
  });

  test('a list that is not there, and a name that is none', async () => {
    expect((await askJson(`${api.url}/api/v1/sd/gpus`)).json).toMatchObject({
      error: { code: 'not_found', message: 'there is no list gpus; there are node' },
    });
    expect((await askJson(`${api.url}/api/v1/sd/..%2fx`)).status).toBe(400);
  });

  test('trouble is 503 with the reason; a list that has shrunk can be accepted', async () => {
    state.trouble = 'connection refused';
    state.now += 4000;
    expect(await askJson(`${api.url}/api/v1/sd/node`)).toMatchObject({
      status: 503,
      json: { error: { code: 'unavailable' } },
    });
    state.trouble = undefined;
    inventory.remove(1);
    inventory.remove(2);
    expect((await askJson(`${api.url}/api/v1/sd/node`)).status).toBe(503);
    expect((await askJson(`${api.url}/api/v1/sd`)).json).toMatchObject({
      lists: [{ name: 'node', targets: 3, refused: 1, path: '/api/v1/sd/node' }],
    });
    expect((await askJson(`${api.url}/api/v1/sd/node/accept`, { method: 'POST' })).json).toEqual({
      name: 'node',
      targets: 1,
    });
    expect((await askJson(`${api.url}/api/v1/sd/node`)).json).toHaveLength(1);
  });
});
