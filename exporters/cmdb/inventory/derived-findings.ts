import type { Conflict, Item } from '../model/item.ts';
import { isRelationType } from '../model/relation-type.ts';
import type { Finding } from './finding.ts';
import type { Inventory } from './inventory.ts';

/** Stands for a source where a finding comes from what several of them say together. */
export const inventorySource = 'inventory';

export interface DerivedFinding extends Finding {
  readonly source: typeof inventorySource;
  /** Unix seconds. */
  readonly since: number;
}

/** What somebody has to look at that no single look can find: items that nobody sees any more, and sources that disagree. */
export function derivedFindings(inventory: Inventory): readonly DerivedFinding[] {
  return [...inventory.items()].flatMap((item) => [...missing(inventory, item), ...disagreements(inventory, item)]);
}

/** Those that come from sources that disagree; they change only with the inventory. */
export function disagreements(inventory: Inventory, item: Item): readonly DerivedFinding[] {
  return item.conflicts.map((conflict) => ({
    kind: 'conflict',
    source: inventorySource,
    subject: `${subjectOf(item)} ${conflict.about}`,
    reason: wordsOf(inventory, conflict),
    itemId: item.id,
    since: item.changedAt,
  }));
}

function missing(inventory: Inventory, item: Item): readonly DerivedFinding[] {
  const since = inventory.missingSince(item.id);
  if (since === undefined || item.state !== 'in_service') return [];
  const reason = 'it is in service, and none of its sources sees it any more';
  return [{ kind: 'missing', source: inventorySource, subject: subjectOf(item), reason, itemId: item.id, since }];
}

/** Names need not be unique, subjects must. */
function subjectOf({ class: itemClass, name, id }: Item): string {
  return `${itemClass} ${name} (item ${id})`;
}

function wordsOf(inventory: Inventory, { about, said }: Conflict): string {
  const nameOf = (value: unknown): string =>
    isRelationType(about) ? (inventory.item(Number(value))?.name ?? String(value)) : String(value);
  return Object.entries(said)
    .map(([source, value]) => `${source} says ${nameOf(value)}`)
    .sort()
    .join(', ');
}
