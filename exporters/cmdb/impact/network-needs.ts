import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import { sourcesOf, targetsOf, textOf } from '../place/related.ts';
import { endsOf, isThere, type Need } from './need.ts';
import { needGroups } from './need-group.ts';

/** Which way is up between switches. The management network stands apart, and of unknown roles nothing is concluded. */
const tiers: Readonly<Record<string, number>> = {
  leaf: 1,
  tor: 1,
  access: 1,
  spine: 2,
  aggregation: 2,
  distribution: 2,
  core: 3,
  superspine: 3,
};
const networkParts: ReadonlySet<ItemClass> = new Set(['nic', 'bmc']);

/** One end of a cable: the item, and the switch that it is or is a port of. */
interface End {
  readonly item: Item;
  readonly switch: Item | undefined;
}

/** What cables make items need: interfaces their ports, machines their interfaces, switches those above them. */
export function* networkNeeds(inventory: Inventory): Generator<Need> {
  for (const relation of inventory.relations()) {
    const ends = relation.type === 'connected_to' ? endsOf(inventory, relation) : undefined;
    if (ends !== undefined) yield* cableNeeds(endOf(inventory, ends[0]), endOf(inventory, ends[1]));
  }
  for (const itemClass of ['server', 'storage', 'chassis'] as const)
    for (const machine of inventory.ofClass(itemClass)) if (isThere(machine)) yield* interfaceNeeds(inventory, machine);
}

function endOf(inventory: Inventory, item: Item): End {
  return { item, switch: switchOf(inventory, item) };
}

/** The switch itself, or that of a port. Looked up directly: most ends of a hundred thousand cables are asked about once. */
function switchOf(inventory: Inventory, item: Item): Item | undefined {
  if (item.class === 'switch') return item;
  if (item.class !== 'port') return undefined;
  for (const { type, to } of inventory.outgoing(item.id)) {
    if (type !== 'part_of' && type !== 'installed_on') continue;
    const whole = inventory.item(to);
    if (whole?.class === 'switch') return whole;
  }
  return undefined;
}

function cableNeeds(one: End, other: End): readonly Need[] {
  if (one.switch !== undefined && other.switch !== undefined) return trunkNeeds(one, other);
  const [network, attached] = isNetwork(one) ? [one, other] : [other, one];
  if (!isNetwork(network) || isNetwork(attached)) return [];
  const group = networkParts.has(attached.item.class) ? needGroups.link : needGroups.network;
  return [{ dependent: attached.item, provider: network.item, group }];
}

function isNetwork({ item }: End): boolean {
  return item.class === 'switch' || item.class === 'port';
}

/** Between switches the lower one needs the upper one, each cable being one of its uplinks. */
function trunkNeeds(one: End, other: End): readonly Need[] {
  const [tier, otherTier] = [tierOf(one), tierOf(other)];
  if (tier === undefined || otherTier === undefined || tier === otherTier) return [];
  const [lower, upper] = tier < otherTier ? [one, other] : [other, one];
  if (lower.switch === undefined) return [];
  const isWithoutPort = lower.switch.id === lower.item.id;
  const uplink = {
    dependent: lower.switch,
    provider: isWithoutPort ? upper.item : lower.item,
    group: needGroups.uplink,
  };
  return isWithoutPort ? [uplink] : [uplink, { dependent: lower.item, provider: upper.item, group: needGroups.link }];
}

function tierOf(end: End): number | undefined {
  const role = end.switch === undefined ? undefined : roleOf(end.switch);
  return role === undefined || !Object.hasOwn(tiers, role) ? undefined : tiers[role];
}

function roleOf(item: Item): string | undefined {
  return textOf(item, 'role')
    ?.toLowerCase()
    .replaceAll(/[^a-z]/g, '');
}

/** Of the interfaces those count that have a cable, and those for management only where there are no others. */
function interfaceNeeds(inventory: Inventory, machine: Item): readonly Need[] {
  const interfaces = [
    ...sourcesOf(inventory, machine.id, 'installed_on'),
    ...sourcesOf(inventory, machine.id, 'part_of'),
  ].filter((part) => part.class === 'nic' && isThere(part));
  const cabled = interfaces.map((nic) => ({ nic, switches: cabledSwitches(inventory, nic) }));
  const connected = cabled.filter(({ switches }) => switches !== undefined);
  const productive = connected.filter(
    ({ switches }) => !switches?.every((one) => one !== undefined && isManagement(one)),
  );
  const [counted] = [productive, connected, cabled].filter((group) => group.length > 0);
  return (counted ?? []).map(({ nic }) => ({ dependent: machine, provider: nic, group: needGroups.network }));
}

/** Undefined for an interface without a cable; a switch is undefined where the other end is of no known one. */
function cabledSwitches(inventory: Inventory, nic: Item): readonly (Item | undefined)[] | undefined {
  const ends = [...targetsOf(inventory, nic.id, 'connected_to'), ...sourcesOf(inventory, nic.id, 'connected_to')];
  return ends.length === 0 ? undefined : ends.map((end) => switchOf(inventory, end));
}

function isManagement(item: Item): boolean {
  return ['management', 'mgmt', 'oob'].includes(roleOf(item) ?? '');
}
