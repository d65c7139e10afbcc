import type { LabelledMatrix } from '../../exporters/prediction/learning/matrix.ts';
import { createRandom } from '../../exporters/prediction/learning/random.ts';

export interface RiskRowsOptions {
  readonly rows: number;
  readonly columns: number;
  readonly seed?: number;
  /** Share of cells without a reading. */
  readonly missing?: number;
  /** Log-odds of a row, from its readings; a missing one is 0. */
  readonly logOdds?: (row: readonly number[]) => number;
}

/** Rows whose labels are drawn from log-odds that are known. Columns are uniform from -1 to 1, every third a small count. */
export function riskRows({ rows, columns, seed = 1, missing = 0, logOdds = slope }: RiskRowsOptions): LabelledMatrix {
  const random = createRandom(seed);
  const values = new Float32Array(rows * columns);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const readings = Array.from({ length: columns }, (_, column) =>
      random.next() < missing ? Number.NaN : column % 3 === 2 ? random.below(4) : random.next() * 2 - 1,
    );
    values.set(readings, row * columns);
    const known = readings.map((reading) => (Number.isNaN(reading) ? 0 : reading));
    labels[row] = random.next() < 1 / (1 + Math.exp(-logOdds(known))) ? 1 : 0;
  }
  return { rows, columns, values, labels };
}

function slope([first = 0, second = 0]: readonly number[]): number {
  return -1 + 2 * first - second;
}

/** Rows as they are written. */
export function matrixOf(readings: readonly (readonly number[])[], labels: readonly number[]): LabelledMatrix {
  return {
    rows: readings.length,
    columns: readings[0]?.length ?? 0,
    values: Float32Array.from(readings.flat()),
    labels: Uint8Array.from(labels),
  };
}
