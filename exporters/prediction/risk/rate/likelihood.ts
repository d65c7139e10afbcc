import type { Horizon } from '../../horizon.ts';
import { labelOf } from '../../labels/incident.ts';
import { decayDays, exposuresOf, type Hold } from './kernel.ts';

export interface FitInput {
  /** Rows × decays of `recencySums`. */
  readonly sums: Float64Array;
  readonly labels: Uint8Array;
  readonly horizon: Horizon;
  readonly hold: Hold;
  /** Which rows count; all where it is left out. */
  readonly rows?: Uint32Array | undefined;
}

const width = decayDays.length;
/** Logs beyond these are rates of nothing, or of certainty. */
const least = -20;
const most = 3;

export function rateOf(log: number): number {
  return Math.exp(Math.min(most, Math.max(least, log)));
}

/** Rows without any event are all the same, so they are counted and not kept. */
export interface FitData {
  readonly exposures: readonly number[];
  readonly quietBlank: number;
  readonly failedBlank: number;
  /** Of the others: sums times exposures, decays of a row side by side. */
  readonly columns: Float64Array;
  readonly labels: Uint8Array;
  readonly rows: number;
  readonly failed: number;
}

export function compress({ sums, labels, horizon, hold, rows }: FitInput): FitData {
  const exposures = exposuresOf(horizon, hold);
  const usable = [...(rows ?? labels.keys())].filter((row) => labels[row] !== labelOf.unusable);
  const isBlank = (row: number): boolean => !((sums[row * width + width - 1] ?? 0) > 0);
  const hasFailed = (row: number): boolean => labels[row] === labelOf.failed;
  const kept = usable.filter((row) => !isBlank(row));
  const failed = usable.filter(hasFailed).length;
  const failedBlank = usable.filter((row) => isBlank(row) && hasFailed(row)).length;
  const columns = new Float64Array(kept.length * width);
  for (const [index, row] of kept.entries())
    columns.set(
      sums.subarray(row * width, (row + 1) * width).map((sum, k) => sum * (exposures[k + 1] ?? 0)),
      index * width,
    );
  return {
    exposures,
    quietBlank: usable.length - kept.length - failedBlank,
    failedBlank,
    columns,
    labels: Uint8Array.from(kept, (row) => labels[row] ?? 0),
    rows: usable.length,
    failed,
  };
}

/** Minus the log-likelihood at the logs of the rates, and its gradient. */
export function misfit(data: FitData, logs: Float64Array, gradient: Float64Array): number {
  const { columns, labels, quietBlank, failedBlank, exposures } = data;
  const rates = logs.map(rateOf);
  const base = (rates[0] ?? 0) * (exposures[0] ?? 0);
  gradient.fill(0);
  gradient[0] = quietBlank + failedBlank * slopeOfFailing(base);
  let value = quietBlank * base - failedBlank * logFailing(base);
  for (let row = 0; row < labels.length; row++) {
    const hazard = base + addedHazard(rates, columns, row);
    const hasFailed = labels[row] === labelOf.failed;
    value += hasFailed ? -logFailing(hazard) : hazard;
    addSlope(gradient, hasFailed ? slopeOfFailing(hazard) : 1, columns, row);
  }
  gradient[0] *= exposures[0] ?? 0;
  for (const [index, rate] of rates.entries()) gradient[index] = (gradient[index] ?? 0) * rate;
  return value;
}

function addedHazard(rates: Float64Array, columns: Float64Array, row: number): number {
  let hazard = 0;
  for (let k = 0; k < width; k++) hazard += (rates[k + 1] ?? 0) * (columns[row * width + k] ?? 0);
  return hazard;
}

function addSlope(gradient: Float64Array, slope: number, columns: Float64Array, row: number): void {
  gradient[0] = (gradient[0] ?? 0) + slope;
  for (let k = 0; k < width; k++) gradient[k + 1] = (gradient[k + 1] ?? 0) + slope * (columns[row * width + k] ?? 0);
}

/** Log of 1 - exp(-hazard). */
function logFailing(hazard: number): number {
  return Math.log(-Math.expm1(-hazard));
}

/** How minus `logFailing` changes with the hazard. */
function slopeOfFailing(hazard: number): number {
  return -1 / Math.expm1(hazard);
}
