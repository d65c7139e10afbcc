/** Up to `wanted` columns of a row that move its log-odds most, either way, the strongest first; of equal ones the first column. None that moves nothing. */
export function topColumns(
  contributions: Float64Array,
  row: number,
  columns: number,
  wanted: number,
): readonly number[] {
  const top: number[] = [];
  const strengthOf = (column: number): number => Math.abs(contributions[row * columns + column] ?? 0);
  for (let column = 0; column < columns; column++) {
    const strength = strengthOf(column);
    if (strength === 0) continue;
    let place = top.length;
    while (place > 0 && strength > strengthOf(top[place - 1] ?? 0)) place--;
    if (place >= wanted) continue;
    top.splice(place, 0, column);
    if (top.length > wanted) top.pop();
  }
  return top;
}
