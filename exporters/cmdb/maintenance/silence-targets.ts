import { identityOf } from '../facts/host-address.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { nodeOf } from '../place/node-of.ts';
import { placeOf } from '../place/place-of.ts';
import { textOf } from '../place/related.ts';

/** Values of one label whose alerts are silenced. */
export interface SilenceTarget {
  readonly label: 'node' | 'uuid' | 'switch';
  /** Regular expressions, each for one value. */
  readonly patterns: readonly string[];
}

/** Labels by which alerts of these items are known: nodes, GPUs of other nodes, and switches. In a fixed order. */
export function silenceTargets(inventory: Inventory, members: ReadonlySet<number>): readonly SilenceTarget[] {
  const nodes = new Set<string>();
  const uuids = new Set<string>();
  const switches = new Set<string>();
  for (const id of members) {
    const item = inventory.item(id);
    if (item?.class === 'server') add(nodes, nodeOf(inventory, id));
    else if (item?.class === 'switch') add(switches, item.name);
    else if (item?.class === 'gpu' && !members.has(placeOf(inventory, id).server?.id ?? 0))
      add(uuids, uuidPattern(item));
  }
  const targets: readonly SilenceTarget[] = [
    { label: 'node', patterns: [...nodes].map(escapeRegex).sort() },
    { label: 'switch', patterns: [...switches].map(escapeRegex).sort() },
    { label: 'uuid', patterns: [...uuids].sort() },
  ];
  return targets.filter(({ patterns }) => patterns.length > 0);
}

/** As the exporter writes it; identities are in lower case. */
function uuidPattern(gpu: Item): string | undefined {
  const told = textOf(gpu, 'uuid');
  if (told !== undefined) return escapeRegex(told);
  const identity = identityOf(gpu, 'uuid');
  return identity === undefined ? undefined : `(?i:${escapeRegex(identity)})`;
}

function add(values: Set<string>, value: string | undefined): void {
  if (value !== undefined && value !== '') values.add(value);
}

/** A name such as node.1 stands for itself alone. */
export function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
