import type { AttributeValue } from '../../model/item.ts';
import type { ObservedItem } from '../../observation.ts';

/** An item before its scope is known; attributes may be missing. */
export interface ItemDraft extends Omit<ObservedItem, 'attributes' | 'scope' | 'relations'> {
  readonly attributes: Readonly<Record<string, AttributeValue | undefined>>;
  readonly relations?: ObservedItem['relations'] | undefined;
}
