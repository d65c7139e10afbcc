/** One series, sample after sample. Statistics are of what came before; a detector that is not warm gives undefined, never 0. */
export interface Detector {
  /** How unusual the sample is, 1 being the border of usual; undefined until enough is known or for a NaN. */
  readonly next: (atMs: number, value: number) => number | undefined;
}

/** What is drawn around a series. */
export interface Band {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}
