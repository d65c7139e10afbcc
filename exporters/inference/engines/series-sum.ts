import type { InferenceName } from '../../../metrics/engines/engine.ts';
import { inference } from '../../../metrics/inference.ts';
import { keyOf } from './native-histograms.ts';
import type { NativeHistogram, UnifiedSeries } from './unified-series.ts';

/** Names of models and reasons come from outside; more of them are shown together. */
const maxValues: Readonly<Record<string, number>> = { model_name: 100, reason: 20 };
export const collapsed = 'other';

/** Adds up series of one engine that have the labels of the catalogue in common, such as those of several replicas. */
export interface SeriesSum {
  readonly add: (series: UnifiedSeries) => void;
  readonly series: () => readonly UnifiedSeries[];
}

export function createSeriesSum(): SeriesSum {
  const sums = new Map<string, UnifiedSeries>();
  const seen = new Map<string, Set<string>>();

  function bounded(label: string, value: string): string {
    const known = seen.get(label) ?? new Set<string>();
    seen.set(label, known);
    if (!known.has(value) && known.size >= (maxValues[label] ?? Number.POSITIVE_INFINITY)) return collapsed;
    known.add(value);
    return value;
  }

  return {
    add: ({ name, labels: given, value }) => {
      const labels = Object.fromEntries(Object.entries(given).map(([label, text]) => [label, bounded(label, text)]));
      const key = `${name} ${keyOf(labels)}`;
      const before = sums.get(key);
      sums.set(key, { name, labels, value: before === undefined ? value : together(name, before.value, value) });
    },
    series: () => [...sums.values()],
  };
}

type Value = UnifiedSeries['value'];

function together(name: InferenceName, before: Value, value: Value): Value {
  if (typeof before !== 'number' || typeof value !== 'number') return histogramsTogether(before, value);
  // Of two caches the fuller one is the one that matters.
  return inference[name].unit === 'ratio' ? Math.max(before, value) : before + value;
}

/** Counts of unlike bounds cannot be added: the first histogram stays. One process has the same bounds everywhere. */
function histogramsTogether(before: Value, value: Value): Value {
  if (typeof before === 'number' || typeof value === 'number' || !haveSameBounds(before, value)) return before;
  return {
    buckets: before.buckets.map(([bound, count], index) => [bound, count + (value.buckets[index]?.[1] ?? 0)] as const),
    sum: before.sum + value.sum,
    count: before.count + value.count,
  };
}

function haveSameBounds(one: NativeHistogram, other: NativeHistogram): boolean {
  return (
    one.buckets.length === other.buckets.length &&
    one.buckets.every(([bound], index) => bound === other.buckets[index]?.[0])
  );
}
