import type { AbsenceRecord } from './label-signs.ts';

/** What is known of a GPU at a moment, or over a step. */
export interface Sighting {
  /** A step is (sinceMs, atMs]; for a scrape both are its time. */
  readonly sinceMs: number;
  readonly atMs: number;
  /** `elsewhere`: another target shows it. */
  readonly how: 'seen' | 'elsewhere' | AbsenceRecord['how'];
}

/** A time without a GPU. */
export interface Away {
  readonly fromMs: number;
  readonly how: AbsenceRecord['how'];
  /** The scrape, or the step, in which it was seen again; undefined while it was not. */
  readonly back: Sighting | undefined;
}

/**
 * From the first scrape without it to what shows it again. Only a step that begins after the GPU was gone says that it is back: in an earlier one it may have
 * been seen before it went. Before a target has shown it for the first time it was not there yet, unless the driver says that it is lost; and a target that it
 * has left for another says nothing any more. Sightings ascend by `atMs`.
 */
export function absencesIn(sightings: readonly Sighting[]): readonly Away[] {
  const found: Away[] = [];
  let away: Omit<Away, 'back'> | undefined;
  let state: State = 'unknown';
  for (const sighting of sightings) {
    if (away === undefined) {
      away = goneWith(sighting, state);
      if (sighting.how === 'seen') state = 'here';
    } else if (isBack(sighting, away.fromMs)) {
      found.push({ ...away, back: sighting });
      away = undefined;
      state = sighting.how === 'seen' ? 'here' : 'left';
    }
  }
  return away === undefined ? found : [...found, { ...away, back: undefined }];
}

type State = 'unknown' | 'here' | 'left';

function goneWith({ atMs, how }: Sighting, state: State): Omit<Away, 'back'> | undefined {
  if (how === 'off_the_bus' && state !== 'left') return { fromMs: atMs, how };
  return how === 'vanished' && state === 'here' ? { fromMs: atMs, how } : undefined;
}

function isBack({ sinceMs, how }: Sighting, goneMs: number): boolean {
  return (how === 'seen' || how === 'elsewhere') && sinceMs >= goneMs;
}
