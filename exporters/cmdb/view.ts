import type { Inventory } from './inventory/inventory.ts';
import type { ItemClass } from './model/item-class.ts';
import type { LookRecord, OpenFinding } from './store/looks.ts';

/** All that collectors see. */
export interface CmdbView {
  readonly inventory: Inventory;
  readonly sources: readonly SourceView[];
  readonly findings: readonly Pick<OpenFinding, 'kind' | 'source'>[];
  /** Changes since the start, by source. */
  readonly changes: ReadonlyMap<string, number>;
  readonly replica: { readonly isLeader: boolean; readonly store: string; readonly isStoreUp: boolean };
  /** Classes whose items are shown one by one. */
  readonly shownClasses: readonly ItemClass[];
  readonly maxSeries: number;
}

export interface SourceView {
  readonly name: string;
  readonly type: string;
  readonly everySeconds: number;
  /** Undefined for a source that has not been looked at. */
  readonly last: LookRecord | undefined;
}
