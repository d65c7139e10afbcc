import type { FeatureTable } from '../features/feature-table.ts';
import { labelOf } from '../labels/incident.ts';
import { columnOf } from './drift/feature-drift.ts';
import { rocArea } from './ranking/roc-area.ts';

/** A column that tells failed rows from quiet ones almost without error is no forecast: it most likely knows the label. */
export const tellTaleArea = 0.999;
/** With fewer failed rows a column may do so by chance. */
const leastFailed = 20;

export interface TellTale {
  readonly feature: string;
  /** Area under ROC of the column alone, of whichever direction is better. */
  readonly rocArea: number;
}

/** Columns that alone, by high values, low ones, or whether there is one, tell which rows failed. */
export function tellTales(table: FeatureTable, labels: Uint8Array): readonly TellTale[] {
  const rows = Uint32Array.from(labels.keys()).filter((row) => labels[row] !== labelOf.unusable);
  const own = Uint8Array.from(rows, (row) => labels[row] ?? 0);
  const failed = own.filter((label) => label === labelOf.failed).length;
  if (failed < leastFailed) return [];
  return table.schema.names.flatMap((feature, column) => {
    const values = columnOf(table, rows, column);
    const area = Math.max(areaOf(values, own, Number.NEGATIVE_INFINITY), areaOf(values, own, Number.POSITIVE_INFINITY));
    return area >= tellTaleArea ? [{ feature, rocArea: area }] : [];
  });
}

/** Missing values stand at one end. */
function areaOf(values: Float32Array, labels: Uint8Array, missing: number): number {
  const scores = Float64Array.from(values, (value) => (Number.isNaN(value) ? missing : value));
  const area = rocArea(scores, labels, Uint32Array.from(labels.keys())) ?? 0.5;
  return Math.max(area, 1 - area);
}
