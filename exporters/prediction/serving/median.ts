/** Of two middle values the lower; undefined for none. */
export function medianOf(values: readonly number[]): number | undefined {
  return Float64Array.from(values).sort()[Math.floor((values.length - 1) / 2)];
}
