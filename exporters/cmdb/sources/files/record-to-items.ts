import {
  hostIdentities,
  ipIdentity,
  macIdentity,
  nameIdentity,
  placementIdentity,
  serialIdentity,
  uuidIdentity,
} from '../../model/identity.ts';
import type { AttributeValue, Identity } from '../../model/item.ts';
import type { ItemClass } from '../../model/item-class.ts';
import type { RelationType } from '../../model/relation-type.ts';
import type { ObservedItems } from '../observed-items.ts';
import { nicIdentities, portIdentities, shortHost } from '../part-identity.ts';
import type { ItemRecord, Link, Place } from './item-record.ts';

/** What a part belongs to, by its class. */
const parents: Readonly<Partial<Record<ItemClass, readonly [RelationType, ItemClass]>>> = {
  gpu: ['installed_on', 'server'],
  nic: ['installed_on', 'server'],
  disk: ['installed_on', 'server'],
  power_supply: ['installed_on', 'server'],
  bmc: ['installed_on', 'server'],
  port: ['part_of', 'switch'],
  mig_instance: ['part_of', 'gpu'],
  server: ['part_of', 'chassis'],
  namespace: ['part_of', 'cluster'],
  application: ['runs_on', 'server'],
  database: ['runs_on', 'server'],
};
const hosts: ReadonlySet<ItemClass> = new Set(['server', 'switch']);
/** Their names are only unique within what they are in. */
const local: ReadonlySet<ItemClass> = new Set([
  'room',
  'rack',
  'pdu',
  'power_feed',
  'power_supply',
  'disk',
  'nic',
  'port',
  'bmc',
]);

/** Returns the key of the item. */
export function addRecord(record: ItemRecord, items: ObservedItems, scope: string): string {
  const key = items.add({
    key: keyOf(record),
    class: record.class,
    name: record.name,
    state: record.state,
    ...identitiesFrom(record),
    attributes: record.attributes,
    scope,
  });
  items.relate(key, 'located_in', addPlace(record.place, record.class, items, scope));
  for (const link of record.links) items.relate(key, link.type, addTarget(link, items, scope));
  const parent = parents[record.class];
  if (record.parent !== undefined && parent !== undefined)
    items.relate(key, parent[0], addNamed(parent[1], record.parent, items, scope));
  if (record.port !== undefined) items.relate(key, 'connected_to', addPort(record.port, items, scope));
  return key;
}

/** The same for two records only if they are about the same item. */
export function keyOf(record: ItemRecord): string {
  const { class: itemClass, name, attributes, identities, where } = record;
  const [written] = identities;
  if (written !== undefined) return identityKey(itemClass, written);
  const number = ['serial', 'uuid', 'mac', 'address']
    .map((key) => textOf(attributes[key]))
    .find((text) => text !== undefined);
  const within = withinOf(record);
  const told = name ?? number ?? where;
  return namedKey(itemClass, within === undefined ? told : `${within}/${told}`);
}

/** What a name that is not unique has in front. */
function withinOf({ class: itemClass, parent, place }: ItemRecord): string | undefined {
  if (!local.has(itemClass)) return undefined;
  if (parent !== undefined) return shortHost(parent);
  return itemClass === 'pdu' ? (place.rack ?? place.site) : place.site;
}

function identityKey(itemClass: ItemClass, { kind, value }: Identity): string {
  return `${itemClass}:${kind}=${value}`;
}

function namedKey(itemClass: ItemClass, name: string): string {
  const plain = name.trim().toLowerCase();
  return `${itemClass}:${hosts.has(itemClass) ? shortHost(plain) : plain}`;
}

interface Told {
  readonly identities: readonly (Identity | readonly Identity[] | undefined)[];
  readonly ifUnique: readonly (Identity | undefined)[];
}

function identitiesFrom(record: ItemRecord): Told {
  const { class: itemClass, name, attributes } = record;
  const ifUnique = local.has(itemClass) ? [nameIdentity(name)] : [];
  if (record.identities.length > 0) return { identities: record.identities, ifUnique };
  const text = (key: string): string | undefined => textOf(attributes[key]);
  const maker = itemClass === 'gpu' ? 'NVIDIA' : undefined;
  return {
    identities: [
      uuidIdentity(text('uuid')),
      serialIdentity(text('serial'), text('vendor') ?? maker),
      macIdentity(text('mac')),
      ipIdentity(text('address')),
      hostIdentities(text('fqdn')),
      ...namesOf(record, text('interface') ?? name),
    ],
    ifUnique,
  };
}

function namesOf(
  record: ItemRecord,
  device: string | undefined,
): readonly (Identity | readonly Identity[] | undefined)[] {
  const { class: itemClass, name, parent } = record;
  if (hosts.has(itemClass)) return [hostIdentities(name)];
  if (itemClass === 'ip') return [ipIdentity(name)];
  if (!local.has(itemClass)) return [nameIdentity(name)];
  if (parent === undefined || device === undefined) return [withinName(record)];
  if (itemClass === 'nic') return nicIdentities(parent, device).identities;
  if (itemClass === 'port') return portIdentities(parent, device).identities;
  return [placementIdentity(shortHost(parent), name), nameIdentity(shortHost(parent), name)];
}

function withinName(record: ItemRecord): Identity | undefined {
  const within = withinOf(record);
  return within === undefined ? undefined : nameIdentity(within, record.name);
}

/** What only a relation tells of. */
function addTarget({ class: itemClass, name, identity }: Link, items: ObservedItems, scope: string): string {
  if (identity === undefined) return addNamed(itemClass, name, items, scope);
  return items.add({ key: identityKey(itemClass, identity), class: itemClass, identities: [identity], scope });
}

/** What only its name is known of; a record of its own tells more, also further down. */
function addNamed(itemClass: ItemClass, name: string, items: ObservedItems, scope: string): string {
  const isLocal = local.has(itemClass);
  return items.add({
    key: namedKey(itemClass, name),
    class: itemClass,
    name,
    identities: hosts.has(itemClass) ? [hostIdentities(name)] : isLocal ? [] : [nameIdentity(name)],
    ifUnique: isLocal ? [nameIdentity(name)] : [],
    scope,
  });
}

function addPlace(
  { site, room, rack }: Place,
  itemClass: ItemClass,
  items: ObservedItems,
  scope: string,
): string | undefined {
  const siteKey = site === undefined || itemClass === 'site' ? undefined : addNamed('site', site, items, scope);
  const roomKey = room === undefined || itemClass === 'room' ? undefined : addWithin('room', room, site, items, scope);
  if (roomKey !== undefined) items.relate(roomKey, 'located_in', siteKey);
  const rackKey = rack === undefined || itemClass === 'rack' ? undefined : addWithin('rack', rack, site, items, scope);
  if (rackKey !== undefined) items.relate(rackKey, 'located_in', roomKey ?? siteKey);
  return rackKey ?? roomKey ?? siteKey;
}

function addWithin(
  itemClass: 'room' | 'rack',
  name: string,
  site: string | undefined,
  items: ObservedItems,
  scope: string,
): string {
  if (site === undefined) return addNamed(itemClass, name, items, scope);
  return items.add({
    key: namedKey(itemClass, `${site}/${name}`),
    class: itemClass,
    name,
    identities: [nameIdentity(site, name)],
    ifUnique: [nameIdentity(name)],
    scope,
  });
}

function addPort(
  { switch: switchName, port }: { readonly switch: string; readonly port: string },
  items: ObservedItems,
  scope: string,
): string {
  const key = items.add({
    key: namedKey('port', `${shortHost(switchName)}/${port}`),
    class: 'port',
    name: `${shortHost(switchName)} ${port}`,
    ...portIdentities(switchName, port),
    attributes: { interface: port },
    scope,
  });
  items.relate(key, 'part_of', addNamed('switch', switchName, items, scope));
  return key;
}

function textOf(value: AttributeValue | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
