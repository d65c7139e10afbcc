import { ConfigError } from '../../../kit/errors.ts';
import { tellTales } from '../evaluation/tell-tales.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { horizons } from '../horizon.ts';
import { labelOf } from '../labels/incident.ts';
import { type ColumnOrigin, refuseLeakingColumns } from '../labels/label-signals.ts';
import { refuseRowLeaks } from '../labels/leakage.ts';
import type { FailureHistory } from './failure-history.ts';
import type { Labels } from './label-table.ts';

/** So many quiet rows show whether a column tells all. */
const mostQuiet = 20_000;

/** Throws ConfigError for columns that are made of what defines failures, labels that are known at their row, and columns that alone tell the label. */
export function checkLeakage(
  table: FeatureTable,
  labels: Labels,
  { incidents, outOfService, nowMs }: FailureHistory,
  origins: readonly ColumnOrigin[] = [],
): void {
  refuseLeakingColumns(origins);
  for (const horizon of horizons)
    refuseRowLeaks({ moments: table, labels: labels[horizon], incidents, outOfService, horizon, nowMs });
  for (const horizon of horizons) refuseTellTales(table, fewerQuiet(labels[horizon]), horizon);
}

function refuseTellTales(table: FeatureTable, labels: Uint8Array, horizon: string): void {
  const found = tellTales(table, labels);
  if (found.length === 0) return;
  const names = found.map(({ feature }) => feature).join(', ');
  throw new ConfigError(
    `${names} ${found.length === 1 ? 'tells' : 'tell, each alone,'} which rows fail within ${horizon} almost without error, so the label is in it; leave it out, or end its window before the failure`,
  );
}

function fewerQuiet(labels: Uint8Array): Uint8Array {
  const quiet = labels.reduce((count, label) => count + (label === labelOf.quiet ? 1 : 0), 0);
  const every = Math.ceil(quiet / mostQuiet);
  if (every <= 1) return labels;
  let seen = 0;
  return labels.map((label) => (label === labelOf.quiet && seen++ % every !== 0 ? labelOf.unusable : label));
}
