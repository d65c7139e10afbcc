import { hostIdentities, ipIdentity, macIdentity } from '../../model/identity.ts';
import type { ObservedItems } from '../observed-items.ts';
import { nicIdentities, portIdentities, shortHost } from '../part-identity.ts';
import type { Chassis, Id, Neighbour } from './parse-lldp.ts';

export interface HostNeighbours {
  readonly host: string;
  readonly neighbours: readonly Neighbour[];
}

/** Adds both ends of each link. A link that both of its ends see is the same two items and one relation. */
export function addLinks(
  hosts: readonly HostNeighbours[],
  isSwitch: (name: string) => boolean,
  items: ObservedItems,
): void {
  const own = new Set(hosts.map(({ host }) => shortHost(host)));
  const names = namesByAddress(hosts);
  for (const { host, neighbours } of hosts) {
    const kind = isSwitch(host) || isSwitch(shortHost(host)) ? 'switch' : 'server';
    const machine: Machine = { kind, name: host, scope: host, isMention: false };
    addMachine(machine, items);
    for (const neighbour of neighbours) {
      const local = addPart(machine, { name: neighbour.interface }, items);
      const remote = remoteEnd(neighbour, { own, names, isSwitch, scope: host });
      if (remote === undefined) {
        items.problem(host, `the neighbour on ${neighbour.interface} gives neither a name nor an address`);
        continue;
      }
      addMachine(remote.machine, items);
      connect(local, addPart(remote.machine, remote.part, items), items);
    }
  }
}

interface Machine {
  readonly kind: 'server' | 'switch';
  readonly name: string;
  readonly scope: string;
  readonly isMention: boolean;
  readonly chassis?: Chassis;
}

interface Part {
  readonly name: string;
  readonly mac?: string | undefined;
}

interface Known {
  /** Short names of the hosts that have a file. */
  readonly own: ReadonlySet<string>;
  /** Names of machines by the address of their chassis, for where a neighbour does not give its name. */
  readonly names: ReadonlyMap<string, string>;
  readonly isSwitch: (name: string) => boolean;
  readonly scope: string;
}

function remoteEnd({ chassis, port }: Neighbour, known: Known): { machine: Machine; part: Part } | undefined {
  const address = chassis.id === undefined ? undefined : addressOf(chassis.id);
  const name = chassis.name ?? known.names.get(address ?? '') ?? address ?? chassis.id?.value;
  const part = partOf(port.id, port.description);
  if (name === undefined || part === undefined) return undefined;
  const kind = kindOf(name, chassis, known);
  // What only a neighbour tells of a server says too little to make one of it: it may be a management controller or a guest.
  const isMention = kind === 'server' && !known.own.has(shortHost(name));
  return { machine: { kind, name, scope: known.scope, isMention, chassis }, part };
}

/** Machines with containers bridge and route too, so a host that has a file of its own is what the configuration says. */
function kindOf(name: string, { capabilities }: Chassis, { own, isSwitch }: Known): Machine['kind'] {
  if (isSwitch(name) || isSwitch(shortHost(name))) return 'switch';
  if (own.has(shortHost(name))) return 'server';
  return capabilities.includes('bridge') || capabilities.includes('router') ? 'switch' : 'server';
}

function partOf(id: Id | undefined, description: string | undefined): Part | undefined {
  if (id === undefined) return description === undefined ? undefined : { name: description };
  if (id.type === 'ifname') return { name: id.value };
  // An address or a number is no name of a port; its description is one unless somebody wrote prose there.
  const name = description !== undefined && !/\s/.test(description) ? description : id.value;
  return { name, mac: id.type === 'mac' ? id.value : undefined };
}

function addMachine({ kind, name, scope, isMention, chassis }: Machine, items: ObservedItems): string {
  const address = chassis?.id === undefined ? undefined : addressOf(chassis.id);
  return items.add({
    key: `${kind}:${shortHost(name)}`,
    class: kind,
    name: macIdentity(name) === undefined ? name : undefined,
    identities: [
      macIdentity(name) === undefined ? hostIdentities(name) : undefined,
      macIdentity(address),
      ...(kind === 'switch' ? (chassis?.addresses ?? []).map(ipIdentity) : []),
    ],
    attributes: { address: chassis?.addresses[0], description: chassis?.description },
    scope,
    isMention,
  });
}

function addPart({ kind, name: host, scope, isMention }: Machine, { name, mac }: Part, items: ObservedItems): string {
  const isPort = kind === 'switch';
  const key = items.add({
    key: `${isPort ? 'port' : 'nic'}:${shortHost(host)}/${name.toLowerCase()}`,
    class: isPort ? 'port' : 'nic',
    name: `${shortHost(host)} ${name}`,
    ...(isPort ? portIdentities(host, name, mac) : nicIdentities(host, name, mac)),
    attributes: { interface: name, mac: macIdentity(mac)?.value },
    scope,
    isMention,
  });
  items.relate(key, isPort ? 'part_of' : 'installed_on', `${kind}:${shortHost(host)}`);
  return key;
}

/** From the interface to the port, and otherwise in the order of their keys, so that both ends tell the same relation. */
function connect(one: string, other: string, items: ObservedItems): void {
  const [from = one, to = other] = [one, other].sort();
  items.relate(from, 'connected_to', to);
}

function addressOf({ type, value }: Id): string | undefined {
  return type === 'mac' ? macIdentity(value)?.value : undefined;
}

function namesByAddress(hosts: readonly HostNeighbours[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { chassis } of hosts.flatMap(({ neighbours }) => neighbours)) {
    const address = chassis.id === undefined ? undefined : addressOf(chassis.id);
    if (address !== undefined && chassis.name !== undefined) names.set(address, chassis.name);
  }
  return names;
}
