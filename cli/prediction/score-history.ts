import { byEntity } from '../../exporters/prediction/by-entity.ts';
import { type Entity, keyOfEntity } from '../../exporters/prediction/entity.ts';
import { outNow } from '../../exporters/prediction/labels/out-now.ts';
import type { ModelSet } from '../../exporters/prediction/pipeline/model-set.ts';
import { type FleetScores, freshMs, scoreFleet } from '../../exporters/prediction/pipeline/score-fleet.ts';
import type { EntityFacts } from '../../exporters/prediction/risk/facts.ts';
import type { FleetHistory } from './history/fleet-history.ts';

/** The fleet as of the newest row of its history: entities with a row in the day before. */
export function scoreHistory(models: ModelSet, { tables, failures, products }: FleetHistory): FleetScores {
  const atMs = Math.max(0, ...Object.values(tables).map((table) => table.atMs.at(-1) ?? 0));
  const entities = Object.values(tables).flatMap(({ entities: all, entity, atMs: times }) => {
    const fresh = new Set<number>();
    for (let row = times.length - 1; row >= 0 && (times[row] ?? 0) >= atMs - freshMs; row--)
      fresh.add(entity[row] ?? -1);
    return all.filter((_, at) => fresh.has(at));
  });
  const facts = factsOf(entities, failures, atMs);
  const out = outNow(failures, atMs);
  return scoreFleet(models, { atMs, entities, tables, events: failures.events, out, facts, products });
}

/** What history tells of now: XIDs of late, as far as they are failures or signs of one. */
function factsOf(
  entities: readonly Entity[],
  { events }: FleetHistory['failures'],
  atMs: number,
): ReadonlyMap<string, EntityFacts> {
  const xids = byEntity(
    events.flatMap(({ entity, kind, atMs: when }) => {
      const code = /^xid_(\d+)$/.exec(kind)?.[1];
      return code === undefined || when > atMs ? [] : [{ entity, code: Number(code), atMs: when }];
    }),
  );
  return new Map(
    entities.map((entity) => [keyOfEntity(entity), { entity, atMs, xids: xids.get(keyOfEntity(entity)) ?? [] }]),
  );
}
