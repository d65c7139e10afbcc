import type { Inventory } from '../inventory/inventory.ts';
import { perRevision } from '../inventory/per-revision.ts';
import { hostIdentities, ipIdentity, macIdentity, serialIdentity, uuidIdentity } from '../model/identity.ts';
import type { Identity, Item } from '../model/item.ts';
import { nodeOf } from '../place/node-of.ts';

/** What an item can be looked up by. */
export const lookupKeys = {
  serial: 'Serial number, with or without the maker in front.',
  uuid: 'UUID of a GPU or a system.',
  mac: 'Address of an interface, in any of the usual forms.',
  ip: 'Address in the Internet protocol.',
  host: 'Host name, with or without domain.',
  node: 'Value of the label node.',
} as const;
export type LookupKey = keyof typeof lookupKeys;

const indexed = perRevision(indexOf);

/** All items that have exactly this, most often one. */
export function findExactly(inventory: Inventory, key: LookupKey, value: string): readonly Item[] {
  const index = indexed(inventory);
  const found = new Set(spellings(key, value).flatMap((each) => index.get(each) ?? []));
  // The record of an address is not what people ask for where a machine has the address.
  const machines = [...found].filter((item) => key !== 'ip' || item.class !== 'ip');
  return machines.length > 0 ? machines : [...found];
}

function indexOf(inventory: Inventory): ReadonlyMap<string, readonly Item[]> {
  const index = new Map<string, Item[]>();
  const add = (key: string, item: Item): void => {
    const known = index.get(key);
    if (known === undefined) index.set(key, [item]);
    else if (!known.includes(item)) known.push(item);
  };
  for (const item of inventory.items()) {
    for (const identity of item.identities) for (const key of keysOf(identity)) add(key, item);
  }
  for (const server of inventory.ofClass('server')) {
    const node = nodeOf(inventory, server.id);
    if (node !== undefined) add(`node ${node.toLowerCase()}`, server);
  }
  return index;
}

function keysOf({ kind, value }: Identity): readonly string[] {
  if (kind === 'serial') return [`serial ${value}`, `serial ${value.slice(value.indexOf('/') + 1)}`];
  if (kind === 'uuid') return [`uuid ${value}`, `uuid ${value.replace(/^(gpu|mig)-/, '')}`];
  if (kind === 'fqdn' || kind === 'hostname') return [`host ${value}`];
  return kind === 'mac' || kind === 'ip' ? [`${kind} ${value}`] : [];
}

function spellings(key: LookupKey, value: string): readonly string[] {
  switch (key) {
    case 'serial':
      return identityKeys('serial', serialIdentity(value));
    case 'uuid':
      return identityKeys('uuid', uuidIdentity(value));
    case 'mac':
      return identityKeys('mac', macIdentity(value));
    case 'ip':
      return identityKeys('ip', ipIdentity(value));
    case 'host': {
      const [first] = hostIdentities(value);
      return identityKeys(first?.kind === 'ip' ? 'ip' : 'host', first);
    }
    case 'node':
      return [`node ${value.trim().toLowerCase()}`];
  }
}

function identityKeys(key: string, identity: Identity | undefined): readonly string[] {
  return identity === undefined ? [] : [`${key} ${identity.value}`];
}
