import { byEntity } from '../by-entity.ts';
import { type Entity, keyOfEntity } from '../entity.ts';
import type { EntityFacts } from '../risk/facts.ts';
import type { LabelSigns } from '../sources/prometheus/label-signs.ts';
import type { Flags } from '../sources/prometheus/read-flags.ts';

export interface FactsInput {
  readonly atMs: number;
  readonly entities: readonly Entity[];
  readonly flags: ReadonlyMap<string, Flags>;
  readonly signs: LabelSigns;
}

/** XIDs that are older say nothing of now. */
const xidsOfMs = 7 * 86_400_000;

/** What the rules judge: readings of now, and what was seen of late. */
export function factsNow({ atMs, entities, flags, signs }: FactsInput): ReadonlyMap<string, EntityFacts> {
  const xids = byEntity(signs.xids.filter((each) => each.atMs >= atMs - xidsOfMs));
  const absences = byEntity(signs.absences);
  const states = byEntity(signs.states);
  return new Map(
    entities.map((entity) => {
      const key = keyOfEntity(entity);
      const own = absences.get(key) ?? [];
      const open = own.find(({ untilMs }) => untilMs === undefined);
      const back = own.flatMap(({ untilMs }) => untilMs ?? []);
      const inService = (states.get(key) ?? []).filter(({ state }) => state === 'in_service').map((each) => each.atMs);
      const since = Math.max(...back, ...inService);
      return [
        key,
        {
          ...flags.get(key),
          entity,
          atMs,
          xids: xids.get(key) ?? [],
          vanishedSinceMs: open?.how === 'vanished' ? open.fromMs : undefined,
          inServiceSinceMs: Number.isFinite(since) ? since : undefined,
        },
      ];
    }),
  );
}
