import type { Identity, Item, Relation } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import type { RelationType } from '../model/relation-type.ts';

/** All items and relations at one time: now, or a past date. Read only; nothing in it waits. */
export interface Inventory {
  /** Unix seconds for which it holds. */
  readonly at: number;
  /** Grows with every change; the same number means the same content. */
  readonly revision: number;
  readonly size: number;
  readonly item: (id: number) => Item | undefined;
  readonly items: () => Iterable<Item>;
  readonly ofClass: (itemClass: ItemClass) => readonly Item[];
  readonly byIdentity: (itemClass: ItemClass, identity: Identity) => Item | undefined;
  /** Relations that begin at the item. */
  readonly outgoing: (id: number, type?: RelationType) => readonly Relation[];
  /** Relations that end at the item. */
  readonly incoming: (id: number, type?: RelationType) => readonly Relation[];
  readonly relations: () => Iterable<Relation>;
  /** When any source saw the item last; undefined for what no source sees. Unix seconds. */
  readonly lastSeen: (id: number) => number | undefined;
  /** When the last of its sources stopped seeing it; undefined while one does, and for what no source ever saw. */
  readonly missingSince: (id: number) => number | undefined;
}
