/**
 * How far a clock may be ahead of ours: a moment that is so little in the future counts as now, one that is further ahead is refused. It is also
 * how much later than its sample a sign may be stamped.
 */
export const skewMs = 5 * 60_000;

/** No GPU of today was in service before; a clock that has lost its battery says 1970. */
const earliestMs = Date.UTC(2010, 0, 1);

/** What is wrong with the moment of a sign, in words; undefined for one that can be used. */
export function timeProblem(atMs: number, nowMs: number): string | undefined {
  if (!Number.isFinite(atMs)) return 'has no time';
  if (atMs < earliestMs) return `is of ${isoOf(atMs)}, before 2010; set the clock that stamps it`;
  if (atMs <= nowMs + skewMs) return undefined;
  return `is of ${isoOf(atMs)}, which is in the future by more than ${skewMs / 60_000} minutes; set the clock that stamps it`;
}

/** A moment that passed `timeProblem`, not later than now. */
export function heldBack(atMs: number, nowMs: number): number {
  return Math.min(atMs, nowMs);
}

/** Beyond what a date can hold, the number itself. */
export function isoOf(atMs: number): string {
  return Math.abs(atMs) <= 8.64e15 ? new Date(atMs).toISOString() : String(atMs);
}
