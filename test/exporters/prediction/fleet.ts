import { type Entity, keyOfEntity } from '../../../exporters/prediction/entity.ts';
import type { FeatureTable } from '../../../exporters/prediction/features/feature-table.ts';
import type { Incident } from '../../../exporters/prediction/labels/incident.ts';
import type { Moments } from '../../../exporters/prediction/labels/moments.ts';

export const hourMs = 3_600_000;
export const dayMs = 86_400_000;
/** Midnight UTC. */
export const startMs = Date.UTC(2026, 0, 1);

export function gpu(name: string, node = 'gpu-01'): Entity {
  return { kind: 'gpu', cluster: 'prod', node, uuid: `GPU-${name}` };
}

export function node(name: string): Entity {
  return { kind: 'node', cluster: 'prod', node: name, uuid: '' };
}

export function incident(entity: Entity, startsAtMs: number, more: Partial<Incident> = {}): Incident {
  return { entity, startMs: startsAtMs, endMs: startsAtMs, kind: 'xid_79', sources: ['xid'], ...more };
}

/** A row of each entity at each moment. */
export function momentsOf(entities: readonly Entity[], atMs: readonly number[]): Moments {
  const sorted = entities.toSorted((a, b) => (keyOfEntity(a) < keyOfEntity(b) ? -1 : 1));
  return {
    entities: sorted,
    entity: Uint32Array.from(atMs.flatMap(() => [...sorted.keys()])),
    atMs: Float64Array.from(atMs.flatMap((t) => sorted.map(() => t))),
  };
}

export function tableOf(moments: Moments, columns: Readonly<Record<string, (row: number) => number>>): FeatureTable {
  const names = Object.keys(columns);
  const values = Float32Array.from(
    [...moments.atMs.keys()].flatMap((row) => names.map((name) => columns[name]?.(row) ?? Number.NaN)),
  );
  return { ...moments, schema: { version: 1, names }, values };
}

/** From 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
