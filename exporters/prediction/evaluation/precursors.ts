import { byEntity } from '../by-entity.ts';
import { keyOfEntity } from '../entity.ts';
import type { Incident, RiskEvent } from '../labels/incident.ts';

/** A sign that comes later than this before the start leaves no time to act on. */
export const precursorLeadMs = 3_600_000;
/** And one that came earlier has nothing to do with it. */
export const precursorWindowMs = 30 * 86_400_000;

export interface Precursors {
  readonly incidents: number;
  /** With an XID of raised risk from 30 days to an hour before the start. */
  readonly withSign: number;
  /** With no such sign, but with an earlier incident that started in that time. */
  readonly withEarlierFailure: number;
  /** With neither. Telemetry may have shown something all the same: trends are not looked at. */
  readonly without: number;
  /** without / incidents; undefined without an incident. */
  readonly shareWithout: number | undefined;
}

/**
 * A precursor of an incident: something that happened to the same entity from 30 days to one hour before its start, namely a sign of raised risk such as
 * XID 48, 63 or 94, or an earlier incident. Trends of temperatures and counts are none: whether they tell anything is for a model to prove.
 */
export function precursorsOf(incidents: readonly Incident[], raised: readonly RiskEvent[]): Precursors {
  const signs = byEntity(raised);
  const failures = byEntity(incidents);
  let [withSign, withEarlierFailure] = [0, 0];
  for (const { entity, startMs } of incidents) {
    const key = keyOfEntity(entity);
    if (signs.get(key)?.some(({ atMs }) => isBefore(atMs, startMs))) withSign += 1;
    else if (failures.get(key)?.some((other) => isBefore(other.startMs, startMs))) withEarlierFailure += 1;
  }
  const without = incidents.length - withSign - withEarlierFailure;
  const shareWithout = incidents.length === 0 ? undefined : without / incidents.length;
  return { incidents: incidents.length, withSign, withEarlierFailure, without, shareWithout };
}

function isBefore(atMs: number, startMs: number): boolean {
  return atMs >= startMs - precursorWindowMs && atMs <= startMs - precursorLeadMs;
}
