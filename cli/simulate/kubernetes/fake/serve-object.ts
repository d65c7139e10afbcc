import type { Verb } from './faults.ts';
import { type Fields, fieldAt, isFields, type KubernetesObject, type ObjectMeta } from './kubernetes-object.ts';
import type { ObjectStore } from './object-store.ts';
import type { Resource, Target } from './served-kinds.ts';
import { alreadyExists, badRequest, conflict, noSuchPath, notFound } from './status-error.ts';

export interface ObjectCall {
  readonly target: Target;
  readonly verb: Verb;
  readonly body: unknown;
  /** True if nothing is to change. */
  readonly isDryRun: boolean;
}

export interface ObjectDeps {
  readonly store: ObjectStore;
  /** Called for a pod on a node that is told to stop: who plays the kubelet removes it when it wants to. */
  readonly onTerminating: (pod: KubernetesObject) => void;
}

export interface ObjectAnswer {
  readonly code: number;
  readonly body: unknown;
}

/** Reads, makes, changes and removes one object. Throws a StatusError. */
export function serveObject(call: ObjectCall, deps: ObjectDeps): ObjectAnswer {
  if (call.verb === 'create' && call.target.name === undefined) return create(call, deps);
  const { resource, name = '', namespace, subresource } = call.target;
  if (subresource !== undefined && subresource !== 'status') throw noSuchPath();
  const found = deps.store.get(resource, name, namespace);
  if (found === undefined) throw notFound(resource, name);
  switch (call.verb) {
    case 'get':
      return { code: 200, body: found };
    case 'patch':
      return { code: 200, body: change(call, deps, found, patched(found, call.body)) };
    case 'update':
      return { code: 200, body: change(call, deps, found, call.body) };
    case 'delete':
      return { code: 200, body: remove(call, deps, found) };
    default:
      throw badRequest(`the fake does not take ${call.verb} here`);
  }
}

function create({ target, body, isDryRun }: ObjectCall, { store }: ObjectDeps): ObjectAnswer {
  const made = objectFrom(body, target.namespace);
  const { name } = made.metadata;
  if (store.get(target.resource, name, target.namespace) !== undefined) throw alreadyExists(target.resource, name);
  return { code: 201, body: isDryRun ? made : store.put(target.resource, made) };
}

function change(call: ObjectCall, { store }: ObjectDeps, found: KubernetesObject, wanted: unknown): unknown {
  const { resource, namespace } = call.target;
  const next = objectFrom(wanted, namespace);
  refuseStale(resource, found, next.metadata.resourceVersion);
  return call.isDryRun ? { ...found, ...next } : store.put(resource, next);
}

function refuseStale(resource: Resource, { metadata }: KubernetesObject, seen: string | undefined): void {
  if (seen !== undefined && seen !== metadata.resourceVersion) throw conflict(resource, metadata.name);
}

/** A pod on a node stays until its kubelet has stopped it. */
function remove(call: ObjectCall, { store, onTerminating }: ObjectDeps, found: KubernetesObject): unknown {
  const { resource } = call.target;
  const { name, namespace } = found.metadata;
  if (call.isDryRun) return found;
  const isOnNode = resource === 'pods' && fieldAt(found, 'spec.nodeName') !== undefined;
  if (!isOnNode) return store.remove(resource, name, namespace);
  if (found.metadata.deletionTimestamp !== undefined) return found;
  const deletionTimestamp = new Date().toISOString();
  const terminating = store.put(resource, { ...found, metadata: { ...found.metadata, deletionTimestamp } });
  onTerminating(terminating);
  return terminating;
}

function objectFrom(value: unknown, namespace: string | undefined) {
  const metadata = isFields(value) ? value['metadata'] : undefined;
  if (!isFields(value) || !isFields(metadata) || typeof metadata['name'] !== 'string')
    throw badRequest('the object has no name');
  const { spec, status } = value;
  return {
    metadata: { ...metadata, ...(namespace === undefined ? {} : { namespace }) } as ObjectMeta,
    ...(isFields(spec) ? { spec } : {}),
    ...(isFields(status) ? { status } : {}),
  };
}

/** A merge patch (RFC 7396); lists with a merge key are merged by it, as a strategic merge patch does. */
function patched(target: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) return mergedList(Array.isArray(target) ? target : [], patch);
  if (!isFields(patch)) return patch;
  const result: Record<string, unknown> = isFields(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = patched(result[key], value);
  }
  return result;
}

function mergedList(target: readonly unknown[], patch: readonly unknown[]): readonly unknown[] {
  if (!patch.every(hasKey)) return patch;
  const byKey = new Map(target.filter(hasKey).map((entry) => [entry['key'], entry] as const));
  for (const entry of patch) {
    if (entry['$patch'] === 'delete') byKey.delete(entry['key']);
    else byKey.set(entry['key'], { ...byKey.get(entry['key']), ...entry });
  }
  return [...byKey.values()];
}

function hasKey(entry: unknown): entry is Fields {
  return isFields(entry) && typeof entry['key'] === 'string';
}
