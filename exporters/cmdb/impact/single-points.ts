import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import { graphOf } from './compile-graph.ts';
import { createFailure } from './failure.ts';
import { failedAlready } from './impact.ts';
import type { Count } from './impact-counts.ts';

export interface SinglePointOptions {
  /** Shared equipment by default. Places and what is one item for all machines are left out: nobody buys a second room for a rack. */
  readonly classes?: readonly ItemClass[];
  /** So many servers or so many applications must go down with it. */
  readonly atLeast?: number;
  readonly limit?: number;
}

export interface SinglePoint {
  readonly item: Item;
  readonly servers: Count;
  readonly gpus: Count;
  readonly applications: Count;
}

export interface SinglePoints {
  /** What takes most with it stands first. */
  readonly points: readonly SinglePoint[];
  /** How many there are; more than are listed where they are many. */
  readonly total: number;
  /** How many items were tried. */
  readonly tried: number;
  /** True if the work was too much to try all. */
  readonly isIncomplete: boolean;
  /** Work: needs that were looked at. */
  readonly needsVisited: number;
}

export const sharedClasses: readonly ItemClass[] = [
  'power_feed',
  'pdu',
  'switch',
  'chassis',
  'storage',
  'database',
  'application',
];
/** Trying the core switches of a large fleet is a few millions. */
const maxVisits = 50_000_000;

/** What takes down several others by its loss alone, given what has failed already. */
export function singlePoints(
  inventory: Inventory,
  { classes = sharedClasses, atLeast = 2, limit = 100 }: SinglePointOptions = {},
): SinglePoints {
  const graph = graphOf(inventory);
  const failure = createFailure(graph);
  const failed = failedAlready(graph, new Set());
  const wanted = new Set(classes);
  const candidates = graph.items.flatMap((item, index) => (wanted.has(item.class) ? [{ item, index }] : []));
  const points: SinglePoint[] = [];
  let tried = 0;
  for (const { item, index } of candidates) {
    if (failure.needsVisited() > maxVisits) break;
    tried++;
    failure.fail(failed);
    failure.fail([index]);
    const count = (itemClass: ItemClass): Count => ({
      down: failure.down().filter((one) => one !== index && graph.items[one]?.class === itemClass).length,
      degraded: failure.degraded().filter((one) => graph.items[one]?.class === itemClass).length,
    });
    const [servers, applications] = [count('server'), count('application')];
    if (servers.down >= atLeast || applications.down >= atLeast)
      points.push({ item, servers, gpus: count('gpu'), applications });
    failure.clear();
  }
  points.sort(byLoss);
  return {
    points: points.slice(0, limit),
    total: points.length,
    tried,
    isIncomplete: tried < candidates.length,
    needsVisited: failure.needsVisited(),
  };
}

function byLoss(a: SinglePoint, b: SinglePoint): number {
  return (
    b.servers.down - a.servers.down ||
    b.applications.down - a.applications.down ||
    b.gpus.down - a.gpus.down ||
    b.servers.degraded - a.servers.degraded ||
    b.applications.degraded - a.applications.degraded ||
    a.item.id - b.item.id
  );
}
