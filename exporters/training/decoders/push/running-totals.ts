/** What one sender has counted so far. Steps may also be told as they are. */
export interface Totals {
  steps: number;
  samples: number;
  tokens: number;
}

/** Adds up counters, which tell only what came new, by run. */
export interface RunningTotals {
  readonly of: (key: string) => Totals;
}

/** More runs than that count from 0 again when they come back after a while. */
export function createRunningTotals({ most }: { readonly most: number }): RunningTotals {
  const totals = new Map<string, Totals>();
  return {
    of: (key) => {
      const known = totals.get(key) ?? { steps: 0, samples: 0, tokens: 0 };
      // Taken out and put in again, so that the one that was silent for longest stands first.
      totals.delete(key);
      totals.set(key, known);
      if (totals.size > most) totals.delete(oldest());
      return known;
    },
  };

  function oldest(): string {
    const [first = ''] = totals.keys();
    return first;
  }
}
