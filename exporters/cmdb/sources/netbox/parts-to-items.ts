import { externalIdentity, ipIdentity, macIdentity, nameIdentity } from '../../model/identity.ts';
import { cleanNumber } from '../clean-text.ts';
import { type JsonFields, listIn, textIn } from '../json-value.ts';
import type { ObservedItems } from '../observed-items.ts';
import { gpuIdentities, nicIdentities, portIdentities, shortHost } from '../part-identity.ts';
import type { Device, Devices } from './devices-to-items.ts';
import type { NetBoxObjects } from './lists.ts';
import { choiceIn, customAttributes, idIn, keyOf, type NetBoxMapping, stateOf } from './netbox-fields.ts';
import { ownBy, placeOf } from './places-to-items.ts';

const withoutHardware = new Set(['virtual', 'bridge', 'lag']);
const gpuNames = /\b(gpu|[abhlv]\d{2,3}s?|gb?200|gb300|mi\d{3}x?|rtx)\b/i;

interface Context {
  readonly devices: Devices;
  readonly mapping: NetBoxMapping;
  readonly items: ObservedItems;
}

/** Interfaces of servers are nics, those of switches are ports; others have none here. */
export function addInterfaces(objects: NetBoxObjects, { devices, mapping, items }: Context): void {
  for (const object of objects.interfaces) {
    const device = devices.get(idIn(object, 'device') ?? 0);
    const name = textIn(object, 'name');
    if (device === undefined || name === undefined || withoutHardware.has(choiceIn(object, 'type') ?? '')) continue;
    if (device.class === 'server') addInterface('nic', name, object, device, mapping, items);
    if (device.class === 'switch') addInterface('port', name, object, device, mapping, items);
  }
}

function addInterface(
  itemClass: 'nic' | 'port',
  name: string,
  object: JsonFields,
  device: Device,
  mapping: NetBoxMapping,
  items: ObservedItems,
): void {
  const id = idIn(object) ?? 0;
  const mac = macOf(object);
  const kilobits = cleanNumber(object['speed']);
  const identitiesOf = itemClass === 'port' ? portIdentities : nicIdentities;
  const place = device.name === undefined ? undefined : identitiesOf(device.name, name, mac);
  const key = items.add({
    key: `dcim.interface:${id}`,
    class: itemClass,
    name: device.name === undefined ? name : `${shortHost(device.name)} ${name}`,
    identities: [externalIdentity(mapping.system, 'dcim.interface', id), ...(place?.identities ?? [])],
    ifUnique: place?.ifUnique ?? [macIdentity(mac)],
    attributes: {
      interface: name,
      mac: macIdentity(mac)?.value,
      speed: kilobits === undefined ? undefined : kilobits * 1000,
      description: textIn(object, 'description'),
      ...customAttributes(object, mapping),
    },
  });
  items.relate(key, itemClass === 'port' ? 'part_of' : 'installed_on', device.key);
}

/** Since 4.2 an interface has a list of addresses, one of which may be the primary one. */
function macOf(object: JsonFields): string | undefined {
  const all = listIn(object['mac_addresses']);
  return textIn(object, 'mac_address') ?? (all.length === 1 ? textIn(all[0], 'mac_address') : undefined);
}

/** Only those that something has. */
export function addIpAddresses(objects: NetBoxObjects, { mapping, items }: Context): void {
  for (const object of objects.ipAddresses) {
    const id = idIn(object) ?? 0;
    const address = textIn(object, 'address')?.split('/')[0];
    const holder = holderOf(object, items);
    if (address === undefined || holder === undefined) continue;
    const key = items.add({
      key: `ipam.ipaddress:${id}`,
      class: 'ip',
      name: address,
      state: stateOf(object, mapping),
      identities: [externalIdentity(mapping.system, 'ipam.ipaddress', id), ipIdentity(address)],
      attributes: { address, fqdn: textIn(object, 'dns_name'), ...customAttributes(object, mapping) },
    });
    items.relate(key, 'installed_on', holder);
    ownBy(items, key, object);
  }
}

/** The interface, or the machine of one that is no item itself. */
function holderOf(object: JsonFields, items: ObservedItems): string | undefined {
  const type = textIn(object, 'assigned_object_type');
  const assigned = object['assigned_object'];
  const candidates =
    type === 'dcim.interface'
      ? [keyOf(type, idIn(object, 'assigned_object_id')), keyOf('dcim.device', idIn(assigned, 'device'))]
      : [keyOf('virtualization.virtualmachine', idIn(assigned, 'virtual_machine'))];
  return candidates.find((key) => key !== undefined && items.has(key));
}

/** GPUs, whether they are kept as inventory items or as modules. */
export function addGpus(objects: NetBoxObjects, context: Context): void {
  for (const object of objects.inventoryItems) {
    const told = [textIn(object, 'role', 'slug'), textIn(object, 'name'), textIn(object, 'part_id')].join(' ');
    if (!gpuNames.test(told)) continue;
    addGpu('dcim.inventoryitem', object, context, {
      vendor: textIn(object, 'manufacturer', 'name'),
      model: textIn(object, 'part_id') ?? textIn(object, 'name'),
      slot: textIn(object, 'label') ?? textIn(object, 'name'),
    });
  }
  for (const object of objects.modules) {
    const model = textIn(object, 'module_type', 'model');
    const bay = textIn(object, 'module_bay', 'name') ?? textIn(object, 'module_bay', 'display');
    if (!gpuNames.test(`${model} ${bay}`)) continue;
    addGpu('dcim.module', object, context, {
      vendor: textIn(object, 'module_type', 'manufacturer', 'name'),
      model,
      slot: bay,
    });
  }
}

interface GpuFacts {
  readonly vendor: string | undefined;
  readonly model: string | undefined;
  readonly slot: string | undefined;
}

function addGpu(type: string, object: JsonFields, { devices, mapping, items }: Context, facts: GpuFacts): void {
  const id = idIn(object) ?? 0;
  const device = devices.get(idIn(object, 'device') ?? 0);
  const serial = textIn(object, 'serial');
  if (device === undefined) return;
  const key = items.add({
    key: `${type}:${id}`,
    class: 'gpu',
    name: device.name === undefined ? facts.slot : `${shortHost(device.name)} ${facts.slot ?? facts.model}`,
    state: stateOf(object, mapping),
    identities: [externalIdentity(mapping.system, type, id), ...gpuIdentities(undefined, serial, facts.vendor)],
    attributes: { ...facts, serial, asset_tag: textIn(object, 'asset_tag'), ...customAttributes(object, mapping) },
  });
  items.relate(key, 'installed_on', device.key);
}

export function addPowerFeeds(objects: NetBoxObjects, { mapping, items }: Context): void {
  const panels = new Map(objects.powerPanels.map((panel) => [idIn(panel), panel]));
  for (const object of objects.powerFeeds) {
    const id = idIn(object) ?? 0;
    const name = textIn(object, 'name');
    const panel = panels.get(idIn(object, 'power_panel'));
    const key = items.add({
      key: `dcim.powerfeed:${id}`,
      class: 'power_feed',
      name,
      state: stateOf(object, mapping),
      identities: [
        externalIdentity(mapping.system, 'dcim.powerfeed', id),
        nameIdentity(textIn(object, 'power_panel', 'name'), name),
      ],
      ifUnique: [nameIdentity(name)],
      attributes: {
        voltage: cleanNumber(object['voltage']),
        amperage: cleanNumber(object['amperage']),
        panel: textIn(object, 'power_panel', 'name'),
        ...customAttributes(object, mapping),
      },
    });
    items.relate(key, 'located_in', panel === undefined ? placeOf(object) : placeOf(panel));
    ownBy(items, key, object);
  }
}
