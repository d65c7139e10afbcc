import type { Moments } from '../labels/moments.ts';

const dayMs = 86_400_000;

export interface ScoredDay {
  /** Days since 1970 UTC. */
  readonly day: number;
  /** One row of each entity: its first of the day, as a plan made in the morning has it. */
  readonly rows: Uint32Array;
}

/** The rows day by day. `rows` must ascend by moment. */
export function daysOf({ entity, atMs }: Moments, rows: Uint32Array): readonly ScoredDay[] {
  const days: ScoredDay[] = [];
  let day = Number.NaN;
  let own: number[] = [];
  let seen = new Set<number>();
  for (const row of rows) {
    const today = dayNumber(atMs[row] ?? Number.NaN);
    if (today !== day) {
      if (own.length > 0) days.push({ day, rows: Uint32Array.from(own) });
      [day, own, seen] = [today, [], new Set()];
    }
    const who = entity[row] ?? 0;
    if (seen.has(who)) continue;
    seen.add(who);
    own.push(row);
  }
  if (own.length > 0) days.push({ day, rows: Uint32Array.from(own) });
  return days;
}

export function dayNumber(atMs: number): number {
  return Math.floor(atMs / dayMs);
}
