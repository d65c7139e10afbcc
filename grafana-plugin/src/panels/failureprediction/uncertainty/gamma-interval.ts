/** Ends of an interval around 1. */
export interface Factors {
  readonly low: number;
  readonly high: number;
}

const level = 0.9;

/**
 * By how much a failure rate may be off that so many failures are known for. The rate has a gamma distribution of shape 1 + failures, since the
 * prior of the service counts as one failure; the factors are its 5 % and 95 % quantiles over its mean.
 */
export function rateFactors(failures: number): Factors {
  const shape = 1 + Math.max(0, Math.floor(failures));
  return {
    low: gammaQuantile(shape, (1 - level) / 2) / shape,
    high: gammaQuantile(shape, (1 + level) / 2) / shape,
  };
}

/** By bisection: the distribution function of a whole shape is a Poisson sum. Large shapes are normal enough. */
function gammaQuantile(shape: number, mass: number): number {
  if (shape > 300) return shape * wilsonHilferty(shape, mass);
  let [low, high] = [0, shape + 12 * Math.sqrt(shape) + 12];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (gammaMassBelow(middle, shape) < mass) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function gammaMassBelow(x: number, shape: number): number {
  let term = Math.exp(-x);
  let sum = term;
  for (let count = 1; count < shape; count++) {
    term *= x / count;
    sum += term;
  }
  return 1 - sum;
}

function wilsonHilferty(shape: number, mass: number): number {
  const normal = mass < 0.5 ? -1.6449 : 1.6449;
  return (1 - 1 / (9 * shape) + normal / (3 * Math.sqrt(shape))) ** 3;
}
