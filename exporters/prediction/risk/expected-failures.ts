import { type Interval, poissonInterval } from './poisson-interval.ts';

export interface ExpectedFailures extends Interval {
  /** The sum of the probabilities. */
  readonly expected: number;
  readonly level: number;
  readonly entities: number;
}

/** How many of a fleet fail within a horizon, given the probability of each: their sum, and a Poisson interval around it. Unknown ones, NaN, are left out. */
export function expectedFailures(probabilities: Iterable<number>, level = 0.9): ExpectedFailures {
  let [expected, entities] = [0, 0];
  for (const probability of probabilities) {
    if (Number.isNaN(probability)) continue;
    expected += probability;
    entities += 1;
  }
  return { expected, ...poissonInterval(expected, level), level, entities };
}
