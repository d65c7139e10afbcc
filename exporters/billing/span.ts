/** A half-open stretch of time [startMs, endMs), in whole milliseconds since 1970-01-01T00:00:00Z. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}
