import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { billingDocument } from '../../../../exporters/billing/api/document.ts';
import { billingRoutes } from '../../../../exporters/billing/api/routes/index.ts';
import { errorCodes } from '../../../../kit/api/api-error.ts';
import { errorsOf, openApi } from '../../../../kit/api/openapi.ts';
import { type BillingApi, recordMarch, startBillingApi, stopBilling } from '../../../support/billing-api.ts';

const _root = join(import.meta.dirname, '..', '..', '..', '..');
const document = JSON.parse(JSON.stringify(openApi(billingRoutes, billingDocument)));
const operations = billingRoutes.map((route) => [`${route.method} ${route.path}`, route] as const);

test('every list is paged or bounded', () => {
  const lists = billingRoutes.filter(({ id }) => id.startsWith('list') && !['listCorrections'].includes(id));
  expect(lists.length).toBeGreaterThan(6);
  expect(lists.filter(({ parameters }) => parameters['limit'] === undefined).map(({ id }) => id)).toEqual([]);
});

describe('the daemon answers as the document says', () => {
  let api: BillingApi;
  beforeAll(async () => {
    api = await startBillingApi();
    await recordMarch(api.ledger);
    await api.book.close({ tenant: 'red', period: '2026-03', by: 'test' });
    await api.services.collection.backfill({
      span: { startMs: 0, endMs: 3_600_000 },
      clusters: [],
      meters: [],
      by: 'test',
    });
    const late = { tenant: 'red', sku: 'H100', atMs: Date.UTC(2026, 2, 2), ms: 3_600_000n };
    api.scene.rows.push(late);
    await api.book.correction({ tenant: 'red', period: '2026-03', by: 'test' });
    api.scene.rows.push(late);
  });
  afterAll(async () => {
    await api.stop();
    await stopBilling();
  });

  const number = 'INV-2026-00001';
  const line = 'usage%20gpu_time%20H100%20c1%202.50';
  /** A good request for each route; what is left out is asked for as it is. */
  const good: Readonly<
    Record<
      string,
      {
        readonly path?: string;
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
        readonly status?: number;
      }
    >
  > = {
    startBackfill: { body: { from: '2026-03-01', to: '2026-03-02' }, status: 202 },
    listUsage: { path: '/api/v1/usage?period=2026-03&by=day,tenant,sku,state,rule' },
    listConservationErrors: { path: '/api/v1/conservation?from=2026-03-01&to=2026-04-01' },
    listGaps: { path: '/api/v1/gaps?from=2026-03-01&to=2026-04-01' },
    getDraft: { path: '/api/v1/tenants/blue/draft?period=2026-03' },
    closeBills: { body: { period: '2026-03', tenants: ['red', 'blue', 'green', 'unattributed'] } },
    correctBill: { body: {}, status: 201 },
    explainLine: { path: `/api/v1/bills/${number}/explain?line=${line}` },
    explainDraftLine: { path: `/api/v1/tenants/red/draft/explain?period=2026-03&line=${line}` },
    exportFocus: { path: '/api/v1/focus?period=2026-03&drafts=true' },
    askWhatIf: {
      path: '/api/v1/what-if?period=2026-03',
      body: 'prices: []',
      headers: { 'content-type': 'application/yaml' },
    },
  };

  test.each(operations)('%s', async (_name, route) => {
    const { path = route.path, status = 200, ...request } = good[route.id] ?? {};
    const filled = path.replace('{number}', number).replace('{id}', 'b1').replace('{tenant}', 'red');
    const answer = await api.ask(filled, { method: route.method.toUpperCase(), ...request });
    expect([route.id, answer.status, answer.status === status ? '' : answer.text]).toEqual([route.id, status, '']);
    const response = document.paths[route.path][route.method].responses[String(answer.status)];
    expect(response).toBeDefined();
    const type = String(answer.headers['content-type']).split(';')[0] ?? '';
    expect(Object.keys(response.content)).toContain(type);
    if (type !== 'application/json') return;
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ } });
    ajv.addSchema(document, 'document');
    const pointer = `/paths/${route.path.replaceAll('/', '~1')}/${route.method}/responses/${answer.status}/content/application~1json/schema`;
    const validate = ajv.getSchema(`document#${encodeURI(pointer)}`);
    validate?.(answer.json);
    expect([validate === undefined, validate?.errors ?? []]).toEqual([false, []]);
    // An empty list would show nothing of its entries.
    const lists = Object.values(answer.json).filter(Array.isArray);
    expect(lists.filter((list) => list.length === 0 && route.id.startsWith('list'))).toEqual([]);
  });

  test.each(operations.filter(([, route]) => !route.path.endsWith('openapi.json')))(
    '%s tells what is wrong',
    async (_name, route) => {
      const path = `${route.path.replace(/\{\w+\}/, 'red')}?nonsense=1`;
      const answer = await api.ask(path, {
        method: route.method.toUpperCase(),
        headers: { 'content-type': 'text/csv' },
      });
      expect(errorsOf(route).map((code) => errorCodes[code].status)).toContain(answer.status);
      expect(answer.json.error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    },
  );
});
