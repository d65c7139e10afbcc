import type { LabelledMatrix } from './matrix.ts';
import { leafValue, type Tree } from './trees/tree.ts';

export interface EarlyStop {
  readonly see: (tree: Tree) => void;
  /** Whether enough trees in a row have been no better. */
  readonly isOver: () => boolean;
  /** How many trees were best; undefined if all are to be kept. */
  readonly best: () => number | undefined;
}

/** Watches the log-loss of rows that are not learned from. Without such rows, or without patience, it never stops. */
export function createEarlyStop(rows: LabelledMatrix | undefined, base: number, patience: number): EarlyStop {
  if (rows === undefined || patience === 0) return { see: () => undefined, isOver: () => false, best: () => undefined };
  const scores = new Float64Array(rows.rows).fill(base);
  let seen = 0;
  let best = 0;
  let least = logLoss(scores, rows.labels);
  return {
    see: (tree) => {
      for (let row = 0; row < rows.rows; row++)
        scores[row] = (scores[row] ?? 0) + leafValue(tree, rows.values, row * rows.columns);
      seen++;
      const loss = logLoss(scores, rows.labels);
      if (loss >= least) return;
      least = loss;
      best = seen;
    },
    isOver: () => seen - best >= patience,
    best: () => best,
  };
}

/** Sum of -ln of the probability of what happened. */
function logLoss(scores: Float64Array, labels: Uint8Array): number {
  let loss = 0;
  for (let row = 0; row < scores.length; row++) {
    const towards = labels[row] === 1 ? (scores[row] ?? 0) : -(scores[row] ?? 0);
    loss += towards > 0 ? Math.log1p(Math.exp(-towards)) : -towards + Math.log1p(Math.exp(towards));
  }
  return loss;
}
