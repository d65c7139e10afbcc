import type { Cost, Costs } from '../../reading.ts';

/** Adds up what readings cost for as long as the exporter runs, also across restarts of the process that makes the calls. */
export interface CostLedger {
  readonly add: (costs: Costs) => void;
  readonly totals: () => Costs;
}

export function createCostLedger(): CostLedger {
  const totals = new Map<string, Cost>();
  return {
    add: (costs) => {
      for (const [name, { calls, seconds }] of Object.entries(costs)) {
        const before = totals.get(name) ?? { calls: 0, seconds: 0 };
        totals.set(name, { calls: before.calls + calls, seconds: before.seconds + seconds });
      }
    },
    totals: () => Object.fromEntries(totals),
  };
}
