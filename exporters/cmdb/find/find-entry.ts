import type { Inventory } from '../inventory/inventory.ts';
import type { Identity, Item } from '../model/item.ts';
import { clusterOf, nodeOf } from '../place/node-of.ts';
import { ownersOf } from '../place/owners-of.ts';
import { placeOf } from '../place/place-of.ts';
import { fold } from './fold.ts';

/** An item with the text in which it is found. */
export interface FindEntry {
  readonly item: Item;
  /** Where it is and whose it is, as it stands in the text. */
  readonly context: string;
  /** Everything folded, each field between marks that tell what it is. */
  readonly text: string;
  /** Folded name in which numbers stand in their order: node-2 before node-10. */
  readonly order: string;
}

/** Marks around fields. No folded text has them, since they are control characters. */
export const marks = { identity: '\u0001', name: '\u0002', field: '\u0003', end: '\u0004' } as const;

const maxValueCharacters = 200;
const maxTextCharacters = 4000;
const maxTenants = 8;

/** `context` as `contextOf` tells it. */
export function entryOf(item: Item, context: string): FindEntry {
  const name = folded(item.name);
  const identities = item.identities.flatMap(spellings).map((value) => marks.identity + folded(value) + marks.end);
  const attributes = Object.values(item.attributes)
    .flat()
    .map((value) => marks.field + folded(String(value)) + marks.end);
  const own = [marks.field, item.class, marks.end, marks.field, item.state, marks.end];
  const fields = [marks.name, name, marks.end, ...identities, ...own, context, ...attributes].join('');
  return {
    item,
    context,
    text: fields.length > maxTextCharacters ? fields.slice(0, maxTextCharacters) + marks.end : fields,
    order: name.replaceAll(/\d+/g, (digits) => digits.padStart(10, '0')),
  };
}

/** People look for a GPU by its node, its rack and its tenant. */
export function contextOf(inventory: Inventory, item: Item): string {
  const { site, room, rack } = placeOf(inventory, item.id);
  const { tenants, team } = ownersOf(inventory, item.id);
  const words = [
    ...[rack, room, site, team, ...tenants.slice(0, maxTenants)].map((one) => one?.name),
    nodeOf(inventory, item.id),
    clusterOf(inventory, item.id),
  ];
  return words.map((word) => (word === undefined ? '' : marks.field + folded(word) + marks.end)).join('');
}

/** People type the serial number without the maker, and the UUID without what is in front of it. */
function spellings({ kind, value }: Identity): readonly string[] {
  const bare = kind === 'serial' ? value.slice(value.indexOf('/') + 1) : value.replace(/^(gpu|mig)-/, '');
  return bare === value ? [value] : [value, bare];
}

function folded(text: string): string {
  return fold(text.slice(0, maxValueCharacters));
}
