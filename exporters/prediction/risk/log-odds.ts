/** Probability that something happens at all, given its cumulative hazard, as log-odds; finite for every hazard above 0. */
export function logOddsOfHazard(hazard: number): number {
  return hazard > 30 ? hazard + Math.log1p(-Math.exp(-hazard)) : Math.log(Math.expm1(hazard));
}

export function logOddsOf(probability: number): number {
  return Math.log(probability) - Math.log1p(-probability);
}
