import type { SimulatedCluster } from '../cluster.ts';

/** The building around the simulated cluster: what no exporter sees, and somebody has to write down. */
export interface SimulatedSite {
  readonly site: string;
  readonly room: string;
  readonly racks: readonly SimulatedRack[];
  readonly spines: readonly string[];
  /** Circuits into the room; each rack has a PDU on either. */
  readonly feeds: readonly [string, string];
}

export interface SimulatedRack {
  readonly name: string;
  /** From the lowest unit up. */
  readonly nodes: readonly string[];
  readonly pdus: readonly [string, string];
  readonly leaves: readonly [string, string];
}

export function simulatedSite({ nodes }: SimulatedCluster): SimulatedSite {
  const names = [...new Set(nodes.map(({ rack }) => rack))];
  return {
    site: 'sim-site',
    room: 'sim-hall-1',
    spines: ['sim-spine-1', 'sim-spine-2'],
    feeds: ['sim-feed-a', 'sim-feed-b'],
    racks: names.map((name, index) => ({
      name,
      nodes: nodes.filter(({ rack }) => rack === name).map((node) => node.name),
      pdus: [`${name}-pdu-a`, `${name}-pdu-b`],
      leaves: [`sim-leaf-${index + 1}a`, `sim-leaf-${index + 1}b`],
    })),
  };
}

/** Address of a simulated switch, the same in every table. */
export function macOfSwitch(name: string): string {
  return `02:5e:${hexBytes(name, 4)}`;
}

/** FNV-1a, 32 bits: enough to keep some thousand names apart. */
function hexBytes(text: string, bytes: number): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return Array.from({ length: bytes }, (_, index) => ((hash >>> (8 * index)) & 255).toString(16).padStart(2, '0')).join(
    ':',
  );
}
