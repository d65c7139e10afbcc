/** The stretch of time that a report is about, looked at in steps. Both ends are whole steps. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

export function stepsOf({ startMs, endMs, stepMs }: Window): number {
  return Math.floor((endMs - startMs) / stepMs) + 1;
}
