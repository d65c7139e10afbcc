import {
  hostIdentities,
  ipIdentity,
  macIdentity,
  placementIdentity,
  serialIdentity,
  uuidIdentity,
} from '../../model/identity.ts';
import { installOs, placeInRack } from '../joint-items.ts';
import type { ObservedItems } from '../observed-items.ts';
import { nicIdentities, shortHost } from '../part-identity.ts';
import { disksOf, type Facts, interfacesOf, localFact, memoryBytesOf, osNameOf } from './facts.ts';

export interface LocalFacts {
  /** Attribute, and path of the fact below ansible_local. */
  readonly paths: ReadonlyMap<string, string>;
}

/** `host` is the name in the inventory of Ansible. */
export function addHost(host: string, facts: Facts, { paths }: LocalFacts, items: ObservedItems): string {
  const vendor = facts.text('system_vendor');
  const serial = facts.text('product_serial');
  const uuid = facts.text('product_uuid');
  const os = osNameOf(facts);
  const address = facts.text('default_ipv4', 'address');
  const locals = [...paths].map(([name, path]) => [name, localFact(facts, path)] as const);
  const server = items.add({
    key: `server:${shortHost(host)}`,
    class: 'server',
    name: host,
    identities: [
      serialIdentity(serial, vendor),
      uuidIdentity(uuid),
      hostIdentities(facts.text('fqdn')),
      hostIdentities(facts.text('hostname')),
      hostIdentities(host),
      ipIdentity(address),
    ],
    attributes: {
      vendor,
      model: facts.text('product_name'),
      serial,
      uuid: uuid?.toLowerCase(),
      fqdn: facts.text('fqdn'),
      address,
      os,
      kernel: facts.text('kernel'),
      architecture: facts.text('architecture'),
      bios_version: facts.text('bios_version'),
      memory_bytes: memoryBytesOf(facts),
      cpu_count: facts.number('processor_vcpus'),
      ...(facts.text('virtualization_role') === 'guest' ? { virtual: true } : {}),
      ...Object.fromEntries(locals.filter(([name]) => name !== 'rack')),
    },
    scope: host,
  });
  installOs(items, server, os);
  const rack = locals.find(([name]) => name === 'rack')?.[1];
  placeInRack(items, server, rack === undefined ? undefined : String(rack));
  addInterfaces(host, server, facts, items);
  addDisks(host, server, facts, items);
  return server;
}

function addInterfaces(host: string, server: string, facts: Facts, items: ObservedItems): void {
  for (const { device, mac, speed } of interfacesOf(facts)) {
    const key = items.add({
      key: `nic:${shortHost(host)}/${device.toLowerCase()}`,
      class: 'nic',
      name: `${shortHost(host)} ${device}`,
      ...nicIdentities(host, device, mac),
      attributes: { interface: device, mac: macIdentity(mac)?.value, speed },
      scope: host,
    });
    items.relate(key, 'installed_on', server);
  }
}

function addDisks(host: string, server: string, facts: Facts, items: ObservedItems): void {
  for (const { device, model, vendor, serial } of disksOf(facts)) {
    const key = items.add({
      key: `disk:${shortHost(host)}/${device}`,
      class: 'disk',
      name: `${shortHost(host)} ${device}`,
      identities: [serialIdentity(serial, vendor), placementIdentity(shortHost(host), device)],
      attributes: { vendor, model, serial, slot: device },
      scope: host,
    });
    items.relate(key, 'installed_on', server);
  }
}
