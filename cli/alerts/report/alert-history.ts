import { keyOf } from '../../../kit/prometheus-api/paging.ts';
import type { ColumnSeries, Labels } from '../../../kit/prometheus-api/types.ts';
import type { Gap } from './gaps.ts';
import { createStretchBuilder, type StretchBuilder, type Stretches } from './stretches.ts';
import type { Window } from './window.ts';

/** What became of one alert, which is one set of labels of a rule. */
export interface AlertSeries {
  /** Without the state. */
  readonly labels: Labels;
  readonly firing: Stretches;
  readonly pending: Stretches;
}

export interface AlertHistory {
  /** Series of ALERTS, the next piece of time in each call. */
  readonly add: (series: readonly ColumnSeries[]) => void;
  readonly end: () => readonly AlertSeries[];
}

interface Building {
  readonly labels: Labels;
  readonly firing: StretchBuilder;
  readonly pending: StretchBuilder;
}

/** Keeps when alerts fired and were pending, and nothing of each step. */
export function createAlertHistory(window: Window, gaps: readonly Gap[]): AlertHistory {
  const known = new Map<string, Building>();

  function building(labels: Labels): Building {
    const key = keyOf(labels);
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = { labels, firing: createStretchBuilder(window, gaps), pending: createStretchBuilder(window, gaps) };
    known.set(key, made);
    return made;
  }

  return {
    add: (series) => {
      for (const { labels, timesMs } of series) {
        const { __name__: _, alertstate, ...own } = labels;
        if (alertstate === 'firing') building(own).firing.add(timesMs);
        if (alertstate === 'pending') building(own).pending.add(timesMs);
      }
    },
    end: () =>
      [...known.values()].map(({ labels, firing, pending }) => ({
        labels,
        firing: firing.end(),
        pending: pending.end(),
      })),
  };
}
