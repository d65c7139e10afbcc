export type Labels = Readonly<Record<string, string>>;

/** One value of one series, with where it came from. */
export interface Reading {
  readonly name: string | undefined;
  readonly labels: Labels;
  readonly value: number;
  /** When it was measured or asked for; undefined where the answer has no time. */
  readonly atMs: number | undefined;
  /** All points, where the answer is over time. */
  readonly points?: readonly Point[];
}

export interface Point {
  readonly atMs: number;
  readonly value: number;
}
