import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { LabelledMatrix } from '../../../exporters/prediction/learning/matrix.ts';

/** The first 70 % of the rows in the order of the file, and the rest. */
export interface HbmRows {
  readonly train: LabelledMatrix;
  readonly test: LabelledMatrix;
}

/** Rows of HBM with errors: 22 columns, and whether the row has an uncorrected error within the next hour. */
export function readHbmRows(data: string): HbmRows {
  const file = join(data, 'hbm', 'data_for_row-level_prediction.csv.gz');
  const [, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  const cells = lines.map((line) => line.split(',').map(Number));
  const cut = Math.floor(cells.length * 0.7);
  return { train: matrixOf(cells.slice(0, cut)), test: matrixOf(cells.slice(cut)) };
}

/** The label is the last cell. */
function matrixOf(cells: readonly (readonly number[])[]): LabelledMatrix {
  const columns = (cells[0]?.length ?? 1) - 1;
  return {
    rows: cells.length,
    columns,
    values: Float32Array.from(cells.flatMap((row) => row.slice(0, columns))),
    labels: Uint8Array.from(cells, (row) => row[columns] ?? 0),
  };
}
