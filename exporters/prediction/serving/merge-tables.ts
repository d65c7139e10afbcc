import { type Entity, keyOfEntity } from '../entity.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { joinTables } from '../features/join-tables.ts';

/** Tables of several fleets at the same time as one, with its rows in order of moment and entity. Undefined without a table. */
export function mergeTables(tables: readonly FeatureTable[]): FeatureTable | undefined {
  const [first] = tables;
  if (first === undefined || tables.length === 1) return first;
  const joined = joinTables(first.schema, tables);
  const order = orderOf(joined.entities);
  const rows = Uint32Array.from(joined.atMs.keys()).sort(
    (a, b) =>
      (joined.atMs[a] ?? 0) - (joined.atMs[b] ?? 0) ||
      (order[joined.entity[a] ?? 0] ?? 0) - (order[joined.entity[b] ?? 0] ?? 0),
  );
  const columns = first.schema.names.length;
  const values = new Float32Array(joined.values.length);
  for (const [at, row] of rows.entries())
    values.set(joined.values.subarray(row * columns, (row + 1) * columns), at * columns);
  return {
    ...joined,
    entity: Uint32Array.from(rows, (row) => joined.entity[row] ?? 0),
    atMs: Float64Array.from(rows, (row) => joined.atMs[row] ?? Number.NaN),
    values,
  };
}

/** The place of each entity in the order of keys. */
function orderOf(entities: readonly Entity[]): Uint32Array {
  const keys = entities.map(keyOfEntity);
  const sorted = [...keys.keys()].sort((a, b) => ((keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1));
  const order = new Uint32Array(entities.length);
  for (const [place, entity] of sorted.entries()) order[entity] = place;
  return order;
}
