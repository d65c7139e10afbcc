import { type RunningApi, startApi } from '../../../support/cmdb-api.ts';
import { observed } from '../../../support/cmdb-observed.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
  await api.look(
    Array.from({ length: 25 }, (_, index) =>
      observed(
        'server',
        `page-${index}`,
        { serial: `page/${index}` },
        { name: `node-${index % 5}`, attributes: { model: index % 2 === 0 ? 'A' : 'B' } },
      ),
    ),
  );
});
afterAll(() => api.stop());

async function allPages(
  path: string,
  between: () => Promise<unknown> = async () => undefined,
): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let cursor: string | undefined; ; ) {
    const next: string = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, json, text } = await api.ask(`${path}${next}`);
    if (status !== 200) throw new Error(text);
    ids.push(...json.items.map(({ id }: { id: number }) => id));
    if (json.next === undefined) return ids;
    cursor = json.next;
    await between();
  }
}

describe('pages', () => {
  test.each(['id', '-id', 'name', '-name', 'changed', '-created', 'class'])(
    'in the order %s nothing is told twice or left out',
    async (sort) => {
      const ids = await allPages(`/api/v1/items?class=server&limit=4&sort=${sort}`);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toHaveLength(25);
    },
  );

  test('names that repeat stand together, in both directions', async () => {
    const up = await allPages('/api/v1/items?class=server&limit=3&sort=name');
    const down = await allPages('/api/v1/items?class=server&limit=3&sort=-name');
    expect(down).toEqual([...up].reverse());
  });

  test('what is written meanwhile moves nothing that stays', async () => {
    const before = await allPages('/api/v1/items?class=server&limit=100');
    let written = 0;
    const [victim] = before.slice(-1);
    const ids = await allPages('/api/v1/items?class=server&limit=5', async () => {
      written += 1;
      await api.create({ class: 'server', name: `meanwhile-${written}` });
      await api.ask(`/api/v1/items/${before[written]}`, {
        method: 'PATCH',
        body: { state: 'failed' },
        headers: { 'if-match': '*' },
      });
      if (written === 1) await api.ask(`/api/v1/items/${victim}`, { method: 'DELETE', headers: { 'if-match': '*' } });
    });
    expect(new Set(ids).size).toBe(ids.length);
    expect(before.filter((id) => id !== victim && !ids.includes(id))).toEqual([]);
  });

  test('a search is paged, too', async () => {
    const ids = await allPages('/api/v1/items?q=node&class=server&limit=4');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(20);
  });

  test.each(['e30', 'xyz', Buffer.from('["-id",1,1]').toString('base64url')])(
    'a cursor that is damaged or of another order is refused: %s',
    async (cursor) => {
      const { status, json } = await api.ask(`/api/v1/items?cursor=${cursor}`);
      expect([status, json.error.field]).toEqual([400, 'cursor']);
    },
  );
});

describe('filters', () => {
  test.each([
    ['class=server&attribute=model=b', ({ attributes }: Listed) => attributes?.['model'] === 'B'],
    ['state=failed', ({ state }: Listed) => state === 'failed'],
    ['source=scan&class=server,gpu', ({ class: itemClass }: Listed) => itemClass === 'server'],
    ['q=node-1&attribute=model=A', ({ attributes }: Listed) => attributes?.['model'] === 'A'],
  ])('%s', async (query, fits) => {
    const { json } = await api.ask(`/api/v1/items?${query}&limit=1000`);
    expect(json.items.length).toBeGreaterThan(0);
    expect(json.items.filter((item: Listed) => !fits(item))).toEqual([]);
  });

  test('only the fields that are wanted', async () => {
    const { json } = await api.ask('/api/v1/items?fields=name,state&limit=1');
    expect(Object.keys(json.items[0])).toEqual(['id', 'name', 'state']);
  });

  test.each([
    ['clas=server', 'clas', /did you mean class\?/],
    ['class=sever', 'class', /must be of .*server/],
    ['limit=0', 'limit', /from 1 to 1000, got "0"/],
    ['limit=1&limit=2', 'limit', /once only/],
    ['sort=rack', 'sort', /one of id, -id/],
    ['at=yesterday', 'at', /2026-01-31T08:00:00Z/],
    ['at=9999999999', 'at', /future/],
    ['attribute=model', 'attribute', /name=value/],
    [`q=${'x'.repeat(9000)}`, 'query', /at most 8192/],
    ['__proto__=1', '__proto__', /no such parameter/],
  ])('%.60s is refused by name', async (query, field, reason) => {
    const { status, json } = await api.ask(`/api/v1/items?${query}`);
    expect([status, json.error.field]).toEqual([400, field]);
    expect(json.error.message).toMatch(reason);
  });

  test('a query that is longer than a request may be is refused by the server', async () => {
    expect([400, 414, 431]).toContain((await api.ask(`/api/v1/items?q=${'x'.repeat(200_000)}`)).status);
  });
});

interface Listed {
  readonly class?: string;
  readonly state?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

describe('bodies', () => {
  test('JSON that is very deep, torn, too large or of another type costs one answer', async () => {
    const post = (body: string, headers = {}) => api.ask('/api/v1/items', { method: 'POST', body, headers });
    const deep = await post(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    expect([deep.status, deep.json.error.code]).toEqual([400, 'bad_request']);
    expect(
      (await post(`{"class":"rack","name":"d","attributes":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`)).status,
    ).toBe(400);
    expect((await post('{"class":')).json.error).toMatchObject({
      field: 'body',
      message: expect.stringMatching(/no JSON/),
    });
    const large = await post(JSON.stringify({ class: 'rack', name: 'x'.repeat(1_100_000) }));
    expect([large.status, large.json.error.code]).toEqual([413, 'too_large']);
    expect((await post('class: rack', { 'content-type': 'application/yaml' })).status).toBe(415);
    expect((await post('')).json.error).toMatchObject({ field: 'body' });
    expect((await api.ask('/api/v1/items?limit=1')).status).toBe(200);
  });
});

test('paths and methods that are not there are told in JSON', async () => {
  const nowhere = await api.ask('/api/v1/nothing');
  expect([nowhere.status, nowhere.json.error.code]).toEqual([404, 'not_found']);
  const method = await api.ask('/api/v1/items/1', { method: 'PUT', body: {} });
  expect([method.status, method.json.error.message]).toEqual([405, expect.stringContaining('GET, PATCH, DELETE')]);
  expect((await api.ask('/api/v1/items/abc')).json.error.field).toBe('id');
  expect((await api.ask('/api/v1/items/%zz')).status).toBe(400);
});

test('time travel: an item, a list and a search as they were', async () => {
  const id = await api.create({ class: 'rack', name: 'travel-old' });
  const then = api.clock.now();
  api.clock.advance(3600);
  await api.ask(`/api/v1/items/${id}`, {
    method: 'PATCH',
    body: { name: 'travel-new', state: 'retired' },
    headers: { 'if-match': '"1"' },
  });
  const at = `at=${new Date(then * 1000).toISOString()}`;
  expect((await api.ask(`/api/v1/items/${id}`)).json.name).toBe('travel-new');
  expect((await api.ask(`/api/v1/items/${id}?${at}`)).json).toMatchObject({
    name: 'travel-old',
    state: 'in_service',
    version: 1,
  });
  expect((await api.ask(`/api/v1/search?q=travel-old&${at}`)).json.items[0]).toMatchObject({ id });
  expect((await api.ask(`/api/v1/items/${id}/place?at=${then - 7200}`)).status).toBe(404);
  expect((await api.ask(`/api/v1/export?format=csv&${at}`)).text).toContain('travel-old');
});

test('a lookup finds one, none or several', async () => {
  const mac = '02:42:ac:11:00:07';
  await api.create({ class: 'server', name: 'twin-1.fra.example', attributes: { mac, address: '10.9.8.7' } });
  await api.create({ class: 'switch', name: 'twin-2', identities: [{ kind: 'mac', value: mac }] });
  const several = await api.ask('/api/v1/lookup?mac=0242.AC11.0007');
  expect([several.status, several.json.items]).toMatchObject([
    300,
    [{ name: 'twin-1.fra.example' }, { name: 'twin-2' }],
  ]);
  expect((await api.ask('/api/v1/lookup?mac=0242ac110007&class=switch')).json.name).toBe('twin-2');
  for (const query of ['ip=10.9.8.7', 'host=twin-1', 'host=TWIN-1.fra.example', 'node=twin-1']) {
    expect([query, (await api.ask(`/api/v1/lookup?${query}`)).json.name]).toEqual([query, 'twin-1.fra.example']);
  }
  expect((await api.ask('/api/v1/lookup?host=nobody')).status).toBe(404);
  expect((await api.ask('/api/v1/lookup?host=a&ip=b')).status).toBe(400);
  expect((await api.ask('/api/v1/lookup')).status).toBe(400);
});

test('alerts by their labels lead to the parent that they share', async () => {
  const rack = await api.create({ class: 'rack', name: 'cause' });
  for (const name of ['cause-1', 'cause-2', 'cause-3']) {
    await api.create({ class: 'server', name, relations: [{ type: 'located_in', to: rack }] });
  }
  const alerts = [
    { labels: { node: 'cause-1' } },
    { labels: { instance: 'cause-2:9100' } },
    { labels: { instance: '[::1]:1' } },
    { labels: { node: 'cause-3' } },
  ];
  const { json } = await api.ask('/api/v1/root-cause', { method: 'POST', body: { alerts } });
  expect(json.explanation[0]).toMatchObject({ id: rack, name: 'cause' });
  expect(json.unmatched_alerts).toEqual([2]);
  const impact = await api.ask(`/api/v1/items/${rack}/impact`);
  expect(impact.json).toMatchObject({ down: 4, failed: [{ id: rack }] });
  const drawing = await api.ask(`/api/v1/topology?inside=${rack}&format=mermaid`);
  expect(drawing.headers['content-type']).toContain('mermaid');
  expect(drawing.text).toContain('cause-2');
});

describe('places', () => {
  let rack: number;
  let server: number;
  beforeAll(async () => {
    rack = await api.create({ class: 'rack', name: 'places-r1', attributes: { rack_units: 42 } });
    server = await api.create({
      class: 'server',
      name: 'places-1',
      attributes: { rack_unit: 3, rack_units: 2 },
      relations: [{ type: 'located_in', to: rack }],
    });
  });

  test.each([
    ['the rack itself', () => rack],
    ['what stands in it', () => server],
  ])('a rack is told by %s', async (_name, id) => {
    const { status, json } = await api.ask(`/api/v1/items/${id()}/rack`);
    expect([status, json.rack.name, json.units]).toEqual([200, 'places-r1', 42]);
    expect(json.mounted).toEqual([expect.objectContaining({ id: server, unit: 3, units: 2, tenants: [] })]);
  });

  test('what is in no rack has none', async () => {
    const id = await api.create({ class: 'server', name: 'places-nowhere' });
    const { status, json } = await api.ask(`/api/v1/items/${id}/rack`);
    expect([status, json.error.message]).toEqual([404, `item ${id} (places-nowhere) is in no rack`]);
  });

  test('the overview counts racks', async () => {
    const { json } = await api.ask('/api/v1/overview');
    expect(json.racks).toContainEqual(expect.objectContaining({ name: 'places-r1', servers: 1, gpus: 0 }));
    expect(json.servers_without_rack).toBeGreaterThan(20);
    const { json: elsewhere } = await api.ask('/api/v1/overview?site=nowhere');
    expect([elsewhere.items, elsewhere.racks]).toEqual([0, []]);
  });

  test('of what breaks only wanted classes are listed, and all are counted', async () => {
    const { json } = await api.ask(`/api/v1/items/${rack}/impact?class=server`);
    expect(json.affected.map(({ id }: { id: number }) => id)).toEqual([server]);
    expect([json.down, json.truncated]).toEqual([2, false]);
    expect((await api.ask(`/api/v1/items/${rack}/impact?class=sever`)).json.error.field).toBe('class');
  });
});
