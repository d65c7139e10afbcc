import {
  bmcIdentity,
  hostIdentities,
  identitiesOf,
  ipIdentity,
  macIdentity,
  nameIdentity,
  serialIdentity,
  uuidIdentity,
} from '../../model/identity.ts';
import type { Attributes, AttributeValue } from '../../model/item.ts';
import type { ObservedItem } from '../../observation.ts';
import type { BmcTarget } from './bmc-target.ts';
import type { ItemDraft } from './item-draft.ts';
import { enclosureItems, enclosureKeyOf, rackItems, rackRelations } from './observe-enclosure.ts';
import { observeGpus } from './observe-gpus.ts';
import { observeNics } from './observe-nics.ts';
import { diskItem, supplyItem } from './observe-parts.ts';
import type { ControllerInventory, SystemInventory } from './read-inventory.ts';
import { numberOf, partOf, partsOf, type Resource, textOf } from './resource.ts';

const bytesPerGib = 1024 ** 3;
const maxMacs = 8;

/**
 * The items behind one controller. The state of the power is none of their attributes: it comes and goes without anything being changed, and
 * its history is in `cmdb_bmc_power_state`.
 */
export function observeController(target: BmcTarget, inventory: ControllerInventory): readonly ObservedItem[] {
  const { layout, systems, supplies } = inventory;
  const drafts: ItemDraft[] = [];
  for (const [index, each] of systems.entries()) drafts.push(...serverItems(target, inventory, each, index));
  const server = serverKey(target, 0);
  if (systems.length === 1) drafts.push(...supplies.map((supply) => supplyItem(target, supply, server)));
  drafts.push(...enclosureItems(target, inventory), bmcItem(target, inventory));
  drafts.push(...rackItems(layout.chassis[0], target));
  // Some list one part at two places.
  const known = new Map(
    drafts.filter(({ identities }) => identities.length > 0).map((each) => [each.key, each] as const),
  );
  return [...known.values()].map(({ attributes, relations = [], ...rest }) => ({
    ...rest,
    attributes: withoutMissing(attributes),
    relations: relations.filter(({ to }) => known.has(to)),
    scope: target.name,
  }));
}

function withoutMissing(attributes: ItemDraft['attributes']): Attributes {
  const known: Record<string, AttributeValue> = {};
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) known[key] = value;
  return known;
}

export function serverKey({ name }: BmcTarget, index: number): string {
  return `${name}/server${index === 0 ? '' : `-${index + 1}`}`;
}

function serverItems(
  target: BmcTarget,
  inventory: ControllerInventory,
  each: SystemInventory,
  index: number,
): readonly ItemDraft[] {
  const key = serverKey(target, index);
  return [
    serverItem(target, inventory, each, index),
    ...observeGpus(each.gpus, key),
    ...observeNics(target, each, key),
    ...each.drives.map((drive) => diskItem(target, drive, key)),
  ];
}

function serverItem(
  target: BmcTarget,
  inventory: ControllerInventory,
  { system, gpus, ports }: SystemInventory,
  index: number,
): ItemDraft {
  const { layout, systems } = inventory;
  const vendor = textOf(system, 'Manufacturer');
  const isOne = systems.length === 1;
  const told = textOf(system, 'HostName');
  const node = isOne ? (target.node ?? told) : told;
  return {
    key: serverKey(target, index),
    class: 'server',
    name: node,
    identities: identitiesOf(
      ...serialsOf(system, vendor).map((serial) => serialIdentity(serial, vendor)),
      uuidIdentity(textOf(system, 'UUID')),
      // What several servers share tells none of them.
      ...(isOne ? [bmcIdentity(target.name), bmcIdentity(textOf(layout.manager ?? {}, 'UUID'))] : []),
      hostIdentities(node),
      ...ports.slice(0, maxMacs).map((port) => macIdentity(textOf(port, 'PermanentMACAddress', 'MACAddress'))),
    ),
    attributes: {
      ...serverAttributes(inventory, system, vendor),
      gpu_count: gpus.length === 0 ? undefined : gpus.length,
      node: isOne ? target.node : undefined,
    },
    relations: placeOf(target, layout, system, isOne),
  };
}

function serverAttributes(
  { layout }: ControllerInventory,
  system: Resource,
  vendor: string | undefined,
): ItemDraft['attributes'] {
  const memory = numberOf(partOf(system, 'MemorySummary'), 'TotalSystemMemoryGiB');
  return {
    vendor,
    model: textOf(system, 'Model'),
    part_number: textOf(system, 'PartNumber'),
    serial: serialsOf(system, vendor)[0],
    uuid: textOf(system, 'UUID'),
    asset_tag: textOf(system, 'AssetTag'),
    bios_version: textOf(system, 'BiosVersion'),
    bmc_version: textOf(layout.manager ?? {}, 'FirmwareVersion'),
    memory_bytes: memory === undefined || memory <= 0 ? undefined : Math.round(memory * bytesPerGib),
    cpu_count: numberOf(partOf(system, 'ProcessorSummary'), 'LogicalProcessorCount'),
  };
}

function placeOf(
  target: BmcTarget,
  { chassis }: ControllerInventory['layout'],
  system: Resource,
  isOne: boolean,
): ItemDraft['relations'] {
  const enclosure = enclosureKeyOf(target, chassis, system, isOne);
  if (enclosure !== undefined) return [{ type: 'located_in', to: enclosure }];
  return isOne ? rackRelations(chassis[0], target) : [];
}

/** Dell writes the service tag, which the operating system and the contract know, into SKU and the number of the board into SerialNumber. */
function serialsOf(system: Resource, vendor: string | undefined): readonly string[] {
  const own = textOf(system, 'SerialNumber');
  const tag = /^dell\b/i.test(vendor ?? '') ? textOf(system, 'SKU') : undefined;
  return [tag, own].filter((each): each is string => each !== undefined && serialIdentity(each) !== undefined);
}

function bmcItem(target: BmcTarget, { layout, managerPorts }: ControllerInventory): ItemDraft {
  const manager = layout.manager ?? {};
  const [port = {}] = managerPorts.filter((each) => macIdentity(textOf(each, 'MACAddress')) !== undefined);
  const mac = textOf(port, 'PermanentMACAddress', 'MACAddress');
  const [address = {}] = partsOf(port, 'IPv4Addresses');
  const ip = ipIdentity(target.host) ?? ipIdentity(textOf(address, 'Address'));
  return {
    key: `${target.name}/bmc`,
    class: 'bmc',
    name: target.name,
    identities: identitiesOf(
      uuidIdentity(textOf(manager, 'UUID') ?? textOf(layout.root, 'UUID')),
      macIdentity(mac),
      ip,
      nameIdentity(target.name),
    ),
    attributes: {
      vendor: textOf(layout.root, 'Vendor') ?? textOf(manager, 'Manufacturer'),
      model: textOf(manager, 'Model'),
      firmware_version: textOf(manager, 'FirmwareVersion'),
      mac: macIdentity(mac)?.value,
      address: ip?.value ?? target.host,
    },
    relations: layout.hosts
      .map((_, index) => ({ type: 'installed_on' as const, to: serverKey(target, index) }))
      .slice(0, 1),
  };
}
