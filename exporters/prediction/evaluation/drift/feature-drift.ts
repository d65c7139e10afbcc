import type { FeatureTable } from '../../features/feature-table.ts';
import { psi, psiLimit, type Shape, shapeOf } from './psi.ts';

export interface FeatureDrift {
  readonly feature: string;
  /** Undefined where there are too few values to tell. */
  readonly psi: number | undefined;
  readonly hasDrifted: boolean;
}

/** Of every column, over the rows. */
export function shapesOf(table: FeatureTable, rows: Uint32Array): readonly Shape[] {
  return table.schema.names.map((_, column) => shapeOf(columnOf(table, rows, column)));
}

/** Throws RangeError where the shapes are of another table. */
export function featureDrift(
  shapes: readonly Shape[],
  table: FeatureTable,
  rows: Uint32Array,
): readonly FeatureDrift[] {
  const { names } = table.schema;
  if (shapes.length !== names.length) throw new RangeError(`${shapes.length} shapes for ${names.length} columns`);
  return shapes.map((shape, column) => {
    const drift = psi(shape, columnOf(table, rows, column));
    return { feature: names[column] ?? '', psi: drift, hasDrifted: drift !== undefined && drift > psiLimit };
  });
}

export function columnOf({ schema, values }: FeatureTable, rows: Uint32Array, column: number): Float32Array {
  const width = schema.names.length;
  return Float32Array.from(rows, (row) => values[row * width + column] ?? Number.NaN);
}
