/** What is learned from: rows × columns, row by row, NaN for missing, and 0 or 1 for each row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

export interface LabelledMatrix extends Matrix {
  readonly labels: Uint8Array;
}

/** What every learned model can say. Log-odds, not probabilities, so that contributions add up to it. */
export interface Learned {
  readonly columns: number;
  /** Of the row that begins at `offset` of `values`. */
  readonly logOdds: (values: Float32Array, offset: number) => number;
}

export function probabilityOf(logOdds: number): number {
  return logOdds >= 0 ? 1 / (1 + Math.exp(-logOdds)) : Math.exp(logOdds) / (1 + Math.exp(logOdds));
}
