import { SourceError } from '../../../kit/errors.ts';
import type { LabelledMatrix, Matrix } from './matrix.ts';

/** Rows and columns as they say they are. Throws SourceError. */
function checkMatrix({ rows, columns, values }: Matrix, name: string): void {
  if (rows === 0) throw new SourceError(`there are no ${name}; wait until there is some history`);
  if (columns === 0) throw new SourceError(`the ${name} have no columns; name at least one feature`);
  if (values.length === rows * columns) return;
  throw new SourceError(
    `the ${name} have ${values.length} values; ${rows} rows of ${columns} columns need ${rows * columns}`,
  );
}

/** Throws SourceError if nothing can be learned from the rows. */
function checkLabelled(matrix: LabelledMatrix, name: string): void {
  checkMatrix(matrix, name);
  const { rows, labels } = matrix;
  if (labels.length !== rows) throw new SourceError(`the ${name} have ${labels.length} labels for ${rows} rows`);
  const wrong = labels.findIndex((label) => label > 1);
  if (wrong !== -1)
    throw new SourceError(
      `row ${wrong} of the ${name} has the label ${labels[wrong]}; leave out rows that are not 0 or 1`,
    );
}

/** How many rows failed. Throws SourceError unless some did and some did not. */
export function failuresAmong({ rows, labels }: LabelledMatrix): number {
  let failures = 0;
  for (let row = 0; row < rows; row++) failures += labels[row] ?? 0;
  if (failures === 0)
    throw new SourceError(`none of the ${rows} training rows failed, so there is nothing to learn from`);
  if (failures === rows)
    throw new SourceError(`all of the ${rows} training rows failed, so there is nothing to tell apart`);
  return failures;
}

/** Throws SourceError unless a model can be learned from the rows and tried on the others. */
export function checkTraining(matrix: LabelledMatrix, validation: LabelledMatrix | undefined): void {
  checkLabelled(matrix, 'training rows');
  failuresAmong(matrix);
  if (validation === undefined) return;
  checkLabelled(validation, 'validation rows');
  if (validation.columns === matrix.columns) return;
  throw new SourceError(`the validation rows have ${validation.columns} columns, the training rows ${matrix.columns}`);
}
