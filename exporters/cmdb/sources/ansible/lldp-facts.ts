import { fieldsIn, listIn, textIn } from '../json-value.ts';
import type { Chassis, Id, Neighbour } from '../lldp/parse-lldp.ts';
import type { Facts } from './facts.ts';

const maxNeighbours = 1000;
const idTypes = ['mac', 'ifname', 'local', 'ip', 'ifalias'] as const;

/** What the module `lldp` leaves: for each interface the tree of lldpctl -f keyvalue, where the type of an id is its key. */
export function neighboursOf(facts: Facts): readonly Neighbour[] {
  const interfaces = Object.entries(fieldsIn(facts.value('lldp'))).slice(0, maxNeighbours);
  return interfaces.map(([name, tree]) => {
    const chassis = fieldsIn(fieldsIn(tree)['chassis']);
    const port = fieldsIn(fieldsIn(tree)['port']);
    return {
      interface: name,
      chassis: chassisOf(chassis),
      port: { id: idOf(port), description: textIn(port, 'descr') },
    };
  });
}

function chassisOf(chassis: Readonly<Record<string, unknown>>): Chassis {
  const enabled = Object.entries(chassis).filter(([, fields]) => textIn(fields, 'enabled') === 'on');
  return {
    id: idOf(chassis),
    name: textIn(chassis, 'name'),
    description: textIn(chassis, 'descr'),
    addresses: listIn(chassis['mgmt-ip']).flatMap((address) => (typeof address === 'string' ? [address] : [])),
    capabilities: enabled.map(([name]) => name.toLowerCase()),
  };
}

function idOf(fields: Readonly<Record<string, unknown>>): Id | undefined {
  for (const type of idTypes) {
    const value = textIn(fields, type);
    if (value !== undefined) return { type, value };
  }
  return undefined;
}
