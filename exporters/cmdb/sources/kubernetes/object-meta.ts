import { fieldsIn, isFields, ownField } from '../json-value.ts';

/** What all objects have, checked. */
export interface ObjectMeta {
  readonly uid: string;
  readonly name: string;
  /** Empty for what belongs to no namespace. */
  readonly namespace: string;
  readonly owner: OwnerReference | undefined;
}

/** The object that made another and makes it anew. */
export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

const namePattern = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const namespacePattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const kindPattern = /^[A-Za-z][A-Za-z0-9]{0,62}$/;
const uidPattern = /^[A-Za-z0-9-]{1,128}$/;

/** Undefined if the object has no name and number as Kubernetes allows them. */
export function parseMeta(object: unknown): ObjectMeta | undefined {
  const metadata = ownField(object, 'metadata');
  const uid = matching(ownField(metadata, 'uid'), uidPattern);
  const name = matching(ownField(metadata, 'name'), namePattern);
  const namespace = ownField(metadata, 'namespace') ?? '';
  if (uid === undefined || name === undefined) return undefined;
  if (namespace !== '' && matching(namespace, namespacePattern) === undefined) return undefined;
  return { uid, name, namespace: String(namespace), owner: ownerIn(ownField(metadata, 'ownerReferences')) };
}

/** The one that controls the object. Others only want to be deleted last. */
function ownerIn(references: unknown): OwnerReference | undefined {
  if (!Array.isArray(references)) return undefined;
  const reference: unknown = references.find((each: unknown) => ownField(each, 'controller') === true);
  const kind = matching(ownField(reference, 'kind'), kindPattern);
  const name = matching(ownField(reference, 'name'), namePattern);
  const uid = matching(ownField(reference, 'uid'), uidPattern);
  return kind === undefined || name === undefined || uid === undefined ? undefined : { kind, name, uid };
}

function matching(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

/** Labels or annotations that are wanted; one with an empty value says nothing. */
export function textsAt(object: unknown, field: 'labels' | 'annotations'): (key: string) => string | undefined {
  const texts = fieldsIn(ownField(ownField(object, 'metadata'), field));
  return (key) => {
    const value = ownField(texts, key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
}

export function keysAt(object: unknown, field: 'labels' | 'annotations'): readonly string[] {
  const texts = ownField(ownField(object, 'metadata'), field);
  return isFields(texts) ? Object.keys(texts) : [];
}
