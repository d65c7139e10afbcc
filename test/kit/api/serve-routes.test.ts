import { createHash } from 'node:crypto';
import { ApiError } from '../../../kit/api/api-error.ts';
import { createRoleTokens } from '../../../kit/api/role-tokens.ts';
import { jsonBody, type Route, routeOf } from '../../../kit/api/route.ts';
import { namePattern } from '../../../kit/api/schemas.ts';
import { type ApiServer, startApiServer } from '../../support/api-server.ts';
import { quietLog } from '../../support/stores.ts';

class OwnError extends Error {}

interface Services {
  readonly fail: () => never;
}

const route = routeOf<Services>();
const common = { tag: 'Test', summary: 'Tests.', answers: { 200: { about: 'All.' } } } as const;
const types = ['application/json', 'text/csv', 'application/pdf'];
const routes: readonly Route<Services>[] = [
  route({
    ...common,
    method: 'get',
    path: '/api/v1/caller',
    id: 'getCaller',
    access: 'reader',
    parameters: {},
    handle: ({ caller }) => ({ json: caller }),
  }),
  route({
    ...common,
    method: 'get',
    path: '/api/v1/file',
    id: 'getFile',
    access: 'open',
    parameters: {},
    handle: ({ accepted }) => {
      const type = accepted(types);
      return type === 'application/pdf'
        ? { bytes: Uint8Array.of(0x25, 0xff, 0x00), type }
        : { json: { type: type ?? 'none' } };
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/api/v1/fails',
    id: 'fail',
    access: 'open',
    parameters: {},
    handle: (_call, { fail }) => fail(),
  }),
  route({
    ...common,
    method: 'post',
    path: '/api/v1/checked',
    id: 'check',
    access: 'open',
    parameters: {},
    body: jsonBody<object>({
      about: 'Checked.',
      schema: {
        type: 'object',
        additionalProperties: false,
        properties: {
          period: { type: 'string', pattern: '^\\d{4}$' },
          names: { type: 'object', propertyNames: { pattern: namePattern } },
        },
      },
    }),
    handle: ({ body }) => ({ json: body }),
  }),
];

const digest = (token: string) => createHash('sha256').update(token).digest('hex');
const tokensOf = (text: string) =>
  createRoleTokens('tokens', { readFile: () => text, signatureOf: () => '', log: quietLog, scopeOf: 'tenants' });
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const services: Services = {
  fail: () => {
    throw new OwnError('own');
  },
};

let server: ApiServer | undefined;
afterEach(() => server?.stop());

test('whoever is confined does not see more by leaving the token out', async () => {
  const text = `${digest('one')} reader anna scope=a,b\n${digest('all')} admin ops\n`;
  server = await startApiServer(routes, { services, access: { read: 'open', tokens: tokensOf(text) } });
  expect((await server.ask('/api/v1/caller')).status).toBe(401);
  expect((await server.ask('/api/v1/caller', bearer('one'))).json).toEqual({
    name: 'anna',
    role: 'reader',
    scope: ['a', 'b'],
  });
  expect((await server.ask('/api/v1/caller', bearer('all'))).json).toEqual({ name: 'ops', role: 'admin' });
});

test('where nobody is confined, reading stays open', async () => {
  const access = { read: 'open', tokens: tokensOf(`${digest('all')} admin ops`) } as const;
  server = await startApiServer(routes, { services, access });
  expect((await server.ask('/api/v1/caller')).json).toEqual({ name: 'anonymous', role: 'reader' });
});

test('a handler is told which type is wanted, and may answer bytes', async () => {
  server = await startApiServer(routes, { services });
  const ask = (accept: string) => server?.ask('/api/v1/file', { headers: { accept } });
  expect((await ask('*/*'))?.json).toEqual({ type: 'application/json' });
  expect((await ask('text/csv;q=0.5, application/json;q=0.1'))?.json).toEqual({ type: 'text/csv' });
  expect((await ask('image/png'))?.json).toEqual({ type: 'none' });
  const pdf = await ask('application/pdf');
  expect([pdf?.headers['content-type'], [...(pdf?.bytes ?? [])]]).toEqual(['application/pdf', [0x25, 0xff, 0x00]]);
});

test('errors of the daemon are told by whoever knows them, and others are not told at all', async () => {
  const explainError = (error: unknown) =>
    error instanceof OwnError ? new ApiError('conflict', error.message) : undefined;
  server = await startApiServer(routes, { services, explainError });
  expect((await server.ask('/api/v1/fails')).json.error).toEqual({ code: 'conflict', message: 'own' });
  await server.stop();
  server = await startApiServer(routes, { services });
  const { status, text } = await server.ask('/api/v1/fails');
  expect([status, text.includes('own')]).toEqual([500, false]);
});

test.each([
  [{ period: 'x' }, 'period', 'must match ^\\d{4}$'],
  [
    { names: { 'A b': 1 } },
    'names.A b',
    'a name has lower-case letters, digits and _, at most 63, and begins with a letter',
  ],
])('a body is refused in words: %j', async (body, field, message) => {
  server = await startApiServer(routes, { services });
  const { json } = await server.ask('/api/v1/checked', { method: 'POST', body });
  expect(json.error).toEqual({ code: 'bad_request', field, message });
});
