import { billingRoutes } from '../../../../exporters/billing/api/routes/index.ts';
import {
  type BillingApi,
  bearer,
  billingRoleTokens,
  recordMarch,
  startBillingApi,
  stopBilling,
} from '../../../support/billing-api.ts';

let api: BillingApi;
beforeAll(async () => {
  api = await startBillingApi({ access: { tokens: billingRoleTokens() } });
  await recordMarch(api.ledger);
  for (const tenant of ['red', 'blue']) await api.book.close({ tenant, period: '2026-03', by: 'test' });
  api.scene.rows.push({ tenant: 'red', sku: 'H100', atMs: Date.UTC(2026, 2, 2), ms: 3_600_000n });
});
afterAll(async () => {
  await api.stop();
  await stopBilling();
});

const as = (who: Parameters<typeof bearer>[0]) => ({ headers: bearer(who) });
const [ofRed, ofBlue] = ['INV-2026-00001', 'INV-2026-00002'];
const line = 'usage%20gpu_time%20H100%20c1%202.50';

test.each(billingRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s lets in whom it should',
  async (_name, route) => {
    const path = `${route.path.replace(/\{\w+\}/, 'none')}?no_such_parameter=1`;
    const statusOf = async (headers: Readonly<Record<string, string>>) => {
      const { status } = await api.ask(path, { method: route.method.toUpperCase(), headers });
      return [400, 415].includes(status) ? 'passed' : status;
    };
    const isOpen = route.access === 'open';
    // Some tokens are confined, so whoever has none may not read either.
    expect(await statusOf({})).toBe(isOpen ? 'passed' : 401);
    expect(await statusOf({ authorization: 'Bearer wrong' })).toBe(isOpen ? 'passed' : 401);
    const ranks = ['reader', 'editor', 'admin'] as const;
    for (const role of ranks) {
      const isAllowed = isOpen || ranks.indexOf(role) >= ranks.indexOf(route.access as (typeof ranks)[number]);
      expect([role, await statusOf(bearer(role))]).toEqual([role, isAllowed ? 'passed' : 403]);
    }
    expect(await statusOf(bearer('red'))).toBe(route.access === 'admin' ? 403 : 'passed');
  },
);

describe('a token that is confined to red', () => {
  test.each([
    `/api/v1/bills/${ofBlue}`,
    `/api/v1/bills/${ofBlue}?format=pdf`,
    `/api/v1/bills/${ofBlue}/corrections`,
    `/api/v1/bills/${ofBlue}/explain?line=${line}`,
    '/api/v1/tenants/blue/draft?period=2026-03',
    `/api/v1/tenants/blue/draft/explain?period=2026-03&line=${line}`,
    '/api/v1/bills?tenant=blue',
    '/api/v1/bills?tenant=red,blue&state=draft&period=2026-03',
    '/api/v1/usage?period=2026-03&tenant=blue',
    '/api/v1/usage?period=2026-03&tenant=unattributed',
    '/api/v1/focus?period=2026-03&tenant=blue',
    '/api/v1/budgets?tenant=blue',
    '/api/v1/quotas?tenant=red,blue',
  ])('is told of %s what it would be told if there were no such thing', async (path) => {
    const absent = path
      .replaceAll('blue', 'nobody')
      .replaceAll(ofBlue, 'INV-2026-99999')
      .replaceAll('unattributed', 'nobody');
    const [foreign, missing] = await Promise.all([api.ask(path, as('red')), api.ask(absent, as('red'))]);
    expect([foreign.status, missing.status]).toEqual([404, 404]);
    const named = (text: string) => text.replaceAll(/nobody|unattributed|blue|INV-2026-\d+/g, 'X');
    expect(named(foreign.text)).toBe(named(missing.text));
    expect((await api.ask(path, as('reader'))).status).toBe(200);
  });

  test.each(['/api/v1/conservation', '/api/v1/gaps', '/api/v1/backfills', '/api/v1/backfills/b1'])(
    'may not ask for %s, which tells of all',
    async (path) => {
      const { status, json } = await api.ask(path, as('red'));
      expect([status, json.error.message]).toEqual([403, expect.stringContaining('red only')]);
    },
  );

  test('may not begin what is for admins, whatever its role', async () => {
    const close = { method: 'POST', body: { period: '2026-03', tenants: ['red'] }, ...as('red') };
    expect((await api.ask('/api/v1/bills/close', close)).status).toBe(403);
  });

  test('sees its own in every list, and nothing of others', async () => {
    const ask = async (path: string) => (await api.ask(path, as('red'))).json;
    const names = (list: readonly { readonly tenant: string }[]) => [...new Set(list.map(({ tenant }) => tenant))];
    expect((await ask('/api/v1/tenants')).tenants.map(({ name }: { name: string }) => name)).toEqual(['red']);
    expect(names((await ask('/api/v1/bills')).bills)).toEqual(['red']);
    expect(names((await ask('/api/v1/bills?state=draft&period=2026-03')).bills)).toEqual(['red']);
    expect(names((await ask('/api/v1/budgets')).budgets)).toEqual(['red']);
    expect(names((await ask('/api/v1/quotas')).quotas)).toEqual(['red']);
    expect(names((await ask('/api/v1/prices')).contracts)).toEqual(['red']);
    const { usage } = await ask('/api/v1/usage?period=2026-03&by=tenant,state,sku');
    expect(usage.map(({ tenant, state }: Record<string, string>) => [tenant, state])).toEqual([['red', 'used']]);
    const csv = await api.ask('/api/v1/usage?period=2026-03&by=tenant,state&format=csv', as('red'));
    expect(
      csv.text
        .trim()
        .split('\r\n')
        .slice(1)
        .map((row) => row.split(',')[0]),
    ).toEqual(['red']);
    const focus = await api.ask('/api/v1/focus?period=2026-03&drafts=true', as('red'));
    expect(focus.text).toMatch(/^BillingAccountId.*\r\n(red,.*\r\n)+$/);
    const status = await ask('/api/v1/status');
    expect([
      status.sources,
      status.meters.map(({ trouble, source }: Record<string, string>) => [trouble, source]),
    ]).toEqual([
      undefined,
      [
        [undefined, ''],
        [undefined, ''],
      ],
    ]);
  });

  test('asks what would be for itself alone, also where more was reckoned', async () => {
    const request = { method: 'POST', body: 'prices: []', headers: { 'content-type': 'text/yaml', ...bearer('red') } };
    const { json } = await api.ask('/api/v1/what-if?period=2026-03', request);
    expect(json.tenants.map(({ tenant }: { tenant: string }) => tenant)).toEqual(['red']);
    expect(json.totals).toEqual([{ currency: 'EUR', tenants: 1, before: '10.00', after: '10.50', difference: '0.50' }]);
    expect(api.asked.whatIf.at(-1)).toMatchObject({ tenants: ['red'] });
    expect((await api.ask('/api/v1/what-if?period=2026-03&tenant=blue', request)).status).toBe(404);
  });

  test('two tenants are two, also one without a bill', async () => {
    const { json } = await api.ask('/api/v1/bills?state=draft&period=2026-03', as('both'));
    expect(json.bills.map(({ tenant }: { tenant: string }) => tenant)).toEqual(['green', 'red']);
    expect((await api.ask(`/api/v1/bills/${ofRed}`, as('both'))).status).toBe(200);
  });

  test('a tenant that is no longer in the configuration keeps its bills', async () => {
    const before = api.scene.tenants;
    api.scene.tenants = before.filter(({ name }) => name !== 'red');
    try {
      expect((await api.ask('/api/v1/bills', as('red'))).json.bills).toHaveLength(1);
      expect((await api.ask(`/api/v1/bills/${ofRed}`, as('red'))).status).toBe(200);
      expect((await api.ask('/api/v1/focus?period=2026-03', as('red'))).text).toContain('red,');
    } finally {
      api.scene.tenants = before;
    }
  });
});

test('without tokens, on all addresses, everybody may read and nobody may close', async () => {
  const open = await startBillingApi({ access: { listenAddress: { host: undefined, port: 0 } } });
  expect((await open.ask('/api/v1/bills')).status).toBe(200);
  const close = { method: 'POST', body: { period: '2026-03', tenants: ['red'] } };
  expect((await open.ask('/api/v1/bills/close', close)).status).toBe(403);
  expect((await open.book.list({ limit: 10 })).bills).toEqual([]);
  await open.stop();
});
