import type { KubernetesObject } from './kubernetes-object.ts';
import type { ObjectStore } from './object-store.ts';
import { selectorOf } from './selectors.ts';
import { apiVersionOf, type Resource, servedKinds, type Target } from './served-kinds.ts';
import { badRequest, expiredContinue } from './status-error.ts';

interface Snapshot {
  readonly revision: number;
  readonly objects: readonly KubernetesObject[];
}

/** Lists in pieces: all pieces of one list show the same moment, until that is compacted. */
export interface ListPages {
  readonly page: (target: Target, query: URLSearchParams, isPartial: boolean) => unknown;
  /** Lets all tokens expire. */
  readonly expire: () => void;
}

/** Lists that are open at the same time; the oldest expires first. */
const maxSnapshots = 50;

export function createListPages(store: ObjectStore): ListPages {
  const snapshots = new Map<string, Snapshot>();
  let next = 0;

  function resumed(token: string): { readonly snapshot: Snapshot; readonly id: string; readonly from: number } {
    const [id = '', from = ''] = Buffer.from(token, 'base64url').toString('utf8').split(' ');
    if (!/^\d+$/.test(from)) throw badRequest('continue key is not valid');
    const snapshot = snapshots.get(id);
    if (snapshot === undefined) throw expiredContinue();
    return { snapshot, id, from: Number(from) };
  }

  function begun(target: Target, query: URLSearchParams): Snapshot {
    const matches = selectorOf(target.resource, query.get('labelSelector'), query.get('fieldSelector'));
    const objects = store
      .all(target.resource)
      .filter((object) => target.namespace === undefined || object.metadata.namespace === target.namespace)
      .filter(matches);
    return { revision: store.revision(), objects };
  }

  function keep(snapshot: Snapshot): string {
    const id = String(next++);
    snapshots.set(id, snapshot);
    for (const oldest of snapshots.keys()) {
      if (snapshots.size <= maxSnapshots) break;
      snapshots.delete(oldest);
    }
    return id;
  }

  return {
    page: (target, query, isPartial) => {
      const token = query.get('continue') ?? '';
      const limit = Number(query.get('limit') ?? 0) || Number.POSITIVE_INFINITY;
      const { snapshot, id, from } =
        token === '' ? { snapshot: begun(target, query), id: undefined, from: 0 } : resumed(token);
      const objects = snapshot.objects.slice(from, from + limit);
      const left = snapshot.objects.length - from - objects.length;
      const rest = left > 0 ? continued(id ?? keep(snapshot), from + objects.length, left) : {};
      return {
        ...headOf(target.resource, isPartial),
        metadata: { resourceVersion: String(snapshot.revision), ...rest },
        items: isPartial ? objects.map(({ metadata }) => ({ metadata })) : objects.map(withoutType),
      };
    },
    expire: () => snapshots.clear(),
  };
}

function continued(id: string, from: number, remainingItemCount: number) {
  return { continue: Buffer.from(`${id} ${from}`).toString('base64url'), remainingItemCount };
}

function headOf(resource: Resource, isPartial: boolean) {
  return isPartial
    ? { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' }
    : { kind: `${servedKinds[resource].kind}List`, apiVersion: apiVersionOf(resource) };
}

/** Items of a list do not tell their kind. */
function withoutType({ apiVersion: _version, kind: _kind, ...object }: KubernetesObject) {
  return object;
}
