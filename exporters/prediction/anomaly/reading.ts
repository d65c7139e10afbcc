/** Squares of larger numbers overflow; no sensor and no counter of ours comes near it. */
const largest = 1e150;

/** Whether statistics may take the value: not NaN, not infinite, and small enough to be squared. */
export function isReading(value: number): boolean {
  return Math.abs(value) <= largest;
}
