import { type Entity, keyOfEntity } from '../entity.ts';
import type { FailureSign, Signs } from './sign.ts';
import { heldBack, timeProblem } from './sign-time.ts';

/** A GPU that could not be seen for a while. */
export interface Absence {
  readonly entity: Entity;
  /** Of the first moment without it; ms since 1970. */
  readonly fromMs: number;
  /** When it was seen again; undefined while it is not. */
  readonly untilMs: number | undefined;
  /**
   * `off_the_bus`: the driver says that it is lost. `vanished`: its series ended while those of other devices of its node went on; where the whole
   * node fell silent there is no absence of a GPU.
   */
  readonly how: 'off_the_bus' | 'vanished';
}

/** Series that end for less may be a scrape that failed or an exporter that was restarted. What the driver says counts at once. */
export const vanishedAfterMs = 10 * 60_000;

export function lostSigns(absences: readonly Absence[], nowMs: number): Signs {
  const signs: FailureSign[] = [];
  const problems: string[] = [];
  for (const absence of absences) {
    const problem = problemOf(absence, nowMs);
    if (problem !== undefined)
      problems.push(`the absence of ${keyOfEntity(absence.entity)} ${problem}; it is left out`);
    else if (isLong(absence, nowMs)) signs.push(signOf(absence, nowMs));
  }
  return { signs, problems };
}

function problemOf({ fromMs, untilMs }: Absence, nowMs: number): string | undefined {
  if (untilMs !== undefined && untilMs < fromMs) return 'ends before it begins';
  return timeProblem(fromMs, nowMs) ?? (untilMs === undefined ? undefined : timeProblem(untilMs, nowMs));
}

function isLong({ fromMs, untilMs, how }: Absence, nowMs: number): boolean {
  return how === 'off_the_bus' || (untilMs ?? nowMs) - fromMs >= vanishedAfterMs;
}

function signOf({ entity, fromMs, untilMs, how }: Absence, nowMs: number): FailureSign {
  return {
    entity,
    startMs: heldBack(fromMs, nowMs),
    endMs: untilMs === undefined ? Number.POSITIVE_INFINITY : heldBack(untilMs, nowMs),
    kind: how,
    source: 'gpu_lost',
  };
}
