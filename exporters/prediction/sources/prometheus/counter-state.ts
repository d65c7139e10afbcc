/** The last reading of each counter, which outlives the stretches in which history is read. */
export interface CounterState {
  /** What it grew by since the reading before; undefined for the first one. A drop is a reset: it has counted from 0 since. */
  readonly growth: (
    counter: string,
    entity: number,
    now: { readonly atMs: number; readonly reading: number },
  ) => number | undefined;
}

export function createCounterState(): CounterState {
  const known = new Map<string, { atMs: number; reading: number }[]>();
  return {
    growth: (counter, entity, { atMs, reading }) => {
      const own = known.get(counter) ?? [];
      known.set(counter, own);
      const before = own[entity];
      if (before !== undefined && atMs <= before.atMs) return undefined;
      own[entity] = { atMs, reading };
      if (before === undefined) return undefined;
      return reading >= before.reading ? reading - before.reading : reading;
    },
  };
}
