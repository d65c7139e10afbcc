export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Counts of a Poisson distribution within which at least `level` of the mass lies: the (1 - level) / 2 and (1 + level) / 2 quantiles.
 */
export function poissonInterval(mean: number, level = 0.9): Interval {
  if (!(mean > 0)) return { low: 0, high: 0 };
  const spread = Math.ceil(10 * Math.sqrt(mean) + 30);
  const from = Math.max(0, Math.floor(mean) - spread);
  const masses = massesFrom(from, Math.floor(mean) + spread, mean);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return {
    low: from + quantileOf(masses, (total * (1 - level)) / 2),
    high: from + quantileOf(masses, (total * (1 + level)) / 2),
  };
}

/** Up to a common factor: relative to the largest, so that none is lost for a large mean. */
function massesFrom(from: number, to: number, mean: number): readonly number[] {
  const logs: number[] = [];
  const mode = Math.floor(mean);
  let log = 0;
  for (let count = mode; count >= from; count--) {
    logs[count - from] = log;
    log -= Math.log(mean / count);
  }
  log = 0;
  for (let count = mode + 1; count <= to; count++) {
    log += Math.log(mean / count);
    logs[count - from] = log;
  }
  return logs.map(Math.exp);
}

/** The first index up to which so much mass lies. */
function quantileOf(masses: readonly number[], wanted: number): number {
  let sum = 0;
  for (const [index, mass] of masses.entries()) {
    sum += mass;
    if (sum >= wanted) return index;
  }
  return masses.length - 1;
}
