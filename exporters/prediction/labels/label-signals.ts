import { ConfigError } from '../../../kit/errors.ts';
import { cut } from '../../../kit/options/preview.ts';
import { skewMs } from './sign-time.ts';
import { xidRoleOf } from './xid-roles.ts';

/** What a column of features is made of. */
export interface ColumnOrigin {
  readonly column: string;
  /** Name of the series, or of a fact such as `cmdb_state`. */
  readonly signal: string;
  /** XID codes that it counts, where the signal counts XIDs; all of them where it is left out. */
  readonly xids?: readonly number[] | undefined;
  /** How long before the row's moment its window ends; 0 for one that ends at the moment. */
  readonly lagMs: number;
}

const xidSignals: readonly string[] = [
  'gpu_xid_errors_total',
  'gpu_xid_last_timestamp_seconds',
  'DCGM_FI_DEV_XID_ERRORS',
];

/** Signals that say by themselves that an entity has failed. */
export const labelSignals: readonly string[] = [
  'gpu_row_remap_failure',
  'DCGM_FI_DEV_ROW_REMAP_FAILURE',
  'gpu_lost',
  'cmdb_state',
  'ticket',
];

/**
 * Columns that may know the label: of a signal that defines it, with a window that reaches closer to the row's moment than clocks may differ. A sign
 * that a sample at t already shows may be stamped up to 5 minutes after t, which makes the row at t a failed one.
 */
export function leakingColumns(origins: readonly ColumnOrigin[]): readonly ColumnOrigin[] {
  return origins.filter((origin) => definesLabel(origin) && origin.lagMs < skewMs);
}

function definesLabel({ signal, xids }: ColumnOrigin): boolean {
  if (!xidSignals.includes(signal)) return labelSignals.includes(signal);
  return xids === undefined || xids.some((code) => xidRoleOf(code) === 'failure');
}

/** Throws ConfigError that names the columns. */
export function refuseLeakingColumns(origins: readonly ColumnOrigin[]): void {
  const [first] = leakingColumns(origins);
  if (first === undefined) return;
  throw new ConfigError(
    `the column ${cut(first.column)} reads ${cut(first.signal)}, which defines failures, until ${first.lagMs / 1000} s before its row; end its window at least ${skewMs / 1000} s before, or take a signal that is no failure by itself`,
  );
}
