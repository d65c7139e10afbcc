import { firstAtOrAfter } from '../ascending.ts';
import { type Entity, keyOfEntity } from '../entity.ts';
import type { Moments } from '../labels/moments.ts';

export interface EntityMoments {
  /** Moments of rows of the entity, ascending; empty for one without rows. */
  readonly of: (entity: Entity) => readonly number[];
}

/** `rows` must ascend by moment. */
export function momentsByEntity({ entities, entity, atMs }: Moments, rows: Uint32Array): EntityMoments {
  const byIndex: number[][] = entities.map(() => []);
  for (const row of rows) byIndex[entity[row] ?? -1]?.push(atMs[row] ?? Number.NaN);
  const byKey = new Map(entities.map((each, index) => [keyOfEntity(each), byIndex[index] ?? []]));
  return { of: (each) => byKey.get(keyOfEntity(each)) ?? [] };
}

/** The first of ascending moments that is not before `atMs`; undefined without one. */
export function firstFrom(moments: readonly number[], atMs: number): number | undefined {
  return moments[firstAtOrAfter(moments, atMs)];
}

/** The first moment of which the start is ahead by no more than the horizon; undefined without one. */
export function firstAhead(moments: readonly number[], startMs: number, horizonMs: number): number | undefined {
  const first = firstFrom(moments, startMs - horizonMs);
  return first !== undefined && first < startMs ? first : undefined;
}
