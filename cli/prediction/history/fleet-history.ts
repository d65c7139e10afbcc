import type { EntityKind } from '../../../exporters/prediction/entity.ts';
import type { FeatureTable } from '../../../exporters/prediction/features/feature-table.ts';
import type { ColumnOrigin } from '../../../exporters/prediction/labels/label-signals.ts';
import type { FailureHistory } from '../../../exporters/prediction/pipeline/failure-history.ts';

/** What is known of a fleet, wherever it was read from. */
export interface FleetHistory {
  readonly tables: Readonly<Partial<Record<EntityKind, FeatureTable>>>;
  readonly origins?: Readonly<Partial<Record<EntityKind, readonly ColumnOrigin[]>>> | undefined;
  readonly failures: FailureHistory;
  readonly products: ReadonlyMap<string, string>;
  readonly provenance: Readonly<Record<string, string>>;
  /** What could not be read, in words. */
  readonly problems: readonly string[];
}

/** Options of every command that needs one. */
export interface HistoryOptions {
  readonly data: string;
  readonly csv: string | undefined;
  readonly 'csv.kind': EntityKind;
  readonly 'csv.entity': string;
  readonly 'csv.time': string;
  readonly 'csv.node': string | undefined;
  readonly 'csv.cluster': string | undefined;
  readonly 'csv.ignore': readonly string[];
  readonly 'csv.window': readonly string[];
  readonly tickets: readonly string[];
}
