import type { Cut } from './partition.ts';
import { foundLanes, type Workspace } from './workspace.ts';

export interface Split extends Cut {
  readonly gain: number;
  /** Sums and rows of what goes left. */
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

/** The best of what the active columns found for the first or second node of the task; of equal gains the first column. Undefined if there is none. */
export function chooseSplit(
  { found, active, columns }: Workspace,
  activeColumns: number,
  nth: 0 | 1,
): Split | undefined {
  let gain = 0;
  let best = -1;
  for (let at = 0; at < activeColumns; at++) {
    const column = active[at] ?? 0;
    const gainOfColumn = found[(nth * columns + column) * foundLanes] ?? 0;
    if (gainOfColumn <= gain) continue;
    gain = gainOfColumn;
    best = column;
  }
  if (best === -1) return undefined;
  const from = (nth * columns + best) * foundLanes;
  const [, bin = 0, missingLeft = 0, gradient = 0, hessian = 0, rows = 0] = found.subarray(from, from + foundLanes);
  return { gain, column: best, bin, missingLeft: missingLeft === 1, gradient, hessian, rows };
}
