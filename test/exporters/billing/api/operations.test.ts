import { gzipSync } from 'node:zlib';
import { type BillingApi, change, recordMarch, startBillingApi, stopBilling } from '../../../support/billing-api.ts';

let api: BillingApi;
const lines: string[] = [];
beforeAll(async () => {
  const note = (message: string): void => void lines.push(message);
  api = await startBillingApi({ log: { debug: note, info: note, warn: note, error: note, setLevel: () => undefined } });
  await recordMarch(api.ledger);
});
afterAll(async () => {
  await api.stop();
  await stopBilling();
});

const post = (path: string, body?: unknown, headers = {}) => api.ask(path, { method: 'POST', body, headers });

describe('back-fill', () => {
  test('begins in the background, tells how far it is, and can be ended', async () => {
    const begun = await post('/api/v1/backfills', {
      from: '2026-03-01',
      to: '2026-03-02T00:00:00Z',
      meters: ['gpu_time'],
    });
    expect([begun.status, begun.headers['location'], begun.json.windows_total]).toEqual([
      202,
      '/api/v1/backfills/b1',
      24,
    ]);
    expect(begun.json).toMatchObject({
      by: 'local',
      from: '2026-03-01T00:00:00.000Z',
      meters: ['gpu_time'],
      clusters: [],
    });
    change(api.jobs, 'b1', { windowsDone: 7, rowsAdded: 40 });
    expect((await api.ask('/api/v1/backfills/b1')).json).toMatchObject({
      windows_done: 7,
      rows_added: 40,
      state: 'running',
    });
    expect((await post('/api/v1/backfills/b1/cancel')).json.state).toBe('cancelled');
    expect((await post('/api/v1/backfills/b9/cancel')).status).toBe(404);
  });

  test('lists the newest first', async () => {
    await post('/api/v1/backfills', { from: '2026-03-01', to: '2026-03-02' });
    const { json } = await api.ask('/api/v1/backfills?limit=1');
    expect(json.backfills[0].id).toBe('b2');
    const next = await api.ask(`/api/v1/backfills?limit=1&cursor=${json.next}`);
    expect([next.json.backfills[0].id, next.json.next]).toEqual(['b1', undefined]);
  });

  test.each([
    [{}, 'from'],
    [{ from: 'yesterday' }, 'from'],
    [{ from: '2026-03-02', to: '2026-03-01' }, 'from'],
    [{ from: '2026-03-01', to: '2100-01-01' }, 'to'],
    [{ from: '2026-03-01', meters: ['gpu'] }, 'meters'],
    [{ from: '2026-03-01', clusters: 'east' }, 'clusters'],
    [{ from: '2026-03-01', speed: 9 }, 'speed'],
  ])('%j is refused by name', async (body, field) => {
    const { status, json } = await post('/api/v1/backfills', body);
    expect([status, json.error.field]).toEqual([400, field]);
  });

  test('what the metering refuses is told in its words', async () => {
    const { status, json } = await post('/api/v1/backfills', { from: '2020-01-01' });
    expect([status, json.error.message]).toEqual([409, 'at most 400 days at once']);
  });
});

describe('what-if', () => {
  const ask = (body: unknown, query = 'period=2026-03', type = 'application/yaml') =>
    post(`/api/v1/what-if?${query}`, body, { 'content-type': type });

  test('tells the largest differences first, and sums of all', async () => {
    const { json } = await ask('prices: []', 'period=2026-03&limit=2');
    expect(json.tenants.map(({ tenant, difference }: Record<string, string>) => [tenant, difference])).toEqual([
      ['green', '10.50'],
      ['blue', '5.50'],
    ]);
    expect(json.tenants[0].lines).toBeUndefined();
    expect(json.totals).toEqual([
      { currency: 'EUR', tenants: 3, before: '30.00', after: '46.50', difference: '16.50' },
    ]);
    const one = await ask('prices: []', 'period=2026-03&tenant=blue');
    expect(one.json.tenants[0].lines).toEqual([
      { id: 'l', description: 'H100, GPU hours', before: '10.00', after: '15.50', difference: '5.50' },
    ]);
  });

  test('a price book with a mistake is refused with its place', async () => {
    const { status, json } = await ask('broken');
    expect([status, json.error]).toEqual([
      400,
      { code: 'bad_request', field: 'body', message: 'prices[0].price must be a decimal number' },
    ]);
  });

  test.each([
    ['', 'period=2026-03', 'application/yaml', 400],
    ['prices: []', '', 'application/yaml', 400],
    ['prices: []', 'period=2026-03', 'text/plain', 415],
    [Buffer.from([0xff, 0xfe, 0x00]), 'period=2026-03', 'application/yaml', 400],
    ['prices: []', 'period=2026-03&tenant=nobody', 'application/yaml', 404],
  ])('%j with %s as %s is refused', async (body, query, type, status) => {
    expect((await ask(body, query, type)).status).toBe(status);
  });

  test('a body without an end is not read to its end', async () => {
    const before = api.asked.whatIf.length;
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    let sent = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 1;
        if (sent > 100) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const answer = await fetch(`${api.url}/api/v1/what-if?period=2026-03`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/yaml' },
      duplex: 'half',
    } as RequestInit).then(
      ({ status }) => status,
      () => 'closed',
    );
    expect([413, 'closed']).toContain(answer);
    expect(sent).toBeLessThan(100);
    expect(api.asked.whatIf).toHaveLength(before);
  });

  test('a compressed body is not unpacked', async () => {
    const answer = await post('/api/v1/what-if?period=2026-03', gzipSync('prices: []'), {
      'content-type': 'application/yaml',
      'content-encoding': 'gzip',
    });
    expect(answer.status).toBe(415);
  });
});

describe('metering', () => {
  test('tells how far each meter is and what is wrong', async () => {
    const { json } = await api.ask('/api/v1/status?limit=1');
    expect(json.meters).toEqual([
      {
        cluster: 'east',
        meter: 'gpu_time',
        source: 'prometheus',
        metered_from: '2026-03-01T00:00:00.000Z',
        metered_until: '2026-04-04T23:45:00.000Z',
        age_seconds: 900,
        coverage: 0.9987,
        held_windows: 1,
        conservation_error: '7/3',
      },
    ]);
    expect(json.sources.map(({ up }: { up: boolean }) => up)).toEqual([true, false]);
    const rest = await api.ask(`/api/v1/status?limit=1&cursor=${json.next}`);
    expect(rest.json.meters).toEqual([
      { cluster: 'west', meter: 'gpu_time', source: '', held_windows: 0, trouble: expect.stringContaining('30 s') },
    ]);
  });

  test('lists windows whose sums are wrong, and gaps across windows as one', async () => {
    const { json } = await api.ask('/api/v1/conservation?from=2026-03-01&to=2026-04-01');
    expect([json.checked, json.windows.length]).toEqual([2, 2]);
    expect(json.windows[0].conservation).toEqual({
      devices: 1,
      installed_ms: 3_600_000,
      error_ms: '7/3',
      worst: [{ resource: 'GPU-9', error: '7/3' }],
    });
    const gaps = await api.ask('/api/v1/gaps?from=2026-03-01&to=2026-04-01&cluster=east&meter=gpu_time');
    expect(gaps.json.gaps).toEqual([
      {
        cluster: 'east',
        meter: 'gpu_time',
        from: '2026-03-11T00:30:00.000Z',
        to: '2026-03-11T02:00:00.000Z',
        where: 'node-7',
        policy: 'zero',
      },
    ]);
    expect((await api.ask('/api/v1/gaps?from=2026-03-01&to=2026-04-01&cluster=west')).json.gaps).toEqual([]);
    expect((await api.ask('/api/v1/gaps?from=2025-03-01')).json.error.field).toBe('to');
  });

  test('budgets of all are shown with those of tenants, prices by meter', async () => {
    const { json } = await api.ask('/api/v1/budgets');
    expect(json.budgets.map(({ tenant, name }: Record<string, string>) => [tenant, name])).toEqual([
      [undefined, 'all'],
      ['blue', 'own'],
      ['red', 'own'],
    ]);
    expect(json.budgets[0]).toMatchObject({
      spent: '812.50',
      ratio: 0.8125,
      spent_at: '2026-04-21T00:00:00.000Z',
      forecasts: [{ method: 'pace', expected: '1083.33', days: 4 }],
      steps: [
        { ratio: 0.8, reached: true },
        { ratio: 1, reached: false },
      ],
    });
    const prices = await api.ask('/api/v1/prices?meter=storage');
    expect(prices.json.prices).toEqual([{ id: 'prices[1]', meter: 'storage', sku: 'ssd', unit_price: '0.10' }]);
  });
});

describe('hostile requests', () => {
  test.each([
    '/api/v1/bills/..%2F..%2Fetc%2Fpasswd',
    `/api/v1/bills/${encodeURIComponent("' or 1=1; drop table bill; --")}`,
    `/api/v1/bills/${encodeURIComponent('<script>alert(1)</script>')}`,
    '/api/v1/bills/__proto__',
    '/api/v1/tenants/constructor/draft?period=2026-03',
    `/api/v1/tenants/${encodeURIComponent('red" or "1')}/draft`,
    '/api/v1/backfills/..%2f',
  ])('%s is not there', async (path) => {
    const { status, headers, json } = await api.ask(path);
    expect([status, json.error.code]).toEqual([404, 'not_found']);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test.each([
    '/api/v1/bills/%E0%A4%A',
    '/api/v1/bills/%00',
    '/api/v1/usage?sku=a%00b',
    '/api/v1/gaps?cluster=%00',
    '/api/v1/bills?limit=1e9',
    '/api/v1/bills?limit=100000000000000000000',
    '/api/v1/bills?limit=-1',
    '/api/v1/bills?tenant[$ne]=red',
    `/api/v1/bills/x/explain?line=${'y'.repeat(1001)}`,
    '/api/v1/bills/INV-1/explain?line=x&cursor=99999999999999999999',
    `/api/v1/usage?by=${Array.from({ length: 50 }, () => 'day').join(',')}`,
    `/api/v1/usage?tenant=${Array.from({ length: 101 }, (_, index) => `t${index}`).join(',')}`,
  ])('%.60s is refused', async (path) => {
    expect((await api.ask(path)).status).toBe(400);
  });

  test.each([
    ['{"period": "2026-03", "tenants": ["red"]', 'application/json', 400],
    ['[]', 'application/json', 400],
    ['{"__proto__": {"period": "2026-03"}, "tenants": ["red"]}', 'application/json', 400],
    ['period=2026-03', 'application/x-www-form-urlencoded', 415],
    [Buffer.alloc(2 * 1024 * 1024, ' '), 'application/json', 413],
  ])('the body %.40s as %s is refused', async (body, type, status) => {
    expect((await post('/api/v1/bills/close', body, { 'content-type': type })).status).toBe(status);
  });

  test('a web page cannot close bills on this machine', async () => {
    const body = { period: '2026-03', tenants: ['red'] };
    expect((await post('/api/v1/bills/close', body, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await post('/api/v1/bills/close', body, { 'x-forwarded-for': '10.0.0.1' })).status).toBe(403);
    expect((await api.book.list({ limit: 9 })).bills).toEqual([]);
  });

  test('none of it was our own mistake', () => {
    expect(lines.filter((line) => line === 'request failed')).toEqual([]);
  });
});
