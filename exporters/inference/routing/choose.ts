export const routingPolicies = ['round_robin', 'weighted', 'least_connections', 'lowest_queue'] as const;
export type RoutingPolicy = (typeof routingPolicies)[number];

/** What a choice between upstreams depends on. */
export interface Candidate {
  readonly name: string;
  readonly weight: number;
  /** Requests of ours that it works on. */
  readonly active: number;
  /** Length of its own queue at the last look; undefined where it tells none. */
  readonly waiting: number | undefined;
  /** Requests of ours since that look. */
  readonly sentSince: number;
}

/** Chooses one of the candidates, of which there is at least one. */
export type Choose = <C extends Candidate>(candidates: readonly C[]) => C | undefined;

export function createChoice(policy: RoutingPolicy): Choose {
  const turn = createTurn();
  switch (policy) {
    case 'round_robin':
      return (candidates) => turn(candidates, () => 1);
    case 'weighted':
      return (candidates) => turn(candidates, ({ weight }) => weight);
    case 'least_connections':
      return (candidates) =>
        turn(
          lowest(candidates, ({ active, weight }) => active / weight),
          () => 1,
        );
    case 'lowest_queue':
      return (candidates) =>
        turn(
          lowest(lowest(candidates, queueOf), ({ active, weight }) => active / weight),
          () => 1,
        );
  }
}

/** What was sent since the last look may stand in the queue by now; without it all would run to the same server. */
function queueOf({ waiting, active, sentSince }: Candidate): number {
  return waiting === undefined ? active : waiting + sentSince;
}

function lowest<C>(candidates: readonly C[], scoreOf: (candidate: C) => number): readonly C[] {
  const best = Math.min(...candidates.map(scoreOf));
  return candidates.filter((candidate) => scoreOf(candidate) === best);
}

/**
 * Smooth weighted round robin, as nginx does it: everybody gains its weight, whoever has most is next and pays the sum. It spreads the turns
 * of a heavy one instead of taking them in a row.
 */
function createTurn(): <C extends Candidate>(
  candidates: readonly C[],
  weightOf: (candidate: C) => number,
) => C | undefined {
  const credit = new Map<string, number>();
  return (candidates, weightOf) => {
    let best: (typeof candidates)[number] | undefined;
    let sum = 0;
    for (const candidate of candidates) {
      const weight = weightOf(candidate);
      sum += weight;
      credit.set(candidate.name, (credit.get(candidate.name) ?? 0) + weight);
      if (best === undefined || (credit.get(candidate.name) ?? 0) > (credit.get(best.name) ?? 0)) best = candidate;
    }
    if (best !== undefined) credit.set(best.name, (credit.get(best.name) ?? 0) - sum);
    return best;
  };
}
