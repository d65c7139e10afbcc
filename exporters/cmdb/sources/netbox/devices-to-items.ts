import { externalIdentity, ipIdentity, nameIdentity, placementIdentity, serialIdentity } from '../../model/identity.ts';
import { cleanNumber } from '../clean-text.ts';
import { type JsonFields, textIn } from '../json-value.ts';
import type { ObservedItems } from '../observed-items.ts';
import { machineIdentities, shortHost } from '../part-identity.ts';
import type { NetBoxObjects } from './lists.ts';
import {
  classOfRole,
  customAttributes,
  type DeviceClass,
  idIn,
  keyOf,
  type NetBoxMapping,
  stateOf,
} from './netbox-fields.ts';
import { ownBy, placeOf } from './places-to-items.ts';

const mebibyte = 1024 * 1024;

/** A device that is an item, for its parts. */
export interface Device {
  readonly key: string;
  readonly class: Exclude<DeviceClass, 'ignore'>;
  /** Without a name, parts have no place that other sources know. */
  readonly name: string | undefined;
}

export type Devices = ReadonlyMap<number, Device>;

/** Those whose role is known; one problem for each role that is not. */
export function addDevices(objects: NetBoxObjects, mapping: NetBoxMapping, items: ObservedItems): Devices {
  const devices = new Map<number, Device>();
  const unknown = new Map<string, number>();
  for (const object of objects.devices) {
    const role = textIn(object, 'role', 'slug') ?? textIn(object, 'device_role', 'slug') ?? 'none';
    const itemClass = classOfRole(role, mapping);
    const id = idIn(object) ?? 0;
    if (itemClass === undefined) unknown.set(role, (unknown.get(role) ?? 0) + 1);
    else if (itemClass !== 'ignore') devices.set(id, addDevice(id, object, { class: itemClass, role }, mapping, items));
  }
  for (const [role, count] of unknown)
    items.problem(`role ${role}`, `${count} devices are left out: say under roles what this role is, or ignore`);
  return devices;
}

function addDevice(
  id: number,
  object: JsonFields,
  { class: itemClass, role }: { readonly class: Device['class']; readonly role: string },
  mapping: NetBoxMapping,
  items: ObservedItems,
): Device {
  const name = textIn(object, 'name');
  const vendor = textIn(object, 'device_type', 'manufacturer', 'name');
  const serial = textIn(object, 'serial');
  const address = textIn(object, 'primary_ip', 'address')?.split('/')[0];
  const key = items.add({
    key: `dcim.device:${id}`,
    class: itemClass,
    name,
    state: stateOf(object, mapping),
    identities: [
      externalIdentity(mapping.system, 'dcim.device', id),
      serialIdentity(serial, vendor),
      machineIdentities(name),
      ipIdentity(address),
      itemClass === 'pdu' ? nameIdentity(textIn(object, 'rack', 'name'), name) : undefined,
      itemClass === 'storage' ? nameIdentity(name) : undefined,
    ],
    ifUnique: [nameIdentity(name)],
    attributes: {
      vendor,
      model: textIn(object, 'device_type', 'model'),
      serial,
      asset_tag: textIn(object, 'asset_tag'),
      role,
      rack_unit: cleanNumber(object['position']),
      address,
      fqdn:
        name !== undefined && machineIdentities(name).some(({ kind }) => kind === 'fqdn')
          ? name.toLowerCase()
          : undefined,
      os: textIn(object, 'platform', 'name'),
      ...customAttributes(object, mapping),
    },
  });
  items.relate(key, 'located_in', placeOf(object));
  items.relate(key, 'part_of', keyOf('dcim.device', idIn(object, 'parent_device')));
  items.relate(key, 'part_of', keyOf('virtualization.cluster', idIn(object, 'cluster')));
  ownBy(items, key, object);
  if (itemClass === 'server') addBmc(id, key, object, name, items);
  return { key, class: itemClass, name };
}

/** Its address is the one out of band. */
function addBmc(id: number, server: string, object: JsonFields, name: string | undefined, items: ObservedItems): void {
  const address = textIn(object, 'oob_ip', 'address')?.split('/')[0];
  if (address === undefined) return;
  const key = items.add({
    key: `bmc:${id}`,
    class: 'bmc',
    name: name === undefined ? undefined : `${shortHost(name)} bmc`,
    identities: [ipIdentity(address), name === undefined ? undefined : placementIdentity(shortHost(name), 'bmc')],
    attributes: { address },
  });
  items.relate(key, 'installed_on', server);
}

export function addVirtualMachines(objects: NetBoxObjects, mapping: NetBoxMapping, items: ObservedItems): void {
  for (const object of objects.virtualMachines) {
    const id = idIn(object) ?? 0;
    const name = textIn(object, 'name');
    const address = textIn(object, 'primary_ip', 'address')?.split('/')[0];
    const memory = cleanNumber(object['memory']);
    const key = items.add({
      key: `virtualization.virtualmachine:${id}`,
      class: 'server',
      name,
      state: stateOf(object, mapping),
      identities: [
        externalIdentity(mapping.system, 'virtualization.virtualmachine', id),
        machineIdentities(name),
        ipIdentity(address),
      ],
      attributes: {
        virtual: true,
        role: textIn(object, 'role', 'slug'),
        address,
        os: textIn(object, 'platform', 'name'),
        cpu_count: cleanNumber(object['vcpus']),
        memory_bytes: memory === undefined ? undefined : memory * mebibyte,
        ...customAttributes(object, mapping),
      },
    });
    items.relate(key, 'runs_on', keyOf('dcim.device', idIn(object, 'device')));
    items.relate(key, 'part_of', keyOf('virtualization.cluster', idIn(object, 'cluster')));
    items.relate(key, 'located_in', keyOf('dcim.site', idIn(object, 'site')));
    ownBy(items, key, object);
  }
}
