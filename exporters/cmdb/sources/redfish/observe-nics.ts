import { macIdentity } from '../../model/identity.ts';
import type { BmcTarget } from './bmc-target.ts';
import type { ItemDraft } from './item-draft.ts';
import type { AdapterInventory, SystemInventory } from './read-inventory.ts';
import { numberOf, partOf, partsOf, type Resource, slotOf, textOf } from './resource.ts';

type NicAttributes = ItemDraft['attributes'];

/** Every address once, with what the interface and its adapter tell about it. What has no address cannot be told apart and is left out. */
export function observeNics(
  target: BmcTarget,
  { ports, adapters }: SystemInventory,
  server: string,
): readonly ItemDraft[] {
  const byMac = new Map<string, NicAttributes>();
  const add = (mac: string | undefined, attributes: NicAttributes): void => {
    const address = macIdentity(mac)?.value;
    if (address !== undefined) byMac.set(address, { ...byMac.get(address), ...withoutMissing(attributes) });
  };
  for (const port of ports) add(textOf(port, 'PermanentMACAddress', 'MACAddress'), portAttributes(port));
  for (const each of adapters)
    for (const part of each.functions) for (const mac of macsOf(part)) add(mac, adapterAttributes(each));
  return [...byMac].map(([mac, attributes]) => ({
    key: `${target.name}/nic/${mac}`,
    class: 'nic',
    name: typeof attributes['name'] === 'string' ? attributes['name'] : undefined,
    identities: [{ kind: 'mac', value: mac }],
    attributes: { ...attributes, name: undefined, mac },
    relations: [{ type: 'installed_on', to: server }],
  }));
}

/** `name` is the name of the item and no attribute. */
function portAttributes(port: Resource): NicAttributes {
  const megabits = numberOf(port, 'SpeedMbps', 'CurrentLinkSpeedMbps');
  return {
    name: textOf(port, 'Id', 'Name'),
    speed: megabits === undefined || megabits <= 0 ? undefined : megabits * 1e6,
  };
}

function adapterAttributes({ adapter }: AdapterInventory): NicAttributes {
  const [controller = {}] = partsOf(adapter, 'Controllers');
  return {
    vendor: textOf(adapter, 'Manufacturer'),
    model: textOf(adapter, 'Model'),
    part_number: textOf(adapter, 'PartNumber'),
    serial: textOf(adapter, 'SerialNumber'),
    slot: slotOf(adapter) ?? slotOf(controller) ?? textOf(adapter, 'Id'),
    firmware_version: textOf(controller, 'FirmwarePackageVersion'),
  };
}

/** Addresses of a function of an adapter, or of a port in the old and the new form. */
function macsOf(part: Resource): readonly (string | undefined)[] {
  const ethernet = partOf(part, 'Ethernet');
  const associated = [part['AssociatedNetworkAddresses'], ethernet['AssociatedMACAddresses']]
    .filter(Array.isArray)
    .flat()
    .filter((each): each is string => typeof each === 'string');
  return [textOf(ethernet, 'PermanentMACAddress', 'MACAddress'), ...associated.slice(0, 16)];
}

function withoutMissing(attributes: NicAttributes): NicAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
