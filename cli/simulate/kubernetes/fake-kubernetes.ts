import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { listen, urlOf } from '../../../kit/http/listen.ts';
import { discoveryOf } from './fake/discovery.ts';
import { createFaults, type Fault, type Trouble, type Verb } from './fake/faults.ts';
import { callOf, type IncomingCall, pathOf, readJson } from './fake/incoming-call.ts';
import type { KubernetesObject } from './fake/kubernetes-object.ts';
import { createListPages } from './fake/list-pages.ts';
import { createObjectStore, type ObjectStore } from './fake/object-store.ts';
import { refuse, sendAnswer, sendError } from './fake/send-answer.ts';
import { serveObject } from './fake/serve-object.ts';
import { type OpenWatch, serveWatch } from './fake/serve-watch.ts';
import type { Resource } from './fake/served-kinds.ts';
import { forbidden, unauthorized } from './fake/status-error.ts';

export interface FakeKubernetesSettings {
  /** Anybody may ask without it. */
  readonly tokens?: readonly string[];
  /** Speaks HTTPS with these, and with clients alone that show a certificate of `ca` where it is given. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer; readonly ca?: string | Buffer };
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

export async function startFakeKubernetes(settings: FakeKubernetesSettings = {}): Promise<FakeKubernetes> {
  const store = createObjectStore();
  const lists = createListPages(store);
  const faults = createFaults();
  const calls = new Map<string, number>();
  const watches = new Set<OpenWatch>();
  const denied = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  const { hasPartialMetadata = true } = settings;
  let { tokens } = settings;
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

  function check({ verb, target: { resource }, token }: IncomingCall): void {
    if (tokens !== undefined && (token === undefined || !tokens.includes(token))) throw unauthorized();
    if (denied.has(`${verb} ${resource}`) || denied.has(`* ${resource}`)) throw forbidden(fakeUser, verb, resource);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const discovered = discoveryOf(pathOf(request));
    if (discovered !== undefined) return void sendAnswer(response, { code: 200, body: discovered });
    const call = callOf(request);
    const { verb, target, isFirstPage } = call;
    const counted = `${verb === 'list' && !isFirstPage ? 'continue' : verb} ${target.resource}`;
    calls.set(counted, (calls.get(counted) ?? 0) + 1);
    check(call);
    const trouble = faults.strike({ verb, resource: target.resource, isFirstPage });
    refuse(trouble);
    if (trouble?.kind === 'latency') await new Promise<void>((resolve) => later(trouble.seconds, resolve));
    if (verb === 'watch') openWatch(call, response, trouble);
    else count(sendAnswer(response, await answerTo(call, request), trouble));
  }

  function openWatch({ target, query, wantsPartial }: IncomingCall, response: ServerResponse, trouble?: Trouble): void {
    const isPartial = wantsPartial && hasPartialMetadata;
    const watch = serveWatch(store, { target, query, isPartial, response, count });
    watches.add(watch);
    response.once('close', () => watches.delete(watch));
    if (trouble?.kind === 'hang') watch.hang();
    if (trouble?.kind === 'reset') watch.reset();
  }

  async function answerTo({ verb, target, query, wantsPartial }: IncomingCall, request: IncomingMessage) {
    if (verb === 'list') return { code: 200, body: lists.page(target, query, wantsPartial && hasPartialMetadata) };
    const call = { target, verb, body: await readJson(request), isDryRun: query.get('dryRun') === 'All' };
    return serveObject(call, { store, onTerminating: stopPod });
  }

  const server = createFakeServer(settings, (request, response) => {
    serve(request, response).catch((error: unknown) => sendError(response, error));
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

function createFakeServer(
  { tls }: FakeKubernetesSettings,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  return tls === undefined
    ? createServer(handle)
    : createSecureServer({ ...tls, requestCert: tls.ca !== undefined }, handle);
}
