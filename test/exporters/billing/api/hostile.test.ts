import { billingRoutes } from '../../../../exporters/billing/api/routes/index.ts';
import {
  type BillingApi,
  bearer,
  billingRoleTokens,
  billingTokens,
  recordMarch,
  startBillingApi,
  stopBilling,
} from '../../../support/billing-api.ts';

let api: BillingApi;
const logged: string[] = [];
const note = (message: string, fields?: object): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
beforeAll(async () => {
  const log = { debug: note, info: note, warn: note, error: note, setLevel: () => undefined };
  api = await startBillingApi({ access: { tokens: billingRoleTokens() }, log });
  await recordMarch(api.ledger);
  for (const tenant of ['red', 'blue']) await api.book.close({ tenant, period: '2026-03', by: 'test' });
});
afterAll(async () => {
  await api.stop();
  await stopBilling();
});

const red = { headers: bearer('red') };
const others = /blue|green|unattributed|INV-2026-00002/i;
const formats = ['', '?format=html', '?format=csv', '?format=json'];

/** All that can be read without the name of another tenant, in every form. */
const readable = billingRoutes
  .filter(({ method, access }) => method === 'get' && access === 'reader')
  .flatMap(({ path, parameters }) => {
    const place = path.replace('{tenant}', 'red').replace('{number}', 'INV-2026-00001').replace('{id}', 'b1');
    const wanted = [
      ...('period' in parameters ? ['period=2026-03'] : []),
      ...('line' in parameters ? ['line=none'] : []),
    ];
    const forms = 'format' in parameters ? formats : [''];
    const joined = (form: string) => [...wanted, ...(form === '' ? [] : [form.slice(1)])].join('&');
    return forms.map((form) => `${place}?${joined(form)}`);
  });

describe('a token of one tenant', () => {
  test('is tried on every path that can be read', () => expect(readable.length).toBeGreaterThan(20));

  test.each([
    ...readable,
    '/api/v1/bills?state=draft&period=2026-03',
    '/api/v1/focus?period=2026-03&drafts=true',
    '/api/v1/usage?period=2026-03&by=day,tenant,cost_centre,sku,cluster,node,state,reason',
    '/api/v1/usage?period=2026-03&by=tenant&state=idle,used&format=csv',
    '/api/v1/nothing',
    '/',
  ])('reads of no other tenant in %s', async (path) => {
    const { text, headers } = await api.ask(path, red);
    expect(`${text} ${JSON.stringify(headers)}`).not.toMatch(others);
  });

  test.each([
    'blue',
    'BLUE',
    ' blue',
    'bl%75e',
    'red%2Cblue',
    'red&tenant=blue',
    'red,,blue',
    'blue%0d%0aSet-Cookie:%20a=b',
    "blue'%20or%20'1'='1",
    'blue%25',
    '*',
    '%',
    '_lue',
    '..%2Fblue',
    '%E2%80%AEblue',
    '__proto__',
    'constructor',
  ])('gets nothing out of ?tenant=%s', async (name) => {
    for (const path of ['bills', 'usage', 'budgets', 'quotas', 'focus']) {
      const needed = path === 'focus' || path === 'usage' ? 'period=2026-03&' : '';
      const { status, json } = await api.ask(`/api/v1/${path}?${needed}tenant=${name.replaceAll(' ', '%20')}`, red);
      expect([path, status, json.error.message]).toEqual([path, 404, expect.stringMatching(/^there is no tenant "/)]);
    }
  });

  test.each(['blue', 'bl%75e', 'red%2F..%2Fblue', 'red/../blue', "blue'--", '%3Cscript%3E', '__proto__', 'blue/'])(
    'gets nothing out of the path of %s',
    async (name) => {
      for (const path of [`tenants/${name}/draft`, `tenants/${name}/draft/explain`, `TENANTS/${name}/DRAFT`]) {
        const { status, json } = await api.ask(`/api/v1/${path}?${path.endsWith('explain') ? 'line=x&' : ''}`, red);
        expect([status, json.error.code]).toEqual([404, 'not_found']);
      }
    },
  );

  test.each(['tenant[]=blue', 'tenant[0]=blue', 'Tenant=blue', 'tenants=blue', 'scope=blue', 'role=admin', 'number=1'])(
    'cannot widen what it sees by ?%s',
    async (query) => {
      const { status, json } = await api.ask(`/api/v1/bills?${query}`, red);
      expect([status, json.error.message]).toEqual([400, expect.stringContaining('no such parameter')]);
    },
  );

  test('is confined with HEAD, in another header, and with a second token', async () => {
    expect((await api.ask('/api/v1/bills/INV-2026-00002', { ...red, method: 'HEAD' })).status).toBe(404);
    const inOther = { headers: { 'x-admin-token': billingTokens.red } };
    expect((await api.ask('/api/v1/tenants', inOther)).json.tenants).toHaveLength(1);
    const both = { headers: { ...bearer('red'), 'x-admin-token': billingTokens.admin } };
    expect((await api.ask('/api/v1/tenants', both)).json.tenants).toHaveLength(1);
  });

  test('no page is shorter, and no cursor there, because of what others have', async () => {
    for (const path of ['tenants', 'budgets', 'quotas', 'bills', 'bills?state=draft&period=2026-03']) {
      const { json } = await api.ask(`/api/v1/${path}${path.includes('?') ? '&' : '?'}limit=1`, red);
      const [list] = Object.values(json).filter(Array.isArray);
      expect([path, list?.length, json.next]).toEqual([path, 1, undefined]);
    }
  });

  test('a cursor of somebody who sees all leads to nothing of theirs', async () => {
    for (const path of ['tenants', 'budgets', 'quotas', 'bills?state=draft&period=2026-03', 'bills?']) {
      const page = `/api/v1/${path}${path.includes('?') ? '&' : '?'}limit=1`;
      const { json } = await api.ask(page, { headers: bearer('reader') });
      expect(json.next).toBeDefined();
      const { status, text } = await api.ask(`${page}&cursor=${json.next}`, red);
      expect([status, others.test(text)]).toEqual([200, false]);
    }
  });

  test('a price book of a what-if is read with its own tenants alone', async () => {
    const request = { method: 'POST', body: 'prices: []', headers: { 'content-type': 'text/yaml', ...bearer('red') } };
    await api.ask('/api/v1/what-if?period=2026-03&tenant=red', request);
    expect(api.asked.whatIf.at(-1)).toMatchObject({ tenants: ['red'], visible: ['red'] });
    const all = { ...request, headers: { ...request.headers, ...bearer('reader') } };
    await api.ask('/api/v1/what-if?period=2026-03&tenant=red', all);
    expect(api.asked.whatIf.at(-1)).toMatchObject({ tenants: ['red'], visible: undefined });
  });
});

test.each(['reader', 'editor', 'red', 'both'] as const)('%s can change nothing', async (who) => {
  const before = (await api.book.list({ limit: 100 })).bills.length;
  const tries = [
    ['bills/close', { period: '2026-03', tenants: ['red', 'green'] }],
    ['bills/INV-2026-00001/corrections', {}],
    ['backfills', { from: '2026-03-01' }],
    ['backfills/b1/cancel', undefined],
  ] as const;
  for (const [path, body] of tries) {
    const { status } = await api.ask(`/api/v1/${path}`, { method: 'POST', body, headers: bearer(who) });
    expect([path, status]).toEqual([path, 403]);
  }
  expect((await api.book.list({ limit: 100 })).bills).toHaveLength(before);
  expect(api.jobs).toEqual([]);
});

test.each([
  ['limit=0', 'limit'],
  ['limit=1001', 'limit'],
  ['limit=1e2', 'limit'],
  ['limit=-1', 'limit'],
  ['cursor=-1', 'cursor'],
  ['cursor=9999999999999999999', 'cursor'],
  [`tenant=${'a,'.repeat(101)}`, 'tenant'],
  [`tenant=${'a'.repeat(2001)}`, 'tenant'],
  [`tenant=${'a'.repeat(8200)}`, 'query'],
  ['tenant=%00', 'tenant'],
  ['period=2026-13', 'period'],
  ['period=1999-12&state=draft', 'period'],
])('?%s is out of bounds, and the field is named', async (query, field) => {
  const { status, json } = await api.ask(`/api/v1/bills?${query}`, { headers: bearer('reader') });
  expect([status, json.error.field]).toEqual([400, field]);
});

test.each([
  ['bills/close', { period: '2026-03', tenants: Array.from({ length: 1001 }, (_, index) => `t${index}`) }],
  ['bills/close', { period: '2026-03', tenants: [] }],
  ['bills/close', { period: '2026-03', tenants: ['red'], accept: { coverage: 'x'.repeat(501) } }],
  ['backfills', { from: '2026-03-01', clusters: Array.from({ length: 101 }, () => 'c') }],
])('a body of %s that is out of bounds changes nothing', async (path, body) => {
  const { status } = await api.ask(`/api/v1/${path}`, { method: 'POST', body, headers: bearer('admin') });
  expect(status).toBe(400);
});

test('a body is taken up to its size, and no further', async () => {
  const big = JSON.stringify({ period: '2026-03', tenants: ['x'.repeat(1024 * 1024)] });
  const headers = bearer('admin');
  expect((await api.ask('/api/v1/bills/close', { method: 'POST', body: JSON.parse(big), headers })).status).toBe(413);
  const book = {
    method: 'POST',
    body: '#'.repeat(1024 * 1024 + 1),
    headers: { 'content-type': 'text/yaml', ...headers },
  };
  expect((await api.ask('/api/v1/what-if?period=2026-03', book)).status).toBe(413);
});

test('no token is in an answer or in the log', async () => {
  const secret = 'a-token-that-nobody-has';
  for (const path of ['/api/v1/bills', `/api/v1/bills?token=${secret}`]) {
    const { text, headers } = await api.ask(path, { headers: { authorization: `Bearer ${secret}` } });
    expect(text + JSON.stringify(headers)).not.toContain(secret);
  }
  const { text } = await api.ask('/api/v1/gaps', red);
  expect(text).not.toContain(billingTokens.red);
  expect(logged.join('\n')).not.toMatch(new RegExp(`${secret}|${Object.values(billingTokens).slice(3).join('|')}`));
});
