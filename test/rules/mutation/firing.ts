/** What an expression gives at one time. */
export interface Reading {
  /** Seconds. */
  readonly at: number;
  /** The labels of each series, as a text. */
  readonly series: readonly string[];
}

export interface Waits {
  /** Seconds for which an expression must give a series before the alert fires, and for which it fires on without. */
  readonly wait: number;
  readonly keep: number;
}

interface State {
  readonly since: number;
  readonly isFiring: boolean;
  /** When the series went away, if it did. */
  readonly goneSince?: number;
}

/** What fires at the last reading, as Prometheus' rules go through pending to firing. */
export function firingAfter(readings: readonly Reading[], waits: Waits): ReadonlySet<string> {
  const all = new Set(readings.flatMap(({ series }) => series));
  return new Set([...all].filter((one) => isFiring(one, readings, waits)));
}

function isFiring(one: string, readings: readonly Reading[], waits: Waits): boolean {
  let state: State | undefined;
  for (const { at, series } of readings)
    state = series.includes(one) ? present(state, at, waits) : gone(state, at, waits);
  return state?.isFiring ?? false;
}

function present(state: State | undefined, at: number, { wait }: Waits): State {
  const since = state?.since ?? at;
  return { since, isFiring: state?.isFiring === true || at - since >= wait };
}

function gone(state: State | undefined, at: number, { keep }: Waits): State | undefined {
  if (state?.isFiring !== true) return undefined;
  const goneSince = state.goneSince ?? at;
  return at - goneSince < keep ? { ...state, goneSince } : undefined;
}
