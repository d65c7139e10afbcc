import { cleanText } from '../clean-text.ts';
import { type OwnerReference, parseMeta, textsAt } from './object-meta.ts';

export interface ClusterNamespace {
  readonly uid: string;
  readonly name: string;
  /** Whom the namespace itself names. */
  readonly tenant: string | undefined;
  readonly team: string | undefined;
}

/** A label counts before an annotation of the same name, which may hold what labels cannot. */
export function parseNamespace(
  object: unknown,
  keys: { readonly tenantLabel: string; readonly teamLabel: string },
): ClusterNamespace | undefined {
  const meta = parseMeta(object);
  if (meta === undefined) return undefined;
  const label = textsAt(object, 'labels');
  const annotation = textsAt(object, 'annotations');
  const told = (key: string): string | undefined => cleanText(label(key)) ?? cleanText(annotation(key));
  return { uid: meta.uid, name: meta.name, tenant: told(keys.tenantLabel), team: told(keys.teamLabel) };
}

/** A ReplicaSet or Job, of which only the owner is asked. */
export interface OwnedObject {
  readonly uid: string;
  readonly owner: OwnerReference | undefined;
}

export function parseOwned(object: unknown): OwnedObject | undefined {
  const meta = parseMeta(object);
  return meta === undefined ? undefined : { uid: meta.uid, owner: meta.owner };
}
