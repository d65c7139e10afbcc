import {
  bmcIdentity,
  hostIdentities,
  identitiesOf,
  ipIdentity,
  macIdentity,
  nameIdentity,
  placementIdentity,
  serialIdentity,
  uuidIdentity,
} from '../model/identity.ts';
import type { Attributes, Identity } from '../model/item.ts';
import { type IdentityKind, type ItemClass, identityKindsOf } from '../model/item-class.ts';
import { invalid } from './edit-error.ts';

interface Described {
  readonly class: ItemClass;
  readonly name: string | undefined;
  readonly attributes: Attributes;
}

/** Identities that follow from what people say of an item. */
export function derivedIdentities({ class: itemClass, name, attributes }: Described): readonly Identity[] {
  const kinds = identityKindsOf(itemClass);
  const text = (attribute: string): string | undefined => {
    const value = attributes[attribute];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const hosts = [text('fqdn'), text('hostname'), text('address')].flatMap(hostIdentities);
  const derived = identitiesOf(
    uuidIdentity(text('uuid')),
    serialIdentity(text('serial'), text('vendor')),
    macIdentity(text('mac')),
    hosts,
    ipIdentity(text('address') ?? text('ip')),
    // A machine is known in the network by its name; whoever gives another name there says so.
    hosts.some(({ kind }) => kind === 'hostname') ? undefined : hostIdentities(name),
    nameIdentity(name),
  );
  return derived.filter(({ kind }) => kinds.includes(kind));
}

/** An identity as people write it, in the form in which it is compared. Throws EditError. */
export function givenIdentity(
  itemClass: ItemClass,
  { kind, value }: { readonly kind: IdentityKind; readonly value: string },
  field: string,
): Identity {
  const kinds = identityKindsOf(itemClass);
  if (!kinds.includes(kind))
    throw invalid(`${field}.kind`, `a ${itemClass} is known by ${kinds.join(', ')}; ${kind} is none of them`);
  const identity = normalised[kind](value);
  if (identity === undefined) throw invalid(`${field}.value`, `this is no ${kind} that tells one thing from another`);
  return identity;
}

const normalised: Readonly<Record<IdentityKind, (value: string) => Identity | undefined>> = {
  external: (value) => {
    const trimmed = value.trim().toLowerCase();
    return /^[^:]+:[^:]+:.+$/.test(trimmed) ? { kind: 'external', value: trimmed } : undefined;
  },
  uuid: uuidIdentity,
  serial: (value) => {
    const [maker, ...rest] = value.split('/');
    return rest.length === 0 ? serialIdentity(value) : serialIdentity(rest.join('/'), maker);
  },
  bmc: bmcIdentity,
  mac: macIdentity,
  placement: (value) => placementIdentity(...value.split('/')),
  fqdn: (value) => hostIdentities(value).find(({ kind }) => kind === 'fqdn'),
  hostname: (value) => hostIdentities(value).find(({ kind }) => kind === 'hostname'),
  ip: ipIdentity,
  name: (value) => nameIdentity(...value.split('/')),
};
