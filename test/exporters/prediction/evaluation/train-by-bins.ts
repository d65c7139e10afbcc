import type { LabelledMatrix, Learned } from '../../../../exporters/prediction/learning/matrix.ts';
import { logOddsOf } from '../../../../exporters/prediction/risk/log-odds.ts';

const bins = 20;
/** Rows at the base rate that each bin has besides its own. */
const prior = 50;

/** Learns the share that failed by ranges of the first column: the least that can be called learning, and fast. */
export function trainByBins({ rows, columns, values, labels }: LabelledMatrix): Learned {
  const seen = new Float64Array(bins);
  const failed = new Float64Array(bins);
  for (let row = 0; row < rows; row++) {
    const bin = binOf(values[row * columns]);
    seen[bin] = (seen[bin] ?? 0) + 1;
    failed[bin] = (failed[bin] ?? 0) + (labels[row] ?? 0);
  }
  const base = failed.reduce((sum, each) => sum + each, 0) / rows;
  const logOdds = seen.map((many, bin) => logOddsOf(((failed[bin] ?? 0) + prior * base) / (many + prior)));
  return { columns, logOdds: (from, offset) => logOdds[binOf(from[offset])] ?? Number.NaN };
}

function binOf(value = Number.NaN): number {
  return Math.max(0, Math.min(bins - 1, Math.floor((value + 2) * 5)));
}
