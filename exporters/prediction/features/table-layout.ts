import { largest } from './clean-samples.ts';
import type { FeatureSpec } from './feature-spec.ts';
import type { FeatureTable } from './feature-table.ts';
import type { EntitySamples } from './fleet-samples.ts';
import { presenceOf } from './presence.ts';
import { schemaOf } from './schema.ts';

/** The rows of a table, laid out before anything is written into them. */
export interface Layout {
  readonly entities: readonly EntitySamples[];
  /** Ascending, each once. */
  readonly moments: Float64Array;
  /** Moments × entities: which row, or -1. The rows of a moment follow each other. */
  readonly rowOf: Int32Array;
  readonly rows: number;
  readonly columns: number;
  /** Rows × columns, NaN until written. */
  readonly values: Float32Array;
}

export function layoutOf(spec: FeatureSpec, entities: readonly EntitySamples[], moments: ArrayLike<number>): Layout {
  const ascending = Float64Array.from(new Set(Array.from(moments))).sort();
  const rowOf = new Int32Array(ascending.length * entities.length).fill(-1);
  for (const [index, entity] of entities.entries()) {
    for (const [at, isThere] of presenceOf(entity, spec.signals, ascending).entries())
      rowOf[at * entities.length + index] = isThere - 1;
  }
  let rows = 0;
  for (let at = 0; at < rowOf.length; at += 1) if (rowOf[at] === 0) rowOf[at] = rows++;
  const columns = spec.features.length;
  return {
    entities,
    moments: ascending,
    rowOf,
    rows,
    columns,
    values: new Float32Array(rows * columns).fill(Number.NaN),
  };
}

/** Whatever is too large to be a reading is none. */
export function writeCell({ values, columns }: Layout, row: number, column: number, value: number): void {
  values[row * columns + column] = Math.abs(value) <= largest ? value : Number.NaN;
}

/** Calls back for each row of an entity. */
export function forEachRow(
  { rowOf, moments, entities }: Layout,
  index: number,
  visit: (row: number, atMs: number) => void,
): void {
  for (let at = 0; at < moments.length; at += 1) {
    const row = rowOf[at * entities.length + index] as number;
    if (row >= 0) visit(row, moments[at] as number);
  }
}

/** A row of a moment, by the number of its entity. */
export interface MomentRow {
  readonly row: number;
  readonly index: number;
}

export function rowsOfMoment({ rowOf, entities }: Layout, at: number): readonly MomentRow[] {
  const rows: MomentRow[] = [];
  for (let index = 0; index < entities.length; index += 1) {
    const row = rowOf[at * entities.length + index] as number;
    if (row >= 0) rows.push({ row, index });
  }
  return rows;
}

export function tableOf(spec: FeatureSpec, layout: Layout): FeatureTable {
  const { entities, rows, values, moments } = layout;
  const entity = new Uint32Array(rows);
  const atMs = new Float64Array(rows);
  for (const [at, moment] of moments.entries()) {
    for (const { row, index } of rowsOfMoment(layout, at)) {
      entity[row] = index;
      atMs[row] = moment;
    }
  }
  return { schema: schemaOf(spec), entities: entities.map((each) => each.entity), entity, atMs, values };
}
