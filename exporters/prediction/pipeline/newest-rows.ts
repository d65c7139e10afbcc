import { keyOfEntity } from '../entity.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { takeRows } from './thin-rows.ts';

/** Of each entity that is asked for, its newest row at or before the moment, if it is not older than `freshMs`. */
export function newestRows(
  table: FeatureTable,
  asked: ReadonlySet<string>,
  atMs: number,
  freshMs: number,
): FeatureTable {
  const isAsked = table.entities.map((each) => asked.has(keyOfEntity(each)));
  const seen = new Uint8Array(table.entities.length);
  const rows: number[] = [];
  for (let row = table.atMs.length - 1; row >= 0; row--) {
    const t = table.atMs[row] ?? 0;
    if (t > atMs) continue;
    if (t < atMs - freshMs) break;
    const who = table.entity[row] ?? 0;
    if (seen[who] === 1 || isAsked[who] !== true) continue;
    seen[who] = 1;
    rows.push(row);
  }
  return takeRows(table, Uint32Array.from(rows).sort());
}
