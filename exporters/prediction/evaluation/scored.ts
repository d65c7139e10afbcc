import type { Horizon } from '../horizon.ts';
import { type Incident, labelOf } from '../labels/incident.ts';
import type { Moments } from '../labels/moments.ts';

/** What was said about rows, and what came of it. */
export interface Scored {
  readonly moments: Moments;
  /** Of `labelsOf`, for every row of `moments`. */
  readonly labels: Uint8Array;
  /** Probabilities, for every row of `moments`; NaN where nothing was said. */
  readonly scores: Float64Array;
  readonly horizon: Horizon;
  /** Of the same entities. */
  readonly incidents: readonly Incident[];
}

/** The rows that can be judged: with a score, in service and with a complete horizon. Ascending by moment. */
export function judgedRows({ labels, scores }: Pick<Scored, 'labels' | 'scores'>): Uint32Array {
  const rows = new Uint32Array(labels.length);
  let count = 0;
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] === labelOf.unusable || Number.isNaN(scores[row] ?? Number.NaN)) continue;
    rows[count] = row;
    count += 1;
  }
  return rows.slice(0, count);
}
