import { randomUUID } from 'node:crypto';
import type { Fields, KubernetesObject, ObjectMeta } from './kubernetes-object.ts';
import { apiVersionOf, type Resource, servedKinds } from './served-kinds.ts';

export interface StoreEvent {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: Resource;
  readonly object: KubernetesObject;
  /** As it was before; undefined for a new object. */
  readonly previous: KubernetesObject | undefined;
}

/** An object as whoever makes it gives it; the store adds what an API server adds. */
export interface NewObject {
  readonly metadata: ObjectMeta;
  readonly spec?: Fields;
  readonly status?: Fields;
}

/** All objects, with one revision for all that grows with every change, and the changes since the last compaction. */
export interface ObjectStore {
  readonly revision: () => number;
  /** Creates or replaces. */
  readonly put: (resource: Resource, object: NewObject) => KubernetesObject;
  readonly get: (resource: Resource, name: string, namespace?: string) => KubernetesObject | undefined;
  readonly remove: (resource: Resource, name: string, namespace?: string) => KubernetesObject | undefined;
  /** By namespace and name, as etcd gives them. */
  readonly all: (resource: Resource) => readonly KubernetesObject[];
  /** Undefined if some of them are forgotten. */
  readonly since: (revision: number) => readonly StoreEvent[] | undefined;
  /** Forgets all changes until now. */
  readonly compact: () => void;
  readonly oldestRevision: () => number;
  /** Returns a function that ends it. */
  readonly listen: (listener: (event: StoreEvent) => void) => () => void;
}

const maxHistory = 50_000;

export function createObjectStore(): ObjectStore {
  const tables = new Map<Resource, Map<string, KubernetesObject>>();
  const sorted = new Map<Resource, readonly KubernetesObject[]>();
  const listeners = new Set<(event: StoreEvent) => void>();
  let history: StoreEvent[] = [];
  let revision = 1000;
  let compactedAt = revision;

  function tableOf(resource: Resource): Map<string, KubernetesObject> {
    const known = tables.get(resource) ?? new Map<string, KubernetesObject>();
    tables.set(resource, known);
    return known;
  }

  function happen(event: StoreEvent): void {
    sorted.delete(event.resource);
    history.push(event);
    if (history.length > 2 * maxHistory) forget(history.length - maxHistory);
    for (const listener of listeners) listener(event);
  }

  function forget(count: number): void {
    compactedAt = history[count - 1]?.revision ?? compactedAt;
    history = history.slice(count);
  }

  function put(resource: Resource, { metadata, ...content }: NewObject): KubernetesObject {
    const key = keyOf(metadata.name, metadata.namespace);
    const previous = tableOf(resource).get(key);
    revision++;
    const object: KubernetesObject = {
      apiVersion: apiVersionOf(resource),
      kind: servedKinds[resource].kind,
      metadata: {
        creationTimestamp: previous?.metadata.creationTimestamp ?? '2026-01-05T08:00:00Z',
        uid: previous?.metadata.uid ?? randomUUID(),
        ...metadata,
        resourceVersion: String(revision),
      },
      ...content,
    };
    tableOf(resource).set(key, object);
    happen({ revision, type: previous === undefined ? 'ADDED' : 'MODIFIED', resource, object, previous });
    return object;
  }

  function remove(resource: Resource, name: string, namespace?: string): KubernetesObject | undefined {
    const previous = tableOf(resource).get(keyOf(name, namespace));
    if (previous === undefined) return undefined;
    revision++;
    const object = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(revision) } };
    tableOf(resource).delete(keyOf(name, namespace));
    happen({ revision, type: 'DELETED', resource, object, previous });
    return object;
  }

  return {
    revision: () => revision,
    put,
    get: (resource, name, namespace) => tableOf(resource).get(keyOf(name, namespace)),
    remove,
    all: (resource) => {
      const objects = sorted.get(resource) ?? inOrder(tableOf(resource));
      sorted.set(resource, objects);
      return objects;
    },
    since: (from) => (from < compactedAt ? undefined : history.filter((event) => event.revision > from)),
    compact: () => {
      compactedAt = revision;
      history = [];
    },
    oldestRevision: () => compactedAt,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function keyOf(name: string, namespace = ''): string {
  return `${namespace}/${name}`;
}

function inOrder(table: ReadonlyMap<string, KubernetesObject>): readonly KubernetesObject[] {
  return [...table].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, object]) => object);
}
