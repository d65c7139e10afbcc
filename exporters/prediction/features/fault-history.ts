import { firstAfter } from '../ascending.ts';
import { type Entity, keyOfEntity } from '../entity.ts';
import type { RiskEvent } from '../labels/incident.ts';
import type { FaultFeature } from './feature-spec.ts';
import type { FleetSamples } from './fleet-samples.ts';
import { windowMs } from './windows.ts';

const dayMs = windowMs['24h'];

export type FaultReader = (feature: FaultFeature, entity: Entity, atMs: number) => number;

/** NaN where nobody looks for faults, and for windows that begin before anybody did. */
export function createFaultReader({
  events,
  eventsFromMs = Number.NEGATIVE_INFINITY,
}: Pick<FleetSamples, 'events' | 'eventsFromMs'>): FaultReader {
  if (events === undefined) return () => Number.NaN;
  const times = timesByKey(events);
  return ({ whose, which, as, window, capDays = Number.POSITIVE_INFINITY, lagMs }, entity, atMs) => {
    const own = times.get(`${which} ${whose === 'own' ? keyOfEntity(entity) : keyOfNode(entity)}`) ?? [];
    const untilMs = atMs - lagMs;
    const until = firstAfter(own, untilMs);
    if (as === 'since') return Math.min(capDays, (atMs - (own[until - 1] ?? Number.NEGATIVE_INFINITY)) / dayMs);
    const afterMs = untilMs - windowMs[window ?? '30d'];
    return afterMs < eventsFromMs ? Number.NaN : until - firstAfter(own, afterMs);
  };
}

/** Times ascend. An event of a GPU is one of its node, too. */
function timesByKey(events: readonly RiskEvent[]): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>();
  for (const { entity, atMs, weight } of events) {
    if (!Number.isFinite(atMs)) continue;
    const which = weight >= 1 ? 'incidents' : 'raised';
    for (const key of new Set([keyOfEntity(entity), keyOfNode(entity)])) {
      const own = times.get(`${which} ${key}`);
      if (own === undefined) times.set(`${which} ${key}`, [atMs]);
      else own.push(atMs);
    }
  }
  for (const own of times.values()) own.sort((a, b) => a - b);
  return times;
}

function keyOfNode({ cluster, node }: Entity): string {
  return keyOfEntity({ kind: 'node', cluster, node, uuid: '' });
}
