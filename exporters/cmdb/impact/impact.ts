import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import { type DependencyGraph, graphOf } from './compile-graph.ts';
import { createFailure, degraded, down, type Failure } from './failure.ts';
import { type ClassCount, countByClass, countByTenant, type TenantCount } from './impact-counts.ts';

export interface ImpactOptions {
  /** Whether what is failed or on its way to the maker is down already, so that it is no help to others; true by default. */
  readonly withFailed?: boolean;
  /** Items that are listed; the counts are of all. */
  readonly limit?: number;
  /** Only items of these classes are listed; of all where there are none. */
  readonly classes?: readonly ItemClass[];
}

export interface Impact {
  /** What was asked about, as far as there are such items. */
  readonly failed: readonly Item[];
  /** Numbers that belong to no item. */
  readonly unknown: readonly number[];
  /** What is worse off, what was asked about among it: first what is down, then what is degraded, the nearest first. */
  readonly affected: readonly Affected[];
  /** True if not all of them are listed. */
  readonly isTruncated: boolean;
  readonly down: number;
  readonly degraded: number;
  readonly classes: readonly ClassCount[];
  readonly tenants: readonly TenantCount[];
  /** Work: needs that were looked at. */
  readonly needsVisited: number;
}

export interface Affected {
  readonly item: Item;
  readonly state: 'down' | 'degraded';
  /** Steps from what was asked about, which has 0. */
  readonly distance: number;
  /** Why: from what was asked about to the item itself. Of a chain that is very long the middle is left out. */
  readonly path: readonly Step[];
}

export interface Step {
  readonly item: Item;
  /** What the item has lost; undefined for the first, and where steps before it are left out. */
  readonly because: Loss | undefined;
}

export interface Loss {
  /** Name of the group, such as power. */
  readonly group: string;
  /** How many of how many in the group are down, and how many must remain. */
  readonly lost: number;
  readonly size: number;
  readonly minUp: number;
}

export const defaultLimit = 1000;
/** Longer than any chain that means something, and short enough for an answer. */
const maxPath = 32;

/** What breaks if the items fail. */
export function impactOf(inventory: Inventory, ids: readonly number[], options: ImpactOptions = {}): Impact {
  const { withFailed = true, limit = defaultLimit, classes = [] } = options;
  const graph = graphOf(inventory);
  const indices = ids.map((id) => graph.indexOf.get(id)).filter((index) => index !== undefined);
  const failure = createFailure(graph);
  if (withFailed) failure.fail(failedAlready(graph, new Set(indices)));
  const before = failure.needsVisited();
  failure.fail(indices);
  const asked = [...new Set(indices)].sort((a, b) => a - b);
  // What was down before because of something else is listed all the same: it was asked about.
  const isAsked = new Set(asked);
  const allDown = [...asked, ...failure.down().filter((index) => !isAsked.has(index))];
  const lossOf = createLosses(graph, failure);
  const wanted = new Set<string | undefined>(classes);
  const fitting = [...allDown, ...failure.degraded()].filter(
    (index) => wanted.size === 0 || wanted.has(graph.items[index]?.class),
  );
  const listed = fitting.slice(0, limit);
  return {
    failed: itemsAt(graph, asked),
    unknown: ids.filter((id) => !graph.indexOf.has(id)),
    affected: listed
      .map((index) => affectedAt(graph, failure, isAsked, lossOf, index))
      .filter((one) => one !== undefined),
    isTruncated: listed.length < fitting.length,
    down: allDown.length,
    degraded: failure.degraded().length,
    classes: countByClass(graph, allDown, failure.degraded()),
    tenants: countByTenant(inventory, graph, allDown, failure.degraded()),
    needsVisited: failure.needsVisited() - before,
  };
}

/** Asking about what has failed asks what it has done, so it does not count as having failed before. */
export function failedAlready(graph: DependencyGraph, asked: ReadonlySet<number>): readonly number[] {
  const failed: number[] = [];
  graph.items.forEach(({ state }, index) => {
    if ((state === 'failed' || state === 'rma') && !asked.has(index)) failed.push(index);
  });
  return failed;
}

export function itemsAt({ items }: DependencyGraph, indices: readonly number[]): readonly Item[] {
  return indices.map((index) => items[index]).filter((item) => item !== undefined);
}

function affectedAt(
  graph: DependencyGraph,
  failure: Failure,
  isAsked: ReadonlySet<number>,
  lossOf: LossOf,
  index: number,
): Affected | undefined {
  const item = graph.items[index];
  if (item === undefined) return undefined;
  if (isAsked.has(index)) return { item, state: 'down', distance: 0, path: [{ item, because: undefined }] };
  const state = failure.stateOf(index) === down ? 'down' : 'degraded';
  return { item, state, distance: failure.distanceOf(index), path: pathTo(graph, failure, lossOf, index) };
}

/** From the end back; half of a long one is kept from each end. */
function pathTo(graph: DependencyGraph, failure: Failure, lossOf: LossOf, index: number): readonly Step[] {
  const chain: number[] = [];
  for (let at = index; at >= 0; at = failure.causeOf(at)) chain.push(at);
  chain.reverse();
  const isCut = chain.length > maxPath;
  const kept = isCut ? [...chain.slice(0, maxPath / 2), ...chain.slice(-maxPath / 2)] : chain;
  return kept.flatMap((at, position) => {
    const item = graph.items[at];
    if (item === undefined) return [];
    return [{ item, because: isCut && position === maxPath / 2 ? undefined : lossOf(at) }];
  });
}

type LossOf = (index: number) => Loss | undefined;

/** What each item has lost. Thousands of paths lead through the same few items. */
function createLosses(graph: DependencyGraph, failure: Failure): LossOf {
  const known = new Map<number, Loss | undefined>();
  return (index) => {
    if (!known.has(index)) known.set(index, lossAt(graph, failure, index));
    return known.get(index);
  };
}

function lossAt(graph: DependencyGraph, failure: Failure, index: number): Loss | undefined {
  const group = failure.groupOf(index);
  const spec = group < 0 ? undefined : graph.specs[graph.groupSpec[group] ?? 0];
  if (spec === undefined) return undefined;
  const providers = graph.providers.subarray(graph.groupStart[group], graph.groupStart[group + 1]);
  // A group that only limps has lost nothing; then those that limp are told.
  const inState = (state: number): number => providers.filter((provider) => failure.stateOf(provider) === state).length;
  return {
    group: spec.name,
    lost: inState(down) || inState(degraded),
    size: providers.length,
    minUp: graph.groupMinUp[group] ?? 0,
  };
}
