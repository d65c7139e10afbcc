import { keyOfEntity } from '../entity.ts';
import { byHorizon, type Horizon } from '../horizon.ts';
import type { Incident } from '../labels/incident.ts';
import { labelsOf } from '../labels/labels-of.ts';
import type { Moments } from '../labels/moments.ts';
import type { FailureHistory } from './failure-history.ts';

export type Labels = Readonly<Record<Horizon, Uint8Array>>;

export function labelTable(table: Moments, { incidents, outOfService, nowMs }: FailureHistory): Labels {
  return byHorizon((horizon) => labelsOf(table, incidents, horizon, nowMs, outOfService));
}

/** Those of entities that the table has. */
export function incidentsIn({ entities }: Moments, incidents: readonly Incident[]): readonly Incident[] {
  const known = new Set(entities.map(keyOfEntity));
  return incidents.filter(({ entity }) => known.has(keyOfEntity(entity)));
}
