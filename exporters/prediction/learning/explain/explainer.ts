import type { RowsToExplain } from './explain-trees.ts';

/** Why rows have the log-odds they have. */
export interface Explanation {
  /** What the model says when it knows nothing of a row. */
  readonly bias: number;
  /** Rows × columns, row by row, in log-odds. Those of a row and the bias add up to its log-odds. */
  readonly contributions: Float64Array;
  /** By row. */
  readonly logOdds: Float64Array;
}

export type Explain = (rows: RowsToExplain) => Explanation;
