import { byEntity } from '../by-entity.ts';
import { type Entity, keyOfEntity } from '../entity.ts';
import type { FailureSign, Signs } from './sign.ts';
import { heldBack, timeProblem } from './sign-time.ts';

/** A reading of `gpu_row_remap_failure`. */
export interface RemapSample {
  readonly entity: Entity;
  readonly atMs: number;
  readonly hasFailed: boolean;
}

/**
 * Each time that remapping has failed, from the first sample that says so until one that does not. A board that has failed already when it is seen
 * first fails then, for all that is known. Samples may come in any order; of those of one moment, the one that says it has failed counts.
 */
export function remapSigns(samples: readonly RemapSample[], nowMs: number): Signs {
  const problems: string[] = [];
  const sound = samples.filter(({ entity, atMs }) => {
    const problem = timeProblem(atMs, nowMs);
    if (problem !== undefined) problems.push(`row remapping of ${keyOfEntity(entity)} ${problem}; it is left out`);
    return problem === undefined;
  });
  return { signs: [...byEntity(sound).values()].flatMap((own) => signsOf(own, nowMs)), problems };
}

function signsOf(samples: readonly RemapSample[], nowMs: number): readonly FailureSign[] {
  const signs: FailureSign[] = [];
  let first: RemapSample | undefined;
  for (const sample of oneOfEachMoment(samples)) {
    if (sample.hasFailed) first ??= sample;
    else if (first !== undefined) {
      signs.push(signOf(first, sample.atMs, nowMs));
      first = undefined;
    }
  }
  if (first !== undefined) signs.push(signOf(first, Number.POSITIVE_INFINITY, nowMs));
  return signs;
}

function oneOfEachMoment(samples: readonly RemapSample[]): readonly RemapSample[] {
  const known = new Map<number, RemapSample>();
  for (const sample of samples) {
    if (sample.hasFailed || !known.has(sample.atMs)) known.set(sample.atMs, sample);
  }
  return [...known.values()].sort((a, b) => a.atMs - b.atMs);
}

function signOf({ entity, atMs }: RemapSample, endMs: number, nowMs: number): FailureSign {
  const until = endMs === Number.POSITIVE_INFINITY ? endMs : heldBack(endMs, nowMs);
  return { entity, startMs: heldBack(atMs, nowMs), endMs: until, kind: 'row_remap_failure', source: 'row_remap' };
}
