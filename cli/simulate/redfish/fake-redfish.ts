import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerPost } from './fake-actions.ts';
import { type FakeAnswer, type FakeRequest, failure } from './fake-answer.ts';
import { createFakeBmc, type FakeBmc, type FakeBmcSettings } from './fake-bmc.ts';
import { distorted, faultyAnswer } from './fake-faults.ts';
import { logAnswer } from './fake-logs.ts';
import type { JsonResource } from './fake-machine.ts';
import { isKnown, logIn, logOut, sessionsPath } from './fake-sessions.ts';
import { flavours } from './flavours/index.ts';

/**
 * A fake Redfish service: many management controllers in one process, each below a path of its own, in the shape of DMTF's mock-ups. It
 * stands for hardware that nobody has at hand, in tests and in the simulated cluster.
 */
export interface FakeRedfish {
  readonly url: string;
  readonly urlOf: (name: string) => string;
  readonly bmc: (name: string) => FakeBmc;
  readonly stop: () => Promise<void>;
}

export interface FakeRedfishSettings {
  readonly bmcs: readonly FakeBmcSettings[];
  /** 0, the default, for any free one. */
  readonly port?: number;
  /** Speaks HTTPS with it. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** Unix seconds. */
  readonly now?: () => number;
}

const maxBodyBytes = 65_536;
const pathForm = /^\/bmc\/([^/]+)(\/.*?)\/?$/;

export async function startFakeRedfish(settings: FakeRedfishSettings): Promise<FakeRedfish> {
  const now = settings.now ?? (() => Date.now() / 1000);
  const bmcs = new Map(settings.bmcs.map((each) => [each.name, createFakeBmc(each, now)] as const));
  const listener: RequestListener = (request, response) => {
    void respond(bmcs, request, response);
  };
  const server = settings.tls === undefined ? createServer(listener) : createSecureServer(settings.tls, listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port ?? 0, '127.0.0.1', () => resolve());
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port for a loopback server');
  const url = `${settings.tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`;
  return {
    url,
    urlOf: (name) => `${url}/bmc/${encodeURIComponent(name)}`,
    bmc: (name) => {
      const found = bmcs.get(name);
      if (found === undefined) throw new Error(`no fake controller is called ${name}`);
      return found;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(
  bmcs: ReadonlyMap<string, FakeBmc>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const [, name = '', path = ''] = pathForm.exec(url.pathname) ?? [];
  const bmc = bmcs.get(decodeURIComponent(name));
  if (bmc === undefined) return write(response, failure(404, 'There is no such controller.'));
  count(bmc, response, `${incoming.method} ${path}${url.search}`);
  const request: FakeRequest = {
    method: incoming.method ?? 'GET',
    path,
    query: url.searchParams,
    headers: incoming.headers,
    body: await bodyOf(incoming),
    prefix: `/bmc/${name}`,
    host: incoming.headers.host ?? '',
  };
  await sleep((bmc.settings.latencySeconds ?? 0) * 1000);
  if (!bmc.faults.has('hang')) write(response, faultyAnswer(bmc, path) ?? answer(bmc, request));
}

function count({ seen }: FakeBmc, response: ServerResponse, line: string): void {
  seen.requests++;
  seen.inFlight++;
  seen.mostInFlight = Math.max(seen.mostInFlight, seen.inFlight);
  seen.paths.push(line);
  response.once('close', () => {
    seen.inFlight--;
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) if (body.length < maxBodyBytes) body += String(chunk);
  return body;
}

function answer(bmc: FakeBmc, request: FakeRequest): FakeAnswer {
  const { method, path } = request;
  if (path === '/redfish/v1' && method === 'GET') return resourceAnswer(bmc, request, rootOf(bmc));
  if (path === sessionsPath && method === 'POST') return logIn(bmc, request);
  if (!isKnown(bmc, request)) return failure(401, 'The user is not known or may not do this.');
  switch (method) {
    case 'GET':
      return resourceAnswer(bmc, request, logAnswer(bmc, request) ?? resourceAt(bmc, request));
    case 'POST':
      return answerPost(bmc, request);
    case 'DELETE':
      return path.startsWith(`${sessionsPath}/`) ? logOut(bmc, path) : failure(405, 'This cannot be deleted.');
    default:
      return failure(405, 'The method is not allowed here.');
  }
}

function rootOf({ settings }: FakeBmc): JsonResource {
  const { canExpand, hasSessions, logPageSize } = flavours[settings.flavour];
  const link = (name: string) => ({ '@odata.id': `/redfish/v1/${name}` });
  return {
    '@odata.id': '/redfish/v1/',
    '@odata.type': '#ServiceRoot.v1_15_0.ServiceRoot',
    Id: 'RootService',
    Name: 'Root Service',
    RedfishVersion: '1.15.0',
    UUID: settings.machine.bmc.uuid,
    ProtocolFeaturesSupported: {
      ExpandQuery: { NoLinks: canExpand, ExpandAll: canExpand, Levels: canExpand },
      TopSkipQuery: logPageSize !== undefined,
    },
    Systems: link('Systems'),
    Chassis: link('Chassis'),
    Managers: link('Managers'),
    UpdateService: link('UpdateService'),
    SessionService: link('SessionService'),
    Links: hasSessions ? { Sessions: link('SessionService/Sessions') } : {},
  };
}

function resourceAt({ tree, settings }: FakeBmc, { path, query }: FakeRequest): JsonResource | undefined {
  const at = (where: string): JsonResource | undefined => {
    const entry = tree.get(where);
    return typeof entry === 'function' ? entry() : entry;
  };
  const resource = at(path);
  if (resource === undefined || !query.has('$expand') || !flavours[settings.flavour].canExpand) return resource;
  const members = Array.isArray(resource['Members']) ? resource['Members'] : [];
  return { ...resource, Members: members.map((member: JsonResource) => at(String(member['@odata.id'])) ?? member) };
}

function resourceAnswer(bmc: FakeBmc, { headers }: FakeRequest, resource: JsonResource | undefined): FakeAnswer {
  if (resource === undefined) return failure(404, 'There is no such resource.');
  const text = JSON.stringify(distorted(bmc, resource));
  const etag = `"${createHash('sha1').update(text).digest('hex')}"`;
  if (!flavours[bmc.settings.flavour].hasEtags) return { status: 200, text: torn(bmc, text) };
  if (headers['if-none-match'] !== etag) return { status: 200, text: torn(bmc, text), headers: { etag } };
  bmc.seen.notModified++;
  return { status: 304, headers: { etag } };
}

function torn({ faults }: FakeBmc, text: string): string {
  return faults.has('torn') ? text.slice(0, Math.floor(text.length / 2)) : text;
}

function write(response: ServerResponse, { status, body, text, headers }: FakeAnswer): void {
  const content = text ?? (body === undefined ? '' : JSON.stringify(body));
  const type: Record<string, string> = content === '' ? {} : { 'content-type': 'application/json' };
  response.writeHead(status, { ...type, ...headers }).end(content);
}
