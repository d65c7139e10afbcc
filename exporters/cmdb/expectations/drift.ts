import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { checksOf, isKept } from './baseline.ts';
import { type Expectations, fits } from './expectation.ts';
import { gpusOf } from './place.ts';

/** In what an item is not as recorded or expected. */
export interface Drift {
  readonly item: Item;
  /** serial, slot, model, gpu_count, state, seen, or the attribute that differs from the baseline. */
  readonly aspect: string;
  readonly expected: string;
  readonly actual: string;
}

/** An attribute of which sources say different things, the surest source first. */
export interface Conflict {
  readonly attribute: string;
  readonly values: readonly { readonly source: string; readonly value: string }[];
}

export interface DriftDeps {
  readonly expectations: Expectations;
  /** Open conflicts of an item. */
  readonly conflictsOf: (itemId: number) => readonly Conflict[];
}

/** Attributes that tell which part it is, or where it sits; `server` is what it is installed on. */
const aspectOfConflict: ReadonlyMap<string, string> = new Map([
  ['serial', 'serial'],
  ['model', 'model'],
  ['slot', 'slot'],
  ['pci_bus_id', 'slot'],
  ['server', 'slot'],
]);

/** Everything that drifts, in the order of the inventory; for one item each aspect once. */
export function findDrift(inventory: Inventory, deps: DriftDeps): readonly Drift[] {
  return [...inventory.items()].flatMap((item) => driftOf(inventory, item, deps));
}

export function driftOf(inventory: Inventory, item: Item, { expectations, conflictsOf }: DriftDeps): readonly Drift[] {
  const found = [
    ...conflictsOf(item.id).flatMap((conflict) => conflictDrift(item, conflict)),
    ...gpuCountDrift(inventory, item, expectations),
    ...baselineDrift(item, expectations),
    ...stateDrift(inventory, item),
    ...seenDrift(inventory, item, expectations),
  ];
  return found.filter(({ aspect }, index) => found.findIndex((other) => other.aspect === aspect) === index);
}

/** GPUs that a server should have: by the first expectation that says so, or those that are recorded as in service. */
export function expectedGpus(
  inventory: Inventory,
  server: Item,
  { list }: Pick<Expectations, 'list'>,
): number | undefined {
  const [expected] = list.filter((each) => fits(each, server)).flatMap(({ gpus }) => gpus ?? []);
  if (expected !== undefined) return expected;
  const recorded = gpusOf(inventory, server).filter(({ state }) => state === 'in_service').length;
  return recorded === 0 ? undefined : recorded;
}

function conflictDrift(item: Item, { attribute, values }: Conflict): readonly Drift[] {
  const aspect = aspectOfConflict.get(attribute);
  const [recorded, ...others] = values;
  if (aspect === undefined || recorded === undefined) return [];
  const actual = others.filter(({ value }) => value !== recorded.value).map(told);
  return actual.length === 0 ? [] : [{ item, aspect, expected: told(recorded), actual: actual.join(', ') }];
}

function told({ source, value }: Conflict['values'][number]): string {
  return `${value} (${source})`;
}

function gpuCountDrift(inventory: Inventory, item: Item, expectations: Expectations): readonly Drift[] {
  if (item.class !== 'server' || item.state !== 'in_service') return [];
  const expected = expectedGpus(inventory, item, expectations);
  const actual = presentGpus(inventory, item);
  if (expected === undefined || actual === undefined || actual === expected) return [];
  return [{ item, aspect: 'gpu_count', expected: String(expected), actual: String(actual) }];
}

/** GPUs that are in service and seen; where none is an item of its own, as many as a source counts. */
function presentGpus(inventory: Inventory, server: Item): number | undefined {
  const gpus = gpusOf(inventory, server);
  if (gpus.length === 0) {
    const counted = server.attributes['gpu_count'];
    return typeof counted === 'number' ? counted : undefined;
  }
  return gpus.filter(({ id, state }) => state === 'in_service' && inventory.missingSince(id) === undefined).length;
}

function baselineDrift(item: Item, expectations: Expectations): readonly Drift[] {
  if (!isKept(item)) return [];
  return checksOf(expectations, item)
    .filter(({ status }) => status === 'behind')
    .map(({ attribute, expected, actual = '' }) => ({ item, aspect: attribute, expected, actual }));
}

function stateDrift(inventory: Inventory, item: Item): readonly Drift[] {
  const missing = inventory.missingSince(item.id);
  if (item.state === 'in_service' && missing !== undefined)
    return [{ item, aspect: 'state', expected: 'in_service', actual: `missing since ${instant(missing)}` }];
  const seen = inventory.lastSeen(item.id);
  if (item.state === 'retired' && missing === undefined && seen !== undefined)
    return [{ item, aspect: 'state', expected: 'retired', actual: `seen at ${instant(seen)}` }];
  return [];
}

function seenDrift(inventory: Inventory, item: Item, { notSeenAfter }: Expectations): readonly Drift[] {
  const seen = inventory.lastSeen(item.id);
  if (notSeenAfter === undefined || seen === undefined || item.state !== 'in_service') return [];
  if (inventory.at - seen <= notSeenAfter) return [];
  return [{ item, aspect: 'seen', expected: `seen within ${notSeenAfter} s`, actual: `seen at ${instant(seen)}` }];
}

function instant(seconds: number): string {
  const milliseconds = seconds * 1000;
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : String(seconds);
}
