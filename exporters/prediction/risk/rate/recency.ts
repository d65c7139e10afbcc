import { byEntity } from '../../by-entity.ts';
import { keyOfEntity } from '../../entity.ts';
import type { RiskEvent } from '../../labels/incident.ts';
import type { Moments } from '../../labels/moments.ts';
import { dayMs, decayDays } from './kernel.ts';

/**
 * Of each row and decay: the sum of the weights of the entity's events at or before its moment, each faded by exp(-days since / decay). Rows × decays,
 * row by row. Rows must ascend by moment.
 */
export function recencySums({ entities, entity, atMs }: Moments, events: readonly RiskEvent[]): Float64Array {
  const own = byEntity(events);
  const memories = entities.map((each) => createMemory(own.get(keyOfEntity(each)) ?? []));
  const sums = new Float64Array(atMs.length * decayDays.length);
  for (let row = 0; row < atMs.length; row++)
    memories[entity[row] ?? -1]?.(atMs[row] ?? Number.NaN, sums, row * decayDays.length);
  return sums;
}

/** Of one entity at one moment. */
export function recencyAt(events: readonly RiskEvent[], atMs: number): Float64Array {
  const sums = new Float64Array(decayDays.length);
  createMemory(events)(atMs, sums, 0);
  return sums;
}

/** Writes the sums at a moment; to be asked in ascending order. */
function createMemory(events: readonly RiskEvent[]): (atMs: number, into: Float64Array, offset: number) => void {
  const sorted = events.toSorted((a, b) => a.atMs - b.atMs || a.weight - b.weight);
  const state = new Float64Array(decayDays.length);
  let stateMs = 0;
  let next = 0;
  const fadeTo = (toMs: number): void => {
    for (const [k, decay] of decayDays.entries())
      state[k] = (state[k] ?? 0) * Math.exp((stateMs - toMs) / dayMs / decay);
    stateMs = toMs;
  };
  return (atMs, into, offset) => {
    for (let event = sorted[next]; event !== undefined && event.atMs <= atMs; event = sorted[next]) {
      fadeTo(event.atMs);
      for (const k of decayDays.keys()) state[k] = (state[k] ?? 0) + event.weight;
      next += 1;
    }
    if (next === 0) return;
    fadeTo(atMs);
    into.set(state, offset);
  };
}
