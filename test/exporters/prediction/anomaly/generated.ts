/** Numbers from 0 to 1 that are the same in every run. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Nearly normal with deviation 1. */
export function noiseOf(seed: number): () => number {
  const random = randomOf(seed);
  return () => (random() + random() + random() + random() + random() + random() - 3) * Math.SQRT2;
}

/** A daily rhythm with noise; NaN now and then. */
export function dailySeries(length: number, day: number, seed: number, holes = 0): readonly number[] {
  const noise = noiseOf(seed);
  const random = randomOf(seed + 1);
  return Array.from({ length }, (_, at) => {
    const value = 50 + 5 * Math.sin((2 * Math.PI * at) / day) + noise();
    return random() < holes ? Number.NaN : value;
  });
}

export function meanAndDeviation(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const first = values[0] ?? Number.NaN;
  const mean = first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

/** As numpy has it by default. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  return low + (rank - Math.floor(rank)) * ((sorted[Math.ceil(rank)] ?? low) - low);
}

export function isThere(value: number): boolean {
  return !Number.isNaN(value);
}

export function closeTo(actual: number, expected: number, relative: number): boolean {
  if (Number.isNaN(actual) || Number.isNaN(expected)) return Number.isNaN(actual) && Number.isNaN(expected);
  return Math.abs(actual - expected) <= relative * Math.max(1e-300, Math.abs(expected));
}
