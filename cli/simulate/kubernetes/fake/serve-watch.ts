import type { ServerResponse } from 'node:http';
import type { KubernetesObject } from './kubernetes-object.ts';
import type { ObjectStore, StoreEvent } from './object-store.ts';
import { type Matcher, selectorOf } from './selectors.ts';
import { apiVersionOf, type Resource, servedKinds, type Target } from './served-kinds.ts';
import { expiredWatch } from './status-error.ts';

/** A watch that is open. */
export interface OpenWatch {
  readonly resource: Resource;
  readonly reset: () => void;
  /** From now on nothing is sent, and the connection stays. */
  readonly hang: () => void;
  /** Says that the events it needs are gone, and ends. */
  readonly expire: () => void;
  /** Tells the revision up to which all is sent, as an API server does about once a minute. */
  readonly bookmark: () => void;
  readonly end: () => void;
}

interface WatchCall {
  readonly target: Target;
  readonly query: URLSearchParams;
  readonly isPartial: boolean;
  readonly response: ServerResponse;
  readonly count: (bytes: number) => void;
}

/** Sends what has changed since the revision that is asked for, and goes on as it changes. */
export function serveWatch(store: ObjectStore, call: WatchCall): OpenWatch {
  const { target, query, isPartial, response, count } = call;
  const { resource, namespace } = target;
  const selects = selectorOf(resource, query.get('labelSelector'), query.get('fieldSelector'));
  const matches: Matcher = (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) && selects(object);
  let isSilent = false;
  let isStopped = false;
  const timeoutSeconds = Number(query.get('timeoutSeconds') ?? 0);
  const timeout = timeoutSeconds > 0 ? setTimeout(end, timeoutSeconds * 1000) : undefined;

  function send(type: string, object: unknown): void {
    if (isSilent || isStopped) return;
    const line = `${JSON.stringify({ type, object })}\n`;
    count(Buffer.byteLength(line));
    response.write(line);
  }

  function tell(event: StoreEvent): void {
    if (event.resource !== resource) return;
    const type = typeFor(event, matches);
    if (type !== undefined) send(type, shown(event.object));
  }

  function shown(object: KubernetesObject): unknown {
    if (!isPartial) return object;
    return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
  }

  function replay(): void {
    const asked = Number(query.get('resourceVersion') ?? 0);
    if (asked === 0) {
      for (const object of store.all(resource).filter(matches)) send('ADDED', shown(object));
      return;
    }
    const missed = store.since(asked);
    if (missed === undefined) expire(asked);
    else for (const event of missed) tell(event);
  }

  function expire(asked = store.oldestRevision() - 1): void {
    send('ERROR', expiredWatch(asked, store.oldestRevision()).body);
    end();
  }

  function end(): void {
    if (isStopped) return;
    isStopped = true;
    clearTimeout(timeout);
    stopListening();
    response.end();
  }

  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const stopListening = store.listen(tell);
  response.once('close', end);
  replay();
  return {
    resource,
    reset: () => response.destroy(),
    hang: () => {
      isSilent = true;
    },
    expire: () => expire(),
    bookmark: () => {
      const { kind } = servedKinds[resource];
      if (query.get('allowWatchBookmarks') !== 'true') return;
      const metadata = { resourceVersion: String(store.revision()), creationTimestamp: null };
      send('BOOKMARK', { kind, apiVersion: apiVersionOf(resource), metadata });
    },
    end,
  };
}

/** What a change is for a watch that does not see all objects. */
function typeFor({ type, object, previous }: StoreEvent, matches: Matcher): StoreEvent['type'] | undefined {
  const wasThere = previous !== undefined && matches(previous);
  const isThere = type !== 'DELETED' && matches(object);
  if (isThere) return wasThere ? 'MODIFIED' : 'ADDED';
  return wasThere ? 'DELETED' : undefined;
}
