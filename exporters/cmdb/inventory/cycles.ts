import type { ItemClass } from '../model/item-class.ts';
import type { RelationType } from '../model/relation-type.ts';
import type { ClaimContent, ClaimedRelation } from './claim.ts';
import type { Finding } from './finding.ts';
import type { Inventory } from './inventory.ts';

/** Relations by which things hold one another: nothing can be in itself, however many steps away. */
export const holding: readonly RelationType[] = ['located_in', 'installed_on', 'part_of'];

interface Content {
  readonly id: number;
  readonly class: ItemClass;
  readonly content: ClaimContent;
}

/** Leaves out relations that would close a ring, and tells each. What the inventory holds already is believed. */
export function withoutCycles(
  contents: readonly Content[],
  inventory: Inventory,
  tell: (finding: Finding) => void,
): readonly Content[] {
  const planned = new Map<number, readonly ClaimedRelation[]>();
  const holdersOf = (id: number, type: RelationType): readonly number[] =>
    (planned.get(id) ?? inventory.outgoing(id)).filter((relation) => relation.type === type).map(({ to }) => to);

  function isInside(id: number, type: RelationType, start: number): boolean {
    const seen = new Set<number>();
    const open = [start];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === id) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...holdersOf(next, type));
    }
    return false;
  }

  return contents.map((each) => {
    const { id, content } = each;
    const rings = content.relations.filter(({ type, to }) => holding.includes(type) && isInside(id, type, to));
    const relations =
      rings.length === 0 ? content.relations : content.relations.filter((relation) => !rings.includes(relation));
    planned.set(id, relations);
    for (const { type, to } of rings) {
      tell({
        kind: 'invalid',
        subject: `${each.class} ${content.name ?? content.identities[0]?.value ?? id} ${type}`,
        reason: `it would be ${type.replace('_', ' ')} itself, by way of item ${to}; the relation is left out`,
        itemId: id > 0 ? id : undefined,
      });
    }
    return rings.length === 0 ? each : { ...each, content: { ...content, relations } };
  });
}
