import { horizonMs } from '../../horizon.ts';
import type { Incident } from '../../labels/incident.ts';
import { quantileOf } from '../quantile.ts';
import { firstAhead, momentsByEntity } from '../rows-by-entity.ts';
import { judgedRows, type Scored } from '../scored.ts';

export interface IncidentRecall {
  /** Incidents that start after the first judged row and not after the last horizon. */
  readonly incidents: number;
  /** Those of them that had a judged row within the horizon before, so that an alert was possible at all. */
  readonly reachable: number;
  /** Those with an alert within the horizon before. */
  readonly caught: number;
  /** caught / incidents; undefined without an incident. */
  readonly recall: number | undefined;
  /** From the first alert within the horizon to the start, of those caught; at most the horizon. */
  readonly leadP50Ms: number | undefined;
  /** Nine of ten have more. */
  readonly leadP10Ms: number | undefined;
}

export function incidentRecall(scored: Scored, alerts: Uint32Array): IncidentRecall {
  const rows = judgedRows(scored);
  const ahead = horizonMs[scored.horizon];
  const incidents = incidentsOfRows(scored, rows);
  const alerted = momentsByEntity(scored.moments, alerts);
  const leads = incidents.flatMap(({ entity, startMs }) => {
    const first = firstAhead(alerted.of(entity), startMs, ahead);
    return first === undefined ? [] : [startMs - first];
  });
  return {
    incidents: incidents.length,
    reachable: labelledIncidents(scored, rows).length,
    caught: leads.length,
    recall: incidents.length === 0 ? undefined : leads.length / incidents.length,
    leadP50Ms: quantileOf(leads, 0.5),
    leadP10Ms: quantileOf(leads, 0.1),
  };
}

/** Incidents of entities of the table that start after the first of the rows and not after the horizon of the last. */
export function incidentsOfRows({ moments, incidents, horizon }: Scored, rows: Uint32Array): readonly Incident[] {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const fromMs = moments.atMs[first] ?? 0;
  const untilMs = (moments.atMs[last] ?? 0) + horizonMs[horizon];
  return incidents.filter(({ startMs }) => startMs > fromMs && startMs <= untilMs);
}

/** Incidents that at least one of the rows has within its horizon. */
export function labelledIncidents(
  { moments, incidents, horizon }: Pick<Scored, 'moments' | 'incidents' | 'horizon'>,
  rows: Uint32Array,
): readonly Incident[] {
  const judged = momentsByEntity(moments, rows);
  return incidents.filter(
    ({ entity, startMs }) => firstAhead(judged.of(entity), startMs, horizonMs[horizon]) !== undefined,
  );
}
