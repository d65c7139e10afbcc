/**
 * Mean and deviation of a set that numbers join and leave, in seven cells of an array, so that a hundred thousand of them need no objects.
 *
 * Sums are of the distance to a shift near the mean, so an offset of 1e12 takes no digits away. What cancels all the same (a spike that
 * leaves, a level that moved) is noticed, and the owner of the numbers counts them again: see `needsRecount`.
 */
export const momentCells = 7;

const shift = 1;
const sum = 2;
const squares = 3;
const peak = 4;
const updates = 5;
const hasShift = 6;

/** Below this share of the largest sum of squares since the last count, fewer than ten good digits are left. */
const cancelled = 1e-6;

export function addMoment(cells: Float64Array, at: number, value: number): void {
  if (cells[at + hasShift] === 0) restartMoments(cells, at, value);
  const distance = value - (cells[at + shift] as number);
  const total = (cells[at + squares] as number) + distance * distance;
  cells[at] = (cells[at] as number) + 1;
  cells[at + sum] = (cells[at + sum] as number) + distance;
  cells[at + squares] = total;
  if (total > (cells[at + peak] as number)) cells[at + peak] = total;
  cells[at + updates] = (cells[at + updates] as number) + 1;
}

export function takeMoment(cells: Float64Array, at: number, value: number): void {
  const count = (cells[at] as number) - 1;
  if (count <= 0) {
    cells.fill(0, at, at + momentCells);
    return;
  }
  const distance = value - (cells[at + shift] as number);
  cells[at] = count;
  cells[at + sum] = (cells[at + sum] as number) - distance;
  cells[at + squares] = (cells[at + squares] as number) - distance * distance;
  cells[at + updates] = (cells[at + updates] as number) + 1;
}

/** Whether rounding may have spoilt the sums: then the owner calls `restartMoments` with the mean of its numbers and adds them all again. */
export function needsRecount(cells: Float64Array, at: number, every: number): boolean {
  return (
    squaredDistances(cells, at) < cancelled * (cells[at + peak] as number) || (cells[at + updates] as number) >= every
  );
}

/** An empty set that keeps the shift whatever comes first. */
export function restartMoments(cells: Float64Array, at: number, newShift: number): void {
  cells.fill(0, at, at + momentCells);
  cells[at + shift] = newShift;
  cells[at + hasShift] = 1;
}

/** After a recount of a set of any size. */
export function endRecount(cells: Float64Array, at: number): void {
  cells[at + updates] = 0;
}

/** NaN without a number. */
export function meanOf(cells: Float64Array, at: number): number {
  return (cells[at + shift] as number) + (cells[at + sum] as number) / (cells[at] as number);
}

/** Deviation of the population, as `stddev_over_time` has it; 0 for equal numbers; NaN without a number. */
export function deviationOf(cells: Float64Array, at: number): number {
  return Math.sqrt(Math.max(0, squaredDistances(cells, at)) / (cells[at] as number));
}

function squaredDistances(cells: Float64Array, at: number): number {
  const total = cells[at + sum] as number;
  return (cells[at + squares] as number) - (total * total) / Math.max(1, cells[at] as number);
}
