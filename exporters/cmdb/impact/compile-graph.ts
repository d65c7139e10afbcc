import type { Inventory } from '../inventory/inventory.ts';
import { perRevision } from '../inventory/per-revision.ts';
import type { Item } from '../model/item.ts';
import { needsOf } from './dependencies.ts';
import type { NeedGroup } from './need-group.ts';

/**
 * What needs what, in arrays: items are numbers from 0 in the order of their ids, groups stand in the order of their dependents. So a
 * walk over hundreds of thousands of needs reads memory in a row and makes no objects.
 */
export interface DependencyGraph {
  readonly items: readonly Item[];
  readonly indexOf: ReadonlyMap<number, number>;
  readonly specs: readonly NeedGroup[];
  readonly groupCount: number;
  readonly needCount: number;
  /** For each group: index into `specs`, the dependent, how many must remain, and 1 where it carries degraded. */
  readonly groupSpec: Uint8Array;
  readonly groupOwner: Int32Array;
  readonly groupMinUp: Int32Array;
  readonly groupCarries: Uint8Array;
  /** Providers of group g are those from groupStart[g] to groupStart[g + 1]. */
  readonly groupStart: Int32Array;
  readonly providers: Int32Array;
  /** Groups of item i are those from ownStart[i] to ownStart[i + 1]. */
  readonly ownStart: Int32Array;
  /** Groups in which item i is a provider are in usedGroups from usedStart[i] to usedStart[i + 1]. */
  readonly usedStart: Int32Array;
  readonly usedGroups: Int32Array;
}

/** More kinds of groups than there can be: a few, and three for each class. */
const maxSpecs = 128;

/** Once for each revision of the inventory. */
export const graphOf = perRevision(compileGraph);

function compileGraph(inventory: Inventory): DependencyGraph {
  const items = [...inventory.items()].sort((a, b) => a.id - b.id);
  const indexOf = new Map(items.map((item, index) => [item.id, index]));
  const needs = [...needsOf(inventory)];
  // By name, so that the layout depends on nothing but what the inventory holds.
  const specs = [...new Set(needs.map(({ group }) => group))].sort((a, b) => (a.name < b.name ? -1 : 1));
  const codes = new Map(specs.map((spec, code) => [spec, code]));
  const keys = new Float64Array(needs.length);
  for (const [position, { dependent, provider, group }] of needs.entries()) {
    const owner = indexOf.get(dependent.id) ?? 0;
    keys[position] = (owner * maxSpecs + (codes.get(group) ?? 0)) * items.length + (indexOf.get(provider.id) ?? 0);
  }
  return layOut(items, indexOf, specs, keys.sort());
}

/** From sorted keys of dependent, group and provider, in which the same need may stand several times in a row. */
function layOut(
  items: readonly Item[],
  indexOf: ReadonlyMap<number, number>,
  specs: readonly NeedGroup[],
  keys: Float64Array,
): DependencyGraph {
  const size = items.length;
  const [groupSpec, groupOwner, groupStart] = [
    new Uint8Array(keys.length),
    new Int32Array(keys.length),
    new Int32Array(keys.length + 1),
  ];
  const providers = new Int32Array(keys.length);
  const ownStart = new Int32Array(size + 1);
  let [groupCount, needCount, lastKey, lastGroup] = [0, 0, -1, -1];
  for (const key of keys) {
    if (key === lastKey) continue;
    lastKey = key;
    const group = Math.floor(key / size);
    if (group !== lastGroup) {
      lastGroup = group;
      groupOwner[groupCount] = Math.floor(group / maxSpecs);
      groupSpec[groupCount] = group % maxSpecs;
      groupStart[groupCount] = needCount;
      groupCount++;
      const next = Math.floor(group / maxSpecs) + 1;
      ownStart[next] = (ownStart[next] ?? 0) + 1;
    }
    providers[needCount] = key % size;
    needCount++;
  }
  groupStart[groupCount] = needCount;
  sumUp(ownStart);
  const layout = {
    items,
    indexOf,
    specs,
    groupCount,
    needCount,
    groupSpec,
    groupOwner,
    groupStart,
    providers,
    ownStart,
  };
  return { ...layout, ...minimums(layout), ...usesOf(layout) };
}

type Layout = Pick<
  DependencyGraph,
  'items' | 'specs' | 'groupCount' | 'needCount' | 'groupSpec' | 'groupOwner' | 'groupStart' | 'providers'
>;

function minimums(layout: Layout): Pick<DependencyGraph, 'groupMinUp' | 'groupCarries'> {
  const { items, specs, groupCount, groupSpec, groupOwner, groupStart } = layout;
  const [groupMinUp, groupCarries] = [new Int32Array(groupCount), new Uint8Array(groupCount)];
  for (let group = 0; group < groupCount; group++) {
    const [spec, owner] = [specs[groupSpec[group] ?? 0], items[groupOwner[group] ?? 0]];
    const providers = (groupStart[group + 1] ?? 0) - (groupStart[group] ?? 0);
    if (spec === undefined || owner === undefined) continue;
    groupMinUp[group] = spec.rule === 'all' ? providers : Math.min(minUpOf(owner, spec), providers);
    groupCarries[group] = spec.carriesDegraded ? 1 : 0;
  }
  return { groupMinUp, groupCarries };
}

/** What makes no sense counts as not said. 0 is allowed: it goes on without any of them. */
function minUpOf({ attributes }: Item, { minUpAttributes }: NeedGroup): number {
  for (const key of minUpAttributes) {
    const value = attributes[key];
    if (value === 'all') return Number.POSITIVE_INFINITY;
    const count = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    if (typeof count === 'number' && Number.isInteger(count) && count >= 0) return count;
  }
  return 1;
}

function usesOf({
  items,
  groupCount,
  needCount,
  groupStart,
  providers,
}: Layout): Pick<DependencyGraph, 'usedStart' | 'usedGroups'> {
  const [usedStart, usedGroups] = [new Int32Array(items.length + 1), new Int32Array(needCount)];
  for (let need = 0; need < needCount; need++) {
    const next = (providers[need] ?? 0) + 1;
    usedStart[next] = (usedStart[next] ?? 0) + 1;
  }
  sumUp(usedStart);
  const filled = usedStart.slice();
  for (let group = 0; group < groupCount; group++)
    for (let need = groupStart[group] ?? 0; need < (groupStart[group + 1] ?? 0); need++) {
      const provider = providers[need] ?? 0;
      const at = filled[provider] ?? 0;
      usedGroups[at] = group;
      filled[provider] = at + 1;
    }
  return { usedStart, usedGroups };
}

/** From counts at i + 1 to where each begins. */
function sumUp(starts: Int32Array): void {
  for (let index = 1; index < starts.length; index++) starts[index] = (starts[index] ?? 0) + (starts[index - 1] ?? 0);
}
