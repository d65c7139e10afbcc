import { type Entity, keyOfEntity } from '../entity.ts';
import type { FeatureSchema, FeatureTable } from './feature-table.ts';

/** One table of several that follow each other in time; all have the schema. Of an entity that has moved the last node counts. */
export function joinTables(schema: FeatureSchema, tables: readonly FeatureTable[]): FeatureTable {
  const indices = new Map<string, number>();
  const entities: Entity[] = [];
  const rows = tables.reduce((sum, { atMs }) => sum + atMs.length, 0);
  const columns = schema.names.length;
  const joined = {
    schema,
    entities,
    entity: new Uint32Array(rows),
    atMs: new Float64Array(rows),
    values: new Float32Array(rows * columns),
  };
  let at = 0;
  for (const table of tables) {
    const numbers = table.entities.map((entity) => {
      const key = keyOfEntity(entity);
      const known = indices.get(key) ?? entities.length;
      indices.set(key, known);
      entities[known] = entity;
      return known;
    });
    joined.entity.set(
      table.entity.map((index) => numbers[index] ?? 0),
      at,
    );
    joined.atMs.set(table.atMs, at);
    joined.values.set(table.values, at * columns);
    at += table.atMs.length;
  }
  return joined;
}

/** The rows of moments in (fromMs, untilMs]. */
export function rowsBetween(table: FeatureTable, fromMs: number, untilMs: number): FeatureTable {
  const columns = table.schema.names.length;
  const first = table.atMs.findIndex((ms) => ms > fromMs);
  const last = table.atMs.findLastIndex((ms) => ms <= untilMs);
  const [from, until] = first < 0 || last < first ? [0, 0] : [first, last + 1];
  if (from === 0 && until === table.atMs.length) return table;
  return {
    ...table,
    entity: table.entity.slice(from, until),
    atMs: table.atMs.slice(from, until),
    values: table.values.slice(from * columns, until * columns),
  };
}
