import type { FeatureTable } from '../../features/feature-table.ts';
import type { Horizon } from '../../horizon.ts';
import { labelOf } from '../../labels/incident.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { completeRows } from '../splits.ts';
import type { StretchTimes } from './stretches.ts';

export interface PrequentialInput {
  readonly table: FeatureTable;
  readonly labels: Uint8Array;
  readonly horizon: Horizon;
  readonly stretches: readonly StretchTimes[];
  /** Called before each stretch; what it throws ends the evaluation. */
  readonly onStretch?: ((done: number, all: number) => void) | undefined;
}

/** A stretch of time, scored by a model that was made at its beginning. */
export interface ScoredStretch extends StretchTimes {
  readonly rows: Uint32Array;
  /** Of the rows that were learned from, the share that failed; undefined where there were none. */
  readonly trainingBaseRate: number | undefined;
  /** Of the rows; undefined where the scorer could learn nothing. */
  readonly scores: Float64Array | undefined;
}

export interface PrequentialRun {
  readonly scorer: string;
  readonly stretches: readonly ScoredStretch[];
}

/**
 * Trains on the past, scores the next stretch, and goes on. A model made at a cut knows the rows whose horizon was over then, and no label of any other.
 */
export function prequential(
  scorer: Scorer,
  { table, labels, horizon, stretches, onStretch }: PrequentialInput,
): PrequentialRun {
  const scored = stretches.map((times, done) => {
    onStretch?.(done, stretches.length);
    const past = completeRows(table, labels, horizon, Number.NEGATIVE_INFINITY, times.fromMs);
    const rows = rowsBetween(table, labels, times);
    const known = new Uint8Array(labels.length).fill(labelOf.unusable);
    let failed = 0;
    for (const row of past) {
      known[row] = labels[row] ?? labelOf.unusable;
      failed += labels[row] ?? 0;
    }
    const score = scorer.fit({ table, labels: known, rows: past, horizon, cutMs: times.fromMs });
    const trainingBaseRate = past.length === 0 ? undefined : failed / past.length;
    return { ...times, rows, trainingBaseRate, scores: score?.(rows) };
  });
  return { scorer: scorer.name, stretches: scored };
}

function rowsBetween({ atMs }: FeatureTable, labels: Uint8Array, { fromMs, untilMs }: StretchTimes): Uint32Array {
  return Uint32Array.from(labels.keys()).filter((row) => {
    const t = atMs[row] ?? Number.NaN;
    return labels[row] !== labelOf.unusable && t >= fromMs && t < untilMs;
  });
}

/** The scores of a run for every row of the table; NaN for rows of no stretch. */
export function scoresOf({ stretches }: PrequentialRun, rows: number): Float64Array {
  const all = new Float64Array(rows).fill(Number.NaN);
  for (const stretch of stretches) {
    for (const [index, row] of stretch.rows.entries()) all[row] = stretch.scores?.[index] ?? Number.NaN;
  }
  return all;
}
