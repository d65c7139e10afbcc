import type { Window } from './window.ts';

/** Steps at which nothing was recorded, first to last. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Where the times leave out steps. Times ascend, and each is a step of the window. */
export function gapsIn(timesMs: Float64Array, { startMs, endMs, stepMs }: Window): readonly Gap[] {
  const gaps: Gap[] = [];
  let expected = startMs;
  for (const time of timesMs) {
    if (time > expected) gaps.push({ fromMs: expected, toMs: time - stepMs });
    expected = time + stepMs;
  }
  if (expected <= endMs) gaps.push({ fromMs: expected, toMs: endMs });
  return gaps;
}

/** True if nothing was recorded between the two, so that nobody knows whether the alert went on. */
export function isAllGap(gaps: readonly Gap[], afterMs: number, beforeMs: number, stepMs: number): boolean {
  return gaps.some(({ fromMs, toMs }) => fromMs <= afterMs + stepMs && toMs >= beforeMs - stepMs);
}

export function secondsIn(gaps: readonly Gap[], stepMs: number): number {
  return gaps.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs + stepMs) / 1000, 0);
}
