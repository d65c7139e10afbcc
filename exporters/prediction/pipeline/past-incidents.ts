import { byEntity } from '../by-entity.ts';
import { keyOfEntity } from '../entity.ts';
import { precursorLeadMs, precursorWindowMs } from '../evaluation/precursors.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { type Horizon, horizonMs } from '../horizon.ts';
import type { Incident, RiskEvent } from '../labels/incident.ts';
import { topColumns } from '../learning/explain/top-columns.ts';
import { learnerOf } from '../learning/learner-of.ts';
import type { Model } from '../learning/model/model.ts';
import type { PastIncident } from './model-set.ts';
import { takeRows } from './thin-rows.ts';

/** The newest say most of what comes, and a set stays small. */
const mostIncidents = 500;
/** Features of an incident that are kept. */
export const mostSigns = 5;

export interface PastInput {
  readonly table: FeatureTable;
  /** Of entities of the table. */
  readonly incidents: readonly Incident[];
  readonly events: readonly RiskEvent[];
  /** Of the kind; the one that tells what raised the risk before. */
  readonly models: Readonly<Partial<Record<Horizon, Model>>>;
}

/** The newest incidents with what was known an hour and more before them: what had happened, and, where there is a learned model, what it would have told. */
export function pastIncidents({ table, incidents, events, models }: PastInput): readonly PastIncident[] {
  const newest = incidents.toSorted((a, b) => a.startMs - b.startMs).slice(-mostIncidents);
  const own = byEntity(events);
  const features = featureSigns(table, newest, models);
  return newest.map((incident, at) => ({
    incident,
    signs: {
      ...features[at],
      ...eventSigns(own.get(keyOfEntity(incident.entity)) ?? [], incident.startMs - precursorLeadMs),
    },
  }));
}

/** Kinds of what happened in the 30 days up to a moment. */
export function eventSigns(events: readonly RiskEvent[], untilMs: number): Readonly<Record<string, number>> {
  const recent = events.filter(({ atMs }) => atMs <= untilMs && atMs > untilMs - precursorWindowMs);
  return Object.fromEntries(recent.map(({ kind }) => [kind, 1]));
}

/** Shares of those that raise the risk, which add up to 1. */
export function sharesOf(
  raising: readonly { readonly feature: string; readonly contribution: number }[],
): Readonly<Record<string, number>> {
  const kept = raising.filter(({ contribution }) => contribution > 0).slice(0, mostSigns);
  const sum = kept.reduce((total, { contribution }) => total + contribution, 0);
  return Object.fromEntries(kept.map(({ feature, contribution }) => [feature, contribution / sum]));
}

function featureSigns(
  table: FeatureTable,
  incidents: readonly Incident[],
  models: PastInput['models'],
): readonly Readonly<Record<string, number>>[] {
  const model = models['7d'] ?? models['24h'] ?? models['30d'];
  if (model === undefined) return incidents.map(() => ({}));
  const rows = incidents.map((incident) => rowBefore(table, incident, horizonMs[model.card.horizon]));
  const asked = takeRows(table, Uint32Array.from(rows.filter((row) => row >= 0)));
  const columns = table.schema.names.length;
  const { contributions } = learnerOf(model.body, columns).explain({
    rows: asked.atMs.length,
    columns,
    values: asked.values,
  });
  let next = 0;
  return rows.map((row) => {
    if (row < 0) return {};
    const at = next++;
    return sharesOf(
      topColumns(contributions, at, columns, columns).map((column) => ({
        feature: table.schema.names[column] ?? '',
        contribution: contributions[at * columns + column] ?? 0,
      })),
    );
  });
}

/** The last row of the entity an hour and more before the start; -1 where there is none within the time. */
function rowBefore(
  { entities, entity, atMs }: FeatureTable,
  { entity: whose, startMs }: Incident,
  withinMs: number,
): number {
  const key = keyOfEntity(whose);
  const who = entities.findIndex((each) => keyOfEntity(each) === key);
  for (let row = atMs.length - 1; row >= 0; row--) {
    const t = atMs[row] ?? 0;
    if (t < startMs - withinMs) return -1;
    if (entity[row] === who && t <= startMs - precursorLeadMs) return row;
  }
  return -1;
}
