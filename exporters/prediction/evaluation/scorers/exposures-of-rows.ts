import { byEntity } from '../../by-entity.ts';
import { type Entity, keyOfEntity } from '../../entity.ts';
import type { Incident } from '../../labels/incident.ts';
import type { Exposure } from '../../risk/rate/exposure.ts';
import { dayNumber } from '../days.ts';
import type { Past } from './scorer.ts';

/** By kind and product: days in service, as rows tell them, and incidents after the first row and not after the last. */
export function exposuresOfRows(
  { table, rows }: Pick<Past, 'table' | 'rows'>,
  incidents: readonly Incident[],
  productOf: (entity: Entity) => string = () => '',
): readonly Exposure[] {
  const days = daysWithRow(table, rows);
  const fromMs = table.atMs[rows[0] ?? -1] ?? 0;
  const untilMs = table.atMs[rows.at(-1) ?? -1] ?? 0;
  const failures = byEntity(incidents.filter(({ startMs }) => startMs > fromMs && startMs <= untilMs));
  const groups = new Map<string, Exposure>();
  for (const [who, entity] of table.entities.entries()) {
    const product = productOf(entity);
    const key = `${entity.kind}/${product}`;
    const before = groups.get(key) ?? { kind: entity.kind, product, entityDays: 0, failures: 0 };
    groups.set(key, {
      ...before,
      entityDays: before.entityDays + (days[who] ?? 0),
      failures: before.failures + (failures.get(keyOfEntity(entity))?.length ?? 0),
    });
  }
  return [...groups.values()];
}

/** Of each entity, a row for as many days as the rows of most days lie apart; rows must ascend by moment. */
function daysWithRow({ entities, entity, atMs }: Past['table'], rows: Uint32Array): Float64Array {
  const apart = daysApart(atMs, rows);
  const days = new Float64Array(entities.length);
  const last = new Float64Array(entities.length).fill(Number.NaN);
  for (const row of rows) {
    const who = entity[row] ?? 0;
    const day = dayNumber(atMs[row] ?? 0);
    if (day !== last[who]) days[who] = (days[who] ?? 0) + apart;
    last[who] = day;
  }
  return days;
}

/** Median of the days from one with rows to the next; 1 where there is no next one. */
function daysApart(atMs: Float64Array, rows: Uint32Array): number {
  const gaps: number[] = [];
  let last = Number.NaN;
  for (const row of rows) {
    const day = dayNumber(atMs[row] ?? 0);
    if (day > last) gaps.push(day - last);
    last = day;
  }
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? 1;
}
