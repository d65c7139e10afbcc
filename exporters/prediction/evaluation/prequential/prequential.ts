import type { FeatureTable } from '../../features/feature-table.ts';
import type { Horizon } from '../../horizon.ts';
import { labelOf } from '../../labels/incident.ts';
import type { LaterScorer, Past, Score, Scorer } from '../scorers/scorer.ts';
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
export function prequential(scorer: Scorer, input: PrequentialInput): PrequentialRun {
  const stretches = input.stretches.map((times, done) => {
    input.onStretch?.(done, input.stretches.length);
    const asked = askedOf(input, times);
    return scoredOf(asked, scorer.fit(asked.past));
  });
  return { scorer: scorer.name, stretches };
}

/** As `prequential`, with a scorer that learns elsewhere, such as in threads. */
export async function prequentialLater(scorer: LaterScorer, input: PrequentialInput): Promise<PrequentialRun> {
  const stretches: ScoredStretch[] = [];
  for (const [done, times] of input.stretches.entries()) {
    input.onStretch?.(done, input.stretches.length);
    const asked = askedOf(input, times);
    stretches.push(scoredOf(asked, await scorer.fit(asked.past)));
  }
  return { scorer: scorer.name, stretches };
}

interface Asked {
  readonly times: StretchTimes;
  readonly past: Past;
  readonly rows: Uint32Array;
  readonly failed: number;
}

function askedOf({ table, labels, horizon }: PrequentialInput, times: StretchTimes): Asked {
  const past = completeRows(table, labels, horizon, Number.NEGATIVE_INFINITY, times.fromMs);
  const known = new Uint8Array(labels.length).fill(labelOf.unusable);
  let failed = 0;
  for (const row of past) {
    known[row] = labels[row] ?? labelOf.unusable;
    failed += labels[row] ?? 0;
  }
  return {
    times,
    past: { table, labels: known, rows: past, horizon, cutMs: times.fromMs },
    rows: rowsBetween(table, labels, times),
    failed,
  };
}

function scoredOf({ times, past, rows, failed }: Asked, score: Score | undefined): ScoredStretch {
  const trainingBaseRate = past.rows.length === 0 ? undefined : failed / past.rows.length;
  return { ...times, rows, trainingBaseRate, scores: score?.(rows) };
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
