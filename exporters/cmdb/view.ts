import type { DriftReport } from './expectations/drift-report.ts';
import type { Inventory } from './inventory/inventory.ts';
import type { Item } from './model/item.ts';
import type { ItemClass } from './model/item-class.ts';
import type { SdOverview } from './service-discovery/service-discovery.ts';
import type { LookRecord, OpenFinding } from './store/looks.ts';

/** All that collectors see. */
export interface CmdbView {
  readonly inventory: Inventory;
  readonly sources: readonly SourceView[];
  readonly findings: readonly Pick<OpenFinding, 'kind' | 'source'>[];
  /** Changes since the start, by source. */
  readonly changes: ReadonlyMap<string, number>;
  readonly drift: DriftReport;
  readonly maintenance: {
    readonly items: readonly Item[];
    readonly windows: { readonly scheduled: number; readonly active: number };
    /** Undefined where this replica makes no silences. */
    readonly isInSync: boolean | undefined;
  };
  readonly lists: readonly Pick<SdOverview, 'name' | 'targets' | 'refused'>[];
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
