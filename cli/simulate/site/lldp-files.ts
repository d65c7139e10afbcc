import { macOfSwitch, type SimulatedSite } from './simulated-site.ts';

/** What `lldpcli show neighbors -f json0` prints on each node: one interface to each leaf switch of its rack. */
export function lldpFiles({ racks }: SimulatedSite): ReadonlyMap<string, object> {
  return new Map(
    racks.flatMap(({ nodes, leaves }) =>
      nodes.map(
        (node, place) =>
          [
            node,
            {
              lldp: [
                {
                  interface: leaves.map((leaf, index) => neighbour(node, { leaf, index, place })),
                },
              ],
            },
          ] as const,
      ),
    ),
  );
}

interface Cable {
  readonly leaf: string;
  readonly index: number;
  readonly place: number;
}

function neighbour(node: string, { leaf, index, place }: Cable): object {
  const port = `swp${place + 1}`;
  return {
    name: `eth${index}`,
    via: 'LLDP',
    rid: String(index + 1),
    age: '0 day, 00:10:00',
    chassis: [
      {
        id: [{ type: 'mac', value: macOfSwitch(leaf) }],
        name: [{ value: leaf }],
        descr: [{ value: 'Simulated switch' }],
        capability: [{ type: 'Bridge', enabled: true }],
      },
    ],
    port: [
      { id: [{ type: 'ifname', value: port }], descr: [{ value: `${node} eth${index}` }], ttl: [{ value: '120' }] },
    ],
  };
}
