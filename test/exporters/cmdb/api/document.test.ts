import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { cmdbDocument } from '../../../../exporters/cmdb/api/document.ts';
import { cmdbRoutes } from '../../../../exporters/cmdb/api/routes/index.ts';
import type { Expectation } from '../../../../exporters/cmdb/expectations/expectation.ts';
import { errorCodes } from '../../../../kit/api/api-error.ts';
import { errorsOf, openApi } from '../../../../kit/api/openapi.ts';
import { type RunningApi, startApi } from '../../../support/cmdb-api.ts';
import { observed } from '../../../support/cmdb-observed.ts';

const _root = join(import.meta.dirname, '..', '..', '..', '..');
const document = JSON.parse(JSON.stringify(openApi(cmdbRoutes, cmdbDocument)));
const operations = cmdbRoutes.map((route) => [`${route.method} ${route.path}`, route] as const);

const expectation: Expectation = {
  where: 'inventory.yaml: expectations[0]',
  class: 'server',
  match: [],
  gpus: undefined,
  baseline: [['bios_version', '2.0']],
  rollout: { canary: 1, batch: 2, maxPerRack: 5, minAvailable: 0 },
};

describe('the daemon answers as the document says', () => {
  let api: RunningApi;
  beforeAll(async () => {
    api = await startApi({
      services: {
        expectations: () => ({ list: [expectation], notSeenAfter: undefined }),
        sources: {
          list: () => [{ name: 'scan', type: 'test', everySeconds: 60 }],
          look: async (name, { isDryRun }) =>
            name === 'scan' ? api.look([observed('rack', 'seen', { name: 'seen' })], { isDryRun }) : undefined,
        },
      },
    });
    await api.create({ class: 'rack', name: 'r1' });
    await api.create({ class: 'server', name: 'n1', relations: [{ type: 'located_in', to: 1 }] });
    await api.create({ class: 'server', name: 'n2', attributes: { serial: 'S2' } });
    await api.look([observed('rack', 'gone', { name: 'gone' })], { source: 'gone' });
  });
  afterAll(() => api.stop());

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
    search: { path: '/api/v1/search?q=n1' },
    lookup: { path: '/api/v1/lookup?serial=S2' },
    createItem: { body: { class: 'site', name: 's1' }, status: 201 },
    changeItem: { body: { state: 'failed' }, headers: { 'if-match': '*' } },
    mergeItems: { path: '/api/v1/items/2/merge', body: { from: 3 }, headers: { 'if-match': '*' } },
    deleteItem: { headers: { 'if-match': '*' }, status: 204 },
    getImpactOfItems: { path: '/api/v1/impact?items=1' },
    findRootCause: { body: { alerts: [{ labels: { node: 'n1' } }] } },
    getTopology: { path: '/api/v1/topology?items=1' },
    importItems: { body: 'class,name\nrack,imported\n', headers: { 'content-type': 'text/csv' } },
    planLook: { path: '/api/v1/sources/scan/plan' },
    look: { path: '/api/v1/sources/scan/look' },
    forgetSource: { path: '/api/v1/sources/gone' },
    createMaintenance: { body: { title: 'New PDU', scope: { items: [1] }, duration: '2h' }, status: 201 },
    changeMaintenance: { body: { title: 'New PDUs' }, headers: { 'if-match': '*' } },
    cancelMaintenance: { headers: { 'if-match': '*' } },
    getTargets: { path: '/api/v1/sd/gpu' },
    acceptTargets: { path: '/api/v1/sd/gpu/accept' },
    getAnsibleHost: { path: '/api/v1/ansible/host/n1' },
    addAlertContext: { body: { alerts: [{ labels: { node: 'n1' } }] } },
    // None is configured here.
    relayAlerts: { path: '/api/v1/alerts/relay/none', body: { alerts: [] }, status: 404 },
    // No management controller is known here.
    power: { body: { action: 'cycle' }, status: 503 },
    virtualMedia: { body: { action: 'eject' }, status: 503 },
  };

  // What ends the item that all ask about comes last.
  const inOrder = [...operations].sort(([, a], [, b]) => Number(a.id === 'deleteItem') - Number(b.id === 'deleteItem'));

  test.each(inOrder)('%s', async (_name, route) => {
    const { path = route.path.replace('{id}', '1'), status = 200, ...request } = good[route.id] ?? {};
    const answer = await api.ask(path, { method: route.method.toUpperCase(), ...request });
    expect([route.id, answer.status, answer.status === status ? '' : answer.text]).toEqual([route.id, status, '']);
    const responses = document.paths[route.path][route.method].responses;
    const response = responses[String(answer.status)];
    expect(response).toBeDefined();
    if (response.content === undefined) return expect(answer.text).toBe('');
    const type = String(answer.headers['content-type']).split(';')[0] ?? '';
    expect(Object.keys(response.content)).toContain(type);
    if (type !== 'application/json') return;
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ } });
    ajv.addSchema(document, 'document');
    const pointer = `/paths/${route.path.replaceAll('/', '~1')}/${route.method}/responses/${answer.status}/content/application~1json/schema`;
    const validate = ajv.getSchema(`document#${encodeURI(pointer)}`);
    validate?.(answer.json);
    expect([validate === undefined, validate?.errors ?? []]).toEqual([false, []]);
  });

  test.each(operations.filter(([, route]) => !route.path.endsWith('openapi.json')))(
    '%s tells what is wrong',
    async (_name, route) => {
      const path = `${route.path.replace('{id}', '1').replace('{name}', 'scan')}?nonsense=1`;
      const answer = await api.ask(path, {
        method: route.method.toUpperCase(),
        headers: { 'content-type': 'text/csv' },
      });
      expect(errorsOf(route).map((code) => errorCodes[code].status)).toContain(answer.status);
      expect(answer.json.error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    },
  );
});
