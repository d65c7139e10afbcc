import { explainCmdbError } from '../../../../exporters/cmdb/api/explain-error.ts';
import { type DriftServices, driftRoutes } from '../../../../exporters/cmdb/api/routes/drift-routes.ts';
import type { Expectation } from '../../../../exporters/cmdb/expectations/expectation.ts';
import { type ApiServer, startApiServer } from '../../../support/api-server.ts';
import { type RunningApi, startApi } from '../../../support/cmdb-api.ts';
import { observed } from '../../../support/cmdb-observed.ts';

let api: RunningApi;
let server: ApiServer;
let list: readonly Expectation[];

beforeAll(async () => {
  api = await startApi();
  const services: DriftServices = {
    store: api.cmdb,
    clock: api.clock,
    expectations: () => ({ list, notSeenAfter: undefined }),
    isUnderMaintenance: () => false,
  };
  server = await startApiServer(driftRoutes, { services, explainError: explainCmdbError });
  const attributesOf = (index: number) => ({
    model: 'X',
    bios_version: index < 4 ? '1.0' : '2.0',
    ...(index === 0 ? { serial: 'D0' } : {}),
  });
  await api.look(
    Array.from({ length: 6 }, (_, index) =>
      observed('server', `d-${index}`, { serial: `d/${index}` }, { attributes: attributesOf(index) }),
    ),
  );
  await api.look([observed('server', 'd-0', { serial: 'd/0' }, { attributes: { serial: 'OTHER' } })], {
    source: 'file',
  });
});
afterAll(async () => {
  await server.stop();
  await api.stop();
});

const baseline = (version: string, match: Expectation['match'] = []): Expectation => ({
  where: 'inventory.yaml: expectations[0]',
  class: 'server',
  match,
  gpus: undefined,
  baseline: [['bios_version', version]],
  rollout: { canary: 1, batch: 2, maxPerRack: 5, minAvailable: 0 },
});

test('drift is listed by item and aspect, with the source that counts first', async () => {
  list = [baseline('2.0', [['model', 'X']])];
  const { json } = await server.ask(`/api/v1/drift`);
  const bios = json.drift.filter(({ aspect }: { aspect: string }) => aspect === 'bios_version');
  expect(bios).toHaveLength(4);
  expect(bios[1]).toMatchObject({ expected: '2.0', actual: '1.0', item: { class: 'server', name: 'd-1' } });
  const serial = await server.ask(`/api/v1/drift?aspect=serial`);
  expect(serial.json).toMatchObject({
    total: 1,
    drift: [{ item: { name: 'd-0' }, expected: 'OTHER (file)', actual: 'D0 (scan)' }],
  });
});

test('a rollout is planned with the limits that are asked for', async () => {
  list = [baseline('2.0', [['model', 'X']])];
  const { json } = await server.ask(`/api/v1/rollout?batch=1`);
  expect(json.servers).toMatchObject({ behind: 4, current: 2 });
  expect(json.batches.map(({ servers }: { servers: unknown[] }) => servers.length)).toEqual([1, 1, 1, 1]);
  expect(json.batches[0]).toMatchObject({ canary: true });
});

test('which baseline is meant has to be said where there are several', async () => {
  list = [baseline('2.0'), baseline('3.0')];
  expect((await server.ask(`/api/v1/rollout`)).json.error).toMatchObject({
    field: 'expectation',
    message: expect.stringContaining('0, 1'),
  });
  expect((await server.ask(`/api/v1/rollout?expectation=1`)).json.servers.behind).toBe(6);
  expect((await server.ask(`/api/v1/rollout?expectation=7`)).status).toBe(404);
  list = [];
  expect((await server.ask(`/api/v1/rollout`)).status).toBe(404);
});
