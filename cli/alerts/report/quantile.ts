/** The value below which that share of the ascending values lies, the higher one of two neighbours; undefined for none. */
export function quantileOf(ascending: readonly number[], share: number): number | undefined {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))];
}
