import type { ItemRef } from '../answers/item-ref';
import type { Relation, Relations } from '../answers/relations';

/** Items of one class to which an item has the same relation. */
export interface RelationGroup {
  readonly key: string;
  /** `out` where the relation begins at the item. */
  readonly direction: 'out' | 'in';
  readonly type: string;
  readonly class: string;
  readonly items: readonly ItemRef[];
}

/** In the order in which people ask: where it is and what it needs; what runs on it and needs it. */
const typeOrder = {
  out: ['located_in', 'installed_on', 'part_of', 'runs_on', 'depends_on', 'powered_by', 'connected_to', 'owned_by'],
  in: ['runs_on', 'depends_on', 'located_in', 'part_of', 'powered_by', 'connected_to', 'installed_on', 'owned_by'],
} satisfies Readonly<Record<RelationGroup['direction'], readonly string[]>>;
const collator = new Intl.Collator('en', { numeric: true });

export function relationGroups({ outgoing, incoming }: Relations): readonly RelationGroup[] {
  return [...groupsOf('out', outgoing), ...groupsOf('in', incoming)];
}

function groupsOf(direction: RelationGroup['direction'], relations: readonly Relation[]): readonly RelationGroup[] {
  const groups = new Map<string, RelationGroup & { readonly items: ItemRef[] }>();
  for (const { type, other } of relations) {
    const key = `${direction} ${type} ${other.class}`;
    const group = groups.get(key) ?? { key, direction, type, class: other.class, items: [] };
    groups.set(key, group);
    if (!group.items.some(({ id }) => id === other.id)) group.items.push(other);
  }
  for (const { items } of groups.values()) items.sort(byTrouble);
  return [...groups.values()].sort(
    (a, b) =>
      order(direction, a.type) - order(direction, b.type) ||
      a.items.length - b.items.length ||
      collator.compare(a.class, b.class),
  );
}

/** What is not in service must not be hidden behind "and 27 more". */
function byTrouble(a: ItemRef, b: ItemRef): number {
  return (
    Number(a.state === 'in_service') - Number(b.state === 'in_service') ||
    collator.compare(a.name, b.name) ||
    a.id - b.id
  );
}

function order(direction: RelationGroup['direction'], type: string): number {
  const at = typeOrder[direction].indexOf(type);
  return at < 0 ? typeOrder[direction].length : at;
}
