/** Solves the symmetric positive definite system in place by Cholesky: leaves the solution in `right`. `matrix` is row by row; its lower half is used. */
export function solve(matrix: Float64Array, right: Float64Array): void {
  const size = right.length;
  factorise(matrix, size);
  for (let row = 0; row < size; row++) solveRow(matrix, right, row, 0, row, (k) => row * size + k);
  for (let row = size - 1; row >= 0; row--) solveRow(matrix, right, row, row + 1, size, (k) => k * size + row);
}

/** Takes from a row what the unknowns from `start` to `end`, which are known by now, make of it. */
function solveRow(
  matrix: Float64Array,
  right: Float64Array,
  row: number,
  start: number,
  end: number,
  placeOf: (k: number) => number,
): void {
  let known = 0;
  for (let k = start; k < end; k++) known += (matrix[placeOf(k)] ?? 0) * (right[k] ?? 0);
  right[row] = ((right[row] ?? 0) - known) / (matrix[row * right.length + row] ?? 1);
}

/** Leaves L of L Lᵀ in the lower half. */
function factorise(matrix: Float64Array, size: number): void {
  for (let column = 0; column < size; column++) {
    const square = (matrix[column * size + column] ?? 0) - dotOfRows(matrix, size, column, column);
    const pivot = Math.sqrt(Math.max(square, Number.MIN_VALUE));
    matrix[column * size + column] = pivot;
    for (let row = column + 1; row < size; row++)
      matrix[row * size + column] = ((matrix[row * size + column] ?? 0) - dotOfRows(matrix, size, row, column)) / pivot;
  }
}

/** Of what stands before `column` in two rows. */
function dotOfRows(matrix: Float64Array, size: number, row: number, column: number): number {
  let sum = 0;
  for (let k = 0; k < column; k++) sum += (matrix[row * size + k] ?? 0) * (matrix[column * size + k] ?? 0);
  return sum;
}
