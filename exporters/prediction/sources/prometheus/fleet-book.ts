import { type Entity, keyOfEntity } from '../../entity.ts';
import type { FactSamples } from '../../features/fleet-samples.ts';

/** Facts of an entity as they were told, each with when it was first told; ascending. */
interface FactHistory {
  readonly timesMs: number[];
  readonly values: string[];
}

/** Entities that were seen, in the order of their first sight, and what was told of them over time. */
export interface FleetBook {
  readonly entities: () => readonly Entity[];
  /** Makes the entity known if it is not, and its node what it is now. */
  readonly indexOf: (entity: Entity) => number;
  readonly indexOfKey: (key: string) => number | undefined;
  /** Only changes are kept. */
  readonly tell: (index: number, fact: string, value: string, atMs: number) => void;
  /** Each time counts by itself, and only for `validMs`. */
  readonly tellEachTime: (index: number, fact: string, value: string, atMs: number) => void;
  readonly factsOf: (index: number, validMs: (fact: string) => number) => ReadonlyMap<string, FactSamples>;
  /** Forgets what no moment after it needs. */
  readonly forgetBefore: (ms: number) => void;
}

export function createFleetBook(): FleetBook {
  const entities: Entity[] = [];
  const indices = new Map<string, number>();
  const facts: Map<string, FactHistory>[] = [];

  function historyOf(index: number, fact: string): FactHistory {
    const own = facts[index] ?? new Map<string, FactHistory>();
    facts[index] = own;
    const known = own.get(fact) ?? { timesMs: [], values: [] };
    own.set(fact, known);
    return known;
  }

  return {
    entities: () => entities,
    indexOfKey: (key) => indices.get(key),
    indexOf: (entity) => {
      const key = keyOfEntity(entity);
      const known = indices.get(key);
      if (known !== undefined) {
        entities[known] = entity;
        return known;
      }
      indices.set(key, entities.length);
      facts.push(new Map());
      return entities.push(entity) - 1;
    },
    tell: (index, fact, value, atMs) => {
      const { timesMs, values } = historyOf(index, fact);
      if (value === values.at(-1) || atMs < (timesMs.at(-1) ?? Number.NEGATIVE_INFINITY)) return;
      timesMs.push(atMs);
      values.push(value);
    },
    tellEachTime: (index, fact, value, atMs) => {
      const { timesMs, values } = historyOf(index, fact);
      if (atMs < (timesMs.at(-1) ?? Number.NEGATIVE_INFINITY)) return;
      timesMs.push(atMs);
      values.push(value);
    },
    factsOf: (index, validMs) =>
      new Map([...(facts[index] ?? [])].map(([fact, history]) => [fact, { ...history, validMs: validMs(fact) }])),
    forgetBefore: (ms) => {
      for (const own of facts) {
        for (const { timesMs, values } of own.values()) {
          const keep = Math.max(0, timesMs.filter((time) => time < ms).length - 1);
          timesMs.splice(0, keep);
          values.splice(0, keep);
        }
      }
    },
  };
}
