import { labelOf } from '../../labels/incident.ts';
import { type LabelledMatrix, type Learned, probabilityOf } from '../../learning/matrix.ts';
import type { Past, Scorer } from './scorer.ts';

export interface LearnedScorerOptions {
  readonly name: string;
  readonly train: (matrix: LabelledMatrix) => Learned;
}

/** A learner as a scorer. It needs rows of both classes. */
export function learnedScorer({ name, train }: LearnedScorerOptions): Scorer {
  return {
    name,
    fit: (past) => {
      const matrix = matrixOf(past);
      const failed = matrix.labels.filter((label) => label === labelOf.failed).length;
      if (failed === 0 || failed === matrix.rows) return undefined;
      const model = train(matrix);
      const { values, schema } = past.table;
      return (rows) =>
        Float64Array.from(rows, (row) => probabilityOf(model.logOdds(values, row * schema.names.length)));
    },
  };
}

/** The rows with a label, one behind the other. */
export function matrixOf({ table, labels, rows }: Past): LabelledMatrix {
  const columns = table.schema.names.length;
  const values = new Float32Array(rows.length * columns);
  for (const [index, row] of rows.entries())
    values.set(table.values.subarray(row * columns, (row + 1) * columns), index * columns);
  return { rows: rows.length, columns, values, labels: Uint8Array.from(rows, (row) => labels[row] ?? 0) };
}
