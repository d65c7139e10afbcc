import { keyOf } from '../../../kit/prometheus-api/paging.ts';
import type { ColumnSeries } from '../../../kit/prometheus-api/types.ts';

/** How often an alert would have begun to fire with each of several thresholds, told the values piece by piece. */
export interface Replay {
  readonly add: (series: readonly ColumnSeries[]) => void;
  readonly firings: () => readonly number[];
}

interface State {
  lastMs: number;
  /** For each threshold, since when the value has been beyond it; undefined while it is not. */
  readonly sinceMs: (number | undefined)[];
}

export interface ReplaySettings {
  readonly thresholds: readonly number[];
  readonly isBelow: boolean;
  readonly forMs: number;
  readonly stepMs: number;
}

/** A value that is not there ends what went on, as it does for Prometheus. */
export function createReplay({ thresholds, isBelow, forMs, stepMs }: ReplaySettings): Replay {
  const states = new Map<string, State>();
  const firings = thresholds.map(() => 0);
  const isBeyond = (value: number, threshold: number): boolean => (isBelow ? value <= threshold : value >= threshold);

  /** Counts the step at which the wait is over, and no later one. */
  function seeOne(state: State, index: number, timeMs: number, isOver: boolean): void {
    const before = state.lastMs === timeMs - stepMs ? state.sinceMs[index] : undefined;
    const since = isOver ? (before ?? timeMs) : undefined;
    state.sinceMs[index] = since;
    if (since === undefined) return;
    const waited = timeMs - since;
    const isFirst = before === undefined || waited - stepMs < forMs;
    if (waited >= forMs && isFirst) firings[index] = (firings[index] ?? 0) + 1;
  }

  function see(state: State, timeMs: number, value: number): void {
    for (const [index, threshold] of thresholds.entries()) seeOne(state, index, timeMs, isBeyond(value, threshold));
    state.lastMs = timeMs;
  }

  return {
    add: (series) => {
      for (const { labels, timesMs, values } of series) {
        const key = keyOf(labels);
        const state = states.get(key) ?? { lastMs: Number.NEGATIVE_INFINITY, sinceMs: [] };
        states.set(key, state);
        for (const [index, time] of timesMs.entries()) see(state, time, values[index] ?? Number.NaN);
      }
    },
    firings: () => firings,
  };
}
