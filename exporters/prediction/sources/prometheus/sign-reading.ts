import type { ColumnSeries, ColumnsResult } from '../../../../kit/prometheus-api.ts';
import type { HistoryApi } from './history-api.ts';
import { oneOfValues, selectorOf } from './matchers.ts';
import type { LabelNames } from './series-labels.ts';

export interface SignRequest {
  readonly labels: LabelNames;
  readonly matchers: readonly string[];
  /** How finely it is first looked where anything happened; samples are read only there. */
  readonly stepMs: number;
  /** (startMs, endMs] */
  readonly startMs: number;
  readonly endMs: number;
  readonly signal: AbortSignal;
}

/** More values in a matcher cost more than the series that they leave out. */
const mostNamed = 200;

/** Whole steps since 1970 that cover the request. */
export function stepsOf({ startMs, endMs, stepMs }: SignRequest): {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
} {
  return { startMs: (Math.floor(startMs / stepMs) + 1) * stepMs, endMs: Math.ceil(endMs / stepMs) * stepMs, stepMs };
}

/** The samples of `metric` in the step that ends then and so long before it, of the series that have one of the values. */
export async function rawOfStep(
  api: HistoryApi,
  metric: string,
  { label, values, endMs, backMs }: RawOfStep,
  { matchers, stepMs, signal }: SignRequest,
): Promise<ColumnsResult['series']> {
  const named = values.length > mostNamed ? [] : [oneOfValues(label, values)];
  return api.raw(selectorOf(metric, [...named, ...matchers]), { startMs: endMs - stepMs - backMs, endMs }, signal);
}

export interface RawOfStep {
  readonly label: string;
  readonly values: readonly string[];
  readonly endMs: number;
  readonly backMs: number;
}

/** Values of a label by the step that has the series. */
export function byStep(series: readonly ColumnSeries[], label: string): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, Set<string>>();
  for (const { labels, timesMs } of series) {
    for (const ms of timesMs) found.set(ms, (found.get(ms) ?? new Set()).add(labels[label] ?? ''));
  }
  return new Map([...found].sort(([a], [b]) => a - b).map(([ms, values]) => [ms, [...values]]));
}
