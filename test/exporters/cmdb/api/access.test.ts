import { cmdbRoutes } from '../../../../exporters/cmdb/api/routes/index.ts';
import { testRoleTokens, testTokens } from '../../../support/api-server.ts';
import { type ApiSettings, type RunningApi, startApi } from '../../../support/cmdb-api.ts';
import { openTestDatabase, type TestDatabase } from '../../../support/cmdb-store.ts';
import { quietLog } from '../../../support/stores.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase(undefined);
});
afterAll(() => database.close());

const roles = ['reader', 'editor', 'admin'] as const;

/** A request that passes nothing but the question of who asks. */
const probe = (route: (typeof cmdbRoutes)[number], headers: Readonly<Record<string, string>> = {}) => ({
  path: `${route.path.replace('{id}', '999999').replace('{name}', 'none')}?no_such_parameter=1`,
  request: { method: route.method.toUpperCase(), headers },
});

const passed = 'passed';
const ranks = { open: 0, reader: 0, editor: 1, admin: 2 } as const;

async function statusFor(
  api: RunningApi,
  route: (typeof cmdbRoutes)[number],
  headers: Readonly<Record<string, string>>,
): Promise<number | typeof passed> {
  const { path, request } = probe(route, headers);
  const { status } = await api.ask(path, request);
  return status === 400 || status === 415 ? passed : status;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe.each([
  ['reads are open', 'open'],
  ['reads need a token', 'token'],
] as const)('with tokens, %s', (_name, read) => {
  const running = startedWith({
    access: { read, tokens: testRoleTokens(quietLog), listenAddress: { host: undefined, port: 0 } },
  });

  test.each(cmdbRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s',
    async (_route, route) => {
      const isFree = route.access === 'open' || (route.access === 'reader' && read === 'open');
      const isOpen = route.access === 'open';
      expect(await statusFor(running(), route, {})).toBe(isFree ? passed : 401);
      // A wrong token is told, also where none is needed: whoever sends one counts on it.
      expect(await statusFor(running(), route, bearer('wrong'))).toBe(isOpen ? passed : 401);
      for (const role of roles) {
        const wanted = isOpen || roles.indexOf(role) >= ranks[route.access] ? passed : 403;
        expect(await statusFor(running(), route, bearer(testTokens[role]))).toBe(wanted);
        expect(await statusFor(running(), route, { 'x-admin-token': testTokens[role] })).toBe(wanted);
      }
    },
  );

  test('the history names whoever has the token', async () => {
    const { ask } = running();
    const created = await ask('/api/v1/items', {
      method: 'POST',
      body: { class: 'rack', name: `of ${read}` },
      headers: { authorization: 'Basic dXNlcjpwYXNz', 'x-admin-token': testTokens.editor },
    });
    expect(created.status).toBe(201);
    const history = await ask(`/api/v1/items/${created.json.id}/history`, { headers: bearer(testTokens.reader) });
    expect(history.json.changes[0]).toMatchObject({
      actor: 'editor-program',
      request: created.headers['x-request-id'],
    });
  });
});

describe('without tokens', () => {
  const local = startedWith({});
  const body = { class: 'rack', name: 'r' };

  test('this machine may write, web pages and proxies may not', async () => {
    const post = (headers: Readonly<Record<string, string>>, name: string) =>
      local().ask('/api/v1/items', { method: 'POST', body: { ...body, name }, headers });
    expect((await post({}, 'r1')).status).toBe(201);
    expect((await post({ origin: 'http://evil.example' }, 'r2')).json.error).toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('--api.tokens-file'),
    });
    expect((await post({ 'x-forwarded-for': '10.0.0.1' }, 'r3')).status).toBe(403);
    expect((await local().ask('/api/v1/items', { headers: { origin: 'http://grafana.example' } })).status).toBe(200);
  });
});

describe('without tokens, on all addresses', () => {
  const open = startedWith({ access: { listenAddress: { host: undefined, port: 0 } } });

  test('everybody may read and nobody may write', async () => {
    expect((await open().ask('/api/v1/items')).status).toBe(200);
    const refused = await open().ask('/api/v1/items', { method: 'POST', body: { class: 'rack', name: 'r' } });
    expect([refused.status, refused.json.error.code]).toEqual([403, 'forbidden']);
    expect(await open().count('item')).toBe(0);
  });
});

function startedWith(settings: ApiSettings): () => RunningApi {
  let api: RunningApi | undefined;
  beforeAll(async () => {
    api = await startApi({ ...settings, database });
  });
  afterAll(() => api?.stop());
  return () => {
    if (api === undefined) throw new Error('not started');
    return api;
  };
}
