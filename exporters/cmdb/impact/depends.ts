import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { type DependencyGraph, graphOf } from './compile-graph.ts';

export interface DependsOptions {
  /** Steps from the item; all by default. */
  readonly depth?: number;
  /** Items that are listed. */
  readonly limit?: number;
}

export interface Dependencies {
  readonly item: Item;
  /** The item itself and all that it needs, the nearest first. */
  readonly needs: readonly Needing[];
  /** True if not all that the depth allows are listed. */
  readonly isTruncated: boolean;
}

export interface Needing {
  readonly item: Item;
  /** Steps from the item that was asked about, which has 0. */
  readonly depth: number;
  /** What it needs itself; of the last ones that are listed, too. */
  readonly groups: readonly NeededGroup[];
}

export interface NeededGroup {
  readonly name: string;
  readonly providers: readonly Item[];
  /** How many there are; more than `providers` where there are very many. */
  readonly size: number;
  /** How many of them must remain. */
  readonly minUp: number;
  /** True if one of them may go and the item stays. */
  readonly isRedundant: boolean;
}

const defaultLimit = 1000;
/** A cluster consists of thousands of servers. */
const maxProviders = 100;
const maxMembers = 16;

/** What the item depends on, directly and through others. Undefined if there is no such item. */
export function dependenciesOf(
  inventory: Inventory,
  id: number,
  { depth = Number.POSITIVE_INFINITY, limit = defaultLimit }: DependsOptions = {},
): Dependencies | undefined {
  const graph = graphOf(inventory);
  const start = graph.indexOf.get(id);
  const item = start === undefined ? undefined : graph.items[start];
  if (start === undefined || item === undefined) return undefined;
  const closure = closureOf(graph, start, { depth, limit: limit + 1 });
  const needs = [...closure].slice(0, limit).flatMap(([index, steps]) => {
    const needed = graph.items[index];
    return needed === undefined ? [] : [{ item: needed, depth: steps, groups: groupsOf(graph, index) }];
  });
  return { item, needs, isTruncated: closure.size > limit };
}

/** The index itself and all that it needs in the order of their depth, with the depth of each. */
export function closureOf(
  graph: DependencyGraph,
  start: number,
  { depth, limit }: { readonly depth: number; readonly limit: number },
): ReadonlyMap<number, number> {
  // A map goes on to what is added to it while it is walked over.
  const depths = new Map([[start, 0]]);
  for (const [index, steps] of depths) {
    if (steps >= depth) break;
    for (const provider of followed(graph, index)) {
      if (depths.size >= limit) return depths;
      if (!depths.has(provider)) depths.set(provider, steps + 1);
    }
  }
  return depths;
}

/** What the item needs, but for the many members of a whole: a cluster needs some servers, and no server in particular. */
function followed({ ownStart, groupStart, groupSpec, specs, providers }: DependencyGraph, index: number): number[] {
  const found: number[] = [];
  for (let group = ownStart[index] ?? 0; group < (ownStart[index + 1] ?? 0); group++) {
    const members = providers.subarray(groupStart[group], groupStart[group + 1]);
    if (members.length <= maxMembers || specs[groupSpec[group] ?? 0]?.isMembership !== true) found.push(...members);
  }
  return found;
}

function groupsOf(graph: DependencyGraph, index: number): readonly NeededGroup[] {
  const groups: NeededGroup[] = [];
  for (let group = graph.ownStart[index] ?? 0; group < (graph.ownStart[index + 1] ?? 0); group++) {
    const providers = graph.providers.subarray(graph.groupStart[group], graph.groupStart[group + 1]);
    const minUp = graph.groupMinUp[group] ?? 0;
    groups.push({
      name: graph.specs[graph.groupSpec[group] ?? 0]?.name ?? '',
      providers: [...providers.subarray(0, maxProviders)].flatMap((provider) => graph.items[provider] ?? []),
      size: providers.length,
      minUp,
      isRedundant: minUp < providers.length,
    });
  }
  return groups;
}
