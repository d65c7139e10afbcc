import { type BillingApi, startBillingApi, stopBilling } from '../../../support/billing-api.ts';
import { goodWindow } from '../../../support/billing-book.ts';

let api: BillingApi;
beforeEach(async () => {
  api = await startBillingApi();
});
afterEach(() => api.stop());
afterAll(() => stopBilling());

const post = (path: string, body?: unknown) =>
  api.ask(path, { method: 'POST', ...(body === undefined ? {} : { body }) });
const close = (tenants: readonly string[], more = {}) =>
  post('/api/v1/bills/close', { period: '2026-03', tenants, ...more });
const late = { tenant: 'red', sku: 'H100', atMs: Date.UTC(2026, 2, 2), ms: 3_600_000n };

describe('forms of a bill', () => {
  beforeEach(() => close(['red']));
  const path = '/api/v1/bills/INV-2026-00001';

  test.each([
    ['', '*/*', 'application/json', /"number":"INV-2026-00001"/],
    ['', 'text/html,application/xhtml+xml,*/*;q=0.8', 'text/html', /<title>INV-2026-00001/],
    ['', 'text/csv', 'text/csv', /,25\.00\r\n/],
    ['', 'application/pdf', 'application/pdf', /^%PDF-1.7 INV/],
    ['?format=csv', 'text/html', 'text/csv', /amount/],
    ['?format=json', 'text/html', 'application/json', /"lines":/],
  ])('%s with Accept: %s is %s', async (query, accept, type, text) => {
    const answer = await api.ask(path + query, { headers: { accept } });
    expect([answer.status, String(answer.headers['content-type']).split(';')[0]]).toEqual([200, type]);
    expect(answer.text).toMatch(text);
  });

  test('a statement in a browser may run nothing and load nothing', async () => {
    const { headers } = await api.ask(`${path}?format=html`);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test('a file is called like its bill', async () => {
    const { headers } = await api.ask(`${path}?format=pdf`);
    expect(headers['content-disposition']).toBe('attachment; filename="bill-INV-2026-00001.pdf"');
    const draft = await api.ask('/api/v1/tenants/blue/draft?period=2026-03&format=csv');
    expect(draft.headers['content-disposition']).toBe('attachment; filename="bill-blue-2026-03-01-draft.csv"');
  });

  test('what nothing here can make is refused with what there is', async () => {
    const { status, json } = await api.ask(path, { headers: { accept: 'image/png' } });
    expect([status, json.error.field]).toEqual([400, 'Accept']);
    const pdf = await api.ask('/api/v1/tenants/blue/draft?period=2026-03&format=pdf');
    expect([pdf.status, pdf.json.error.message]).toEqual([503, expect.stringContaining('Chromium')]);
  });

  test('money is text with all its digits, also inside', async () => {
    const { json } = await api.ask(path);
    expect([json.total, json.lines.map(({ amount }: { amount: unknown }) => amount)]).toEqual([
      '25.92',
      ['25.00', '0.92'],
    ]);
    expect(json.lines[0]).toMatchObject({
      list_unit_price: '2.50',
      contracted_cost: '25',
      period: { from: '2026-03-01T00:00:00.000Z' },
    });
    expect(json).toMatchObject({ state: 'closed', closed_by: 'local', period_name: '2026-03', ledger_position: '3' });
    expect(json.details).toMatchObject({
      evidence: { meters: [{ cluster: 'c1', held_windows: 0 }] },
      hash: expect.any(String),
    });
  });
});

describe('closing', () => {
  test('names what became of each tenant, and is the same a second time', async () => {
    const { status, json } = await close(['red', 'green', 'unattributed']);
    expect(status).toBe(200);
    expect(json.outcomes).toEqual([
      { tenant: 'red', outcome: 'closed', number: 'INV-2026-00001', total: '25.92', currency: 'EUR' },
      { tenant: 'green', outcome: 'empty' },
      expect.objectContaining({
        tenant: 'unattributed',
        outcome: 'refused',
        obstacles: [expect.objectContaining({ kind: 'unattributed' })],
      }),
    ]);
    api.scene.rows.push(late);
    const again = await close(['red']);
    expect(again.json.outcomes).toEqual([{ ...json.outcomes[0], outcome: 'was_closed' }]);
  });

  test('is refused with all that stands in the way, and what is accepted stays on the bill', async () => {
    const { coverage } = goodWindow();
    api.scene.windows = [goodWindow({ coverage: { ...coverage, seenScrapes: 900, isHeld: true } })];
    const refused = await close(['red', 'blue']);
    expect([refused.status, refused.json.error.code]).toEqual([409, 'conflict']);
    const kinds = refused.json.outcomes.map((each: { obstacles: { kind: string }[] }) =>
      each.obstacles.map(({ kind }) => kind),
    );
    expect(kinds).toEqual([
      ['held', 'coverage'],
      ['held', 'coverage'],
    ]);
    expect((await api.book.list({ limit: 9 })).bills).toEqual([]);
    const accepted = await close(['red'], { accept: { held: 'a node was gone', coverage: 'agreed with red' } });
    expect(accepted.json.outcomes[0].outcome).toBe('closed');
    const { json } = await api.ask('/api/v1/bills/INV-2026-00001');
    expect(json.details.accepted.map(({ reason }: { reason: string }) => reason)).toEqual([
      'a node was gone',
      'agreed with red',
    ]);
  });

  test('a SKU without a price is named', async () => {
    api.scene.problems.push('no price for SKU B200 of gpu_time');
    const { json } = await close(['red']);
    expect(json.error.message).toContain('no price for SKU B200');
  });

  test.each([
    [{ tenants: ['red'] }, 400, 'period'],
    [{ period: '2026-3', tenants: ['red'] }, 400, 'period'],
    [{ period: '1999-03', tenants: ['red'] }, 400, 'period'],
    [{ period: '2026-03' }, 400, 'tenants'],
    [{ period: '2026-03', tenants: [] }, 400, 'tenants'],
    [{ period: '2026-03', tenants: ['nobody'] }, 404, undefined],
    [{ period: '2026-03', tenants: ['red'], accept: { not_over: 'x' } }, 400, 'accept.not_over'],
    [{ period: '2026-03', tenants: ['red'], accept: { held: '' } }, 400, 'accept.held'],
    [{ period: '2026-03', tenants: ['red'], force: true }, 400, 'force'],
    [{ period: '2026-04', tenants: ['red'] }, 409, undefined],
  ])('%j is refused with %s', async (body, status, field) => {
    const answer = await post('/api/v1/bills/close', body);
    expect([answer.status, answer.json.error.field]).toEqual([status, field]);
    expect((await api.book.list({ limit: 9 })).bills).toEqual([]);
  });
});

test('a closed bill cannot be opened, changed or deleted', async () => {
  await close(['red']);
  const path = '/api/v1/bills/INV-2026-00001';
  const before = (await api.ask(path)).json;
  for (const method of ['PUT', 'PATCH', 'DELETE', 'POST'])
    expect([method, (await api.ask(path, { method, body: { state: 'draft' } })).status]).toEqual([method, 405]);
  for (const action of ['reopen', 'open', 'cancel'])
    expect([action, (await post(`${path}/${action}`, {})).status]).toEqual([action, 404]);
  expect((await api.ask(path)).json).toEqual(before);
});

describe('corrections', () => {
  test('what has changed is shown first, then closed as a bill of its own', async () => {
    await close(['red']);
    const path = '/api/v1/bills/INV-2026-00001/corrections';
    expect((await api.ask(path)).json).toEqual({ corrections: [], pending: null });
    expect((await post(path)).json).toEqual({ correction: null });
    api.scene.rows.push(late);
    const changed = await api.ask(path);
    expect(changed.json.pending).toMatchObject({
      state: 'draft',
      total: '2.50',
      corrects: 'INV-2026-00001',
    });
    expect((await api.book.list({ limit: 9 })).bills).toHaveLength(1);
    const made = await post(path, {});
    expect([made.status, made.json.number, made.json.total]).toEqual([201, 'INV-2026-00002', '2.50']);
    expect((await api.ask(path)).json).toMatchObject({ corrections: [{ number: 'INV-2026-00002' }], pending: null });
    const ofCorrection = await api.ask('/api/v1/bills/INV-2026-00002/corrections');
    expect([ofCorrection.status, ofCorrection.json.error.message]).toEqual([
      400,
      expect.stringContaining('INV-2026-00001'),
    ]);
  });

  test('a changed price is not slipped in: the list says so, and it must be asked for', async () => {
    await close(['red']);
    api.scene.prices.set('H100', '3.00');
    const path = '/api/v1/bills/INV-2026-00001/corrections';
    const listed = await api.ask(path);
    expect([listed.status, listed.json.pending, listed.json.refused]).toEqual([200, null, expect.any(String)]);
    expect((await post(path, {})).status).toBe(409);
    expect((await post(path, { include_rule_changes: true })).json.total).toBe('5.00');
  });
});

describe('lists', () => {
  test('closed bills come newest first and a page at a time, drafts by tenant', async () => {
    await close(['red']);
    await close(['blue']);
    const first = await api.ask('/api/v1/bills?limit=1');
    const second = await api.ask(`/api/v1/bills?limit=1&cursor=${first.json.next}`);
    const tenants = [first, second].map(({ json }) => json.bills.map(({ tenant }: { tenant: string }) => tenant));
    expect([tenants, second.json.next]).toEqual([[['blue'], ['red']], undefined]);
    expect(first.json.bills[0].lines).toBeUndefined();
    const drafts = await api.ask('/api/v1/bills?state=draft&period=2026-03&limit=3');
    expect(drafts.json.bills.map(({ tenant, total }: Record<string, string>) => [tenant, total])).toEqual([
      ['blue', '17.50'],
      ['green', '0.00'],
      ['red', '25.92'],
    ]);
    const rest = await api.ask(`/api/v1/bills?state=draft&period=2026-03&limit=3&cursor=${drafts.json.next}`);
    expect(rest.json.bills.map(({ tenant }: { tenant: string }) => tenant)).toEqual(['unattributed']);
    expect((await api.ask('/api/v1/bills?period=2026-02')).json).toEqual({ bills: [] });
  });

  test('a cursor of another list is refused, and never reaches the database', async () => {
    const { status, json } = await api.ask(`/api/v1/bills?cursor=${encodeURIComponent('1; drop table bill')}`);
    expect([status, json.error.field]).toEqual([400, 'cursor']);
  });

  test('FOCUS has closed bills with their corrections, and drafts only where asked for', async () => {
    await close(['red']);
    api.scene.rows.push(late);
    await post('/api/v1/bills/INV-2026-00001/corrections');
    const rows = async (more: string) =>
      (await api.ask(`/api/v1/focus?period=2026-03${more}`)).text.trim().split('\r\n').slice(1);
    expect(await rows('')).toEqual(['red,2.50', 'red,25.00', 'red,0.92']);
    expect(await rows('&drafts=true')).toEqual(['red,2.50', 'red,25.00', 'red,0.92', 'blue,17.50']);
    expect(await rows('&tenant=blue')).toEqual([]);
    expect((await api.ask('/api/v1/focus?period=2026-03&version=1.0')).status).toBe(400);
  });
});

describe('explanations', () => {
  const line = encodeURIComponent('usage gpu_time H100 c1 2.50');

  test('of a closed line and of a line of a draft', async () => {
    await close(['red']);
    const closed = await api.ask(`/api/v1/bills/INV-2026-00001/explain?line=${line}`);
    expect(closed.json.line).toMatchObject({ amount: '25.00', steps: ['10 × 2.50'] });
    expect([closed.json.base_unit, closed.json.sum]).toEqual([
      'ms',
      { quantity: '10', matches: true, shared_with: [], counted_by: 'share' },
    ]);
    const draft = await api.ask(`/api/v1/tenants/blue/draft/explain?period=2026-03&line=${line}&cursor=7&limit=5`);
    expect(draft.json.line.amount).toBe('17.50');
    expect(api.asked.explain.at(-1)).toEqual({
      ref: { tenant: 'blue', period: '2026-03' },
      lineId: 'usage gpu_time H100 c1 2.50',
      page: { after: 7n, limit: 5 },
    });
  });

  test('a line that is not there is said to be none', async () => {
    const { status, json } = await api.ask('/api/v1/tenants/blue/draft/explain?period=2026-03&line=nothing');
    expect([status, json.error.message]).toEqual([404, expect.stringContaining('"nothing"')]);
    expect((await api.ask('/api/v1/tenants/blue/draft/explain?period=2026-03')).json.error.field).toBe('line');
  });
});
