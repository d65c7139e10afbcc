import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { listen, urlOf } from '../../../kit/http/listen.ts';
import { createFaults, type Fault, type Trouble, type Verb } from './fake/faults.ts';
import type { KubernetesObject } from './fake/kubernetes-object.ts';
import { createListPages } from './fake/list-pages.ts';
import { createObjectStore, type ObjectStore } from './fake/object-store.ts';
import { serveObject } from './fake/serve-object.ts';
import { type OpenWatch, serveWatch } from './fake/serve-watch.ts';
import { type Resource, type Target, targetOf } from './fake/served-kinds.ts';
import {
  badRequest,
  busy,
  expiredContinue,
  forbidden,
  internalError,
  noSuchPath,
  StatusError,
  unauthorized,
} from './fake/status-error.ts';

export interface FakeKubernetesSettings {
  /** Anybody may ask without it. */
  readonly tokens?: readonly string[];
  /** Speaks HTTPS with these. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  /** False for a server that knows no PartialObjectMetadata and answers whole objects. */
  readonly hasPartialMetadata?: boolean;
  /** When the kubelets have stopped a pod that is deleted; never without it. */
  readonly kubeletSeconds?: number;
}

/** A fake API server of Kubernetes: one store behind the REST and watch protocol of the real one, with faults as told. Not Kubernetes: no controller and no scheduler works on what it holds. */
export interface FakeKubernetes {
  readonly url: string;
  readonly store: ObjectStore;
  /** Calls so far, such as `list pods`, and for pages after the first `continue pods`. */
  readonly calls: () => Readonly<Record<string, number>>;
  readonly bytesSent: () => number;
  readonly watches: () => readonly OpenWatch[];
  readonly inject: (fault: Fault) => void;
  readonly heal: () => void;
  readonly setTokens: (tokens: readonly string[]) => void;
  /** Takes the right away; `*` for any verb. */
  readonly forbid: (verb: Verb | '*', resource: Resource) => void;
  readonly allowAll: () => void;
  /** Forgets the past: tokens of open lists and watches from the past get 410. */
  readonly compact: () => void;
  readonly stop: () => Promise<void>;
}

const fakeUser = 'system:serviceaccount:fleetlens:fleetlens-cmdb';
const maxBodyBytes = 4 * 1024 * 1024;

export async function startFakeKubernetes(settings: FakeKubernetesSettings = {}): Promise<FakeKubernetes> {
  const store = createObjectStore();
  const lists = createListPages(store);
  const faults = createFaults();
  const calls = new Map<string, number>();
  const watches = new Set<OpenWatch>();
  const denied = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  let tokens = settings.tokens;
  let bytesSent = 0;

  const count = (bytes: number): void => {
    bytesSent += bytes;
  };

  function later(seconds: number, action: () => void): void {
    const handle = setTimeout(() => {
      timers.delete(handle);
      action();
    }, seconds * 1000);
    timers.add(handle);
  }

  function stopPod({ metadata: { name, namespace } }: KubernetesObject): void {
    if (settings.kubeletSeconds !== undefined)
      later(settings.kubeletSeconds, () => store.remove('pods', name, namespace));
  }

  function check(request: IncomingMessage, verb: Verb, { resource }: Target): void {
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (tokens !== undefined && (given === undefined || !tokens.includes(given))) throw unauthorized();
    if (denied.has(`${verb} ${resource}`) || denied.has(`* ${resource}`)) throw forbidden(fakeUser, verb, resource);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const target = targetOf(url.pathname);
    if (target === undefined) throw noSuchPath();
    const verb = verbOf(request.method ?? 'GET', target, url.searchParams);
    const isFirstPage = (url.searchParams.get('continue') ?? '') === '';
    const kind = `${verb === 'list' && !isFirstPage ? 'continue' : verb} ${target.resource}`;
    calls.set(kind, (calls.get(kind) ?? 0) + 1);
    check(request, verb, target);
    const trouble = faults.strike({ verb, resource: target.resource, isFirstPage });
    refuse(trouble);
    if (trouble?.kind === 'latency') await new Promise<void>((resolve) => later(trouble.seconds, resolve));
    await answer({ request, response, url, target, verb, trouble });
  }

  async function answer({ request, response, url, target, verb, trouble }: Answering): Promise<void> {
    const accept = request.headers.accept ?? '';
    const isPartial = settings.hasPartialMetadata !== false && /as=PartialObjectMetadata/.test(accept);
    if (verb === 'watch') {
      const watch = serveWatch(store, { target, query: url.searchParams, isPartial, response, count });
      watches.add(watch);
      response.once('close', () => watches.delete(watch));
      if (trouble?.kind === 'hang') watch.hang();
      if (trouble?.kind === 'reset') watch.reset();
    } else if (verb === 'list') {
      send(response, { code: 200, body: lists.page(target, url.searchParams, isPartial) }, trouble);
    } else {
      const isDryRun = url.searchParams.get('dryRun') === 'All';
      const body = await readJson(request);
      const call = { target, method: request.method ?? 'GET', body, isDryRun };
      send(response, serveObject(call, { store, onTerminating: stopPod }), trouble);
    }
  }

  function send(response: ServerResponse, { code, body }: Sent, trouble?: Trouble): void {
    const text = trouble?.kind === 'garbage' ? '<html>502 Bad Gateway</html>' : JSON.stringify(body);
    const bytes = Buffer.from(text);
    count(bytes.length);
    response.writeHead(code, { 'content-type': 'application/json', 'content-length': bytes.length });
    if (trouble?.kind !== 'reset' && trouble?.kind !== 'hang') response.end(bytes);
    else
      response.write(bytes.subarray(0, bytes.length / 2), () => {
        if (trouble.kind === 'reset') response.destroy();
      });
  }

  function fail(response: ServerResponse, error: unknown): void {
    const refused = error instanceof StatusError ? error : badRequest('the fake cannot do that');
    if (response.headersSent) return void response.destroy();
    const { retryAfterSeconds } = { retryAfterSeconds: undefined, ...asFields(refused.body['details']) };
    if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
    send(response, { code: refused.code, body: refused.body });
  }

  const server = createFakeServer(settings, (request, response) => {
    serve(request, response).catch((error: unknown) => fail(response, error));
  });
  const address = { host: '127.0.0.1', port: 0 };
  await listen(server, address, 'the fake Kubernetes API');

  return {
    url: urlOf(server, address, settings.tls !== undefined),
    store,
    calls: () => Object.fromEntries(calls),
    bytesSent: () => bytesSent,
    watches: () => [...watches],
    inject: faults.add,
    heal: faults.clear,
    setTokens: (next) => {
      tokens = next;
    },
    forbid: (verb, resource) => void denied.add(`${verb} ${resource}`),
    allowAll: () => denied.clear(),
    compact: () => {
      store.compact();
      lists.expire();
    },
    stop: async () => {
      for (const handle of timers) clearTimeout(handle);
      for (const watch of watches) watch.end();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

interface Sent {
  readonly code: number;
  readonly body: unknown;
}

interface Answering {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly target: Target;
  readonly verb: Verb;
  readonly trouble: Trouble | undefined;
}

function createFakeServer(
  { tls }: FakeKubernetesSettings,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  return tls === undefined ? createServer(handle) : createSecureServer({ cert: tls.cert, key: tls.key }, handle);
}

function refuse(trouble: Trouble | undefined): void {
  if (trouble?.kind === 'busy') throw busy(trouble.retryAfterSeconds);
  if (trouble?.kind === 'internal-error') throw internalError();
  if (trouble?.kind === 'expired') throw expiredContinue();
}

function verbOf(method: string, { name }: Target, query: URLSearchParams): Verb {
  const verbs: Readonly<Record<string, Verb>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
  const writing = verbs[method];
  if (writing !== undefined) return writing;
  if (name !== undefined) return 'get';
  return ['1', 'true'].includes(query.get('watch') ?? '') ? 'watch' : 'list';
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > maxBodyBytes) throw badRequest('the body is too large');
  }
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('the body is no JSON');
  }
}

function asFields(value: unknown): { readonly retryAfterSeconds?: unknown } {
  return typeof value === 'object' && value !== null ? value : {};
}
