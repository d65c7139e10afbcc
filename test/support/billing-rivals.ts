import type { RawSeries } from '../../exporters/billing/metering/accrual.ts';
import type { Span } from '../../exporters/billing/span.ts';

type Samples = Pick<RawSeries, 'timesMs' | 'values'>;

/**
 * `increase(counter[window])` at the end of the window, as Prometheus 2.42 reckons it: the difference of the last and the first sample in the
 * closed range, with what falls taken as a restart, extrapolated to the edges of the range if the samples reach to within 1.1 of their mean
 * distance, else by half of that. Undefined for fewer than two samples. From promql/functions.go, extrapolatedRate.
 */
export function increaseOf({ timesMs, values }: Samples, { startMs, endMs }: Span): number | undefined {
  const inRange = [...timesMs.keys()].filter((at) => (timesMs[at] ?? 0) >= startMs && (timesMs[at] ?? 0) <= endMs);
  const [first, last] = [inRange[0], inRange.at(-1)];
  if (first === undefined || last === undefined || inRange.length < 2) return undefined;
  const valueAt = (at: number): number => values[at] ?? 0;
  let result = valueAt(last) - valueAt(first);
  for (const at of inRange.slice(1)) if (valueAt(at) < valueAt(at - 1)) result += valueAt(at - 1);
  let toStart = ((timesMs[first] ?? 0) - startMs) / 1000;
  const toEnd = (endMs - (timesMs[last] ?? 0)) / 1000;
  const sampled = ((timesMs[last] ?? 0) - (timesMs[first] ?? 0)) / 1000;
  const mean = sampled / (inRange.length - 1);
  if (result > 0 && valueAt(first) >= 0) {
    const toZero = sampled * (valueAt(first) / result);
    if (toZero < toStart) toStart = toZero;
  }
  const threshold = mean * 1.1;
  const covered = sampled + (toStart < threshold ? toStart : mean / 2) + (toEnd < threshold ? toEnd : mean / 2);
  return result * (covered / sampled);
}

export interface OpenCostSeries extends Samples {
  /** When Prometheus noticed that the series was gone; without it a gap shorter than the lookback is not seen. */
  readonly staleAtMs?: readonly number[];
}

/**
 * GPU time of a pod in a window, ms, as OpenCost reckons it (allocation_helpers.go, calculateStartEndFromIsRunning): a subquery tells at every step
 * of the resolution whether the pod was there; it ran from one resolution before the first of them to the last, whatever is between; that time is
 * multiplied with the average of what it requested.
 */
export function openCostGpuMs(
  requested: OpenCostSeries,
  window: Span,
  resolutionMs = 60_000,
  lookbackMs = 300_000,
): number {
  const { timesMs, values, staleAtMs = [] } = requested;
  let [first, last]: [number | undefined, number | undefined] = [undefined, undefined];
  for (let step = Math.ceil(window.startMs / resolutionMs) * resolutionMs; step <= window.endMs; step += resolutionMs) {
    if (!isThere(requested.timesMs, staleAtMs, step, lookbackMs)) continue;
    first ??= step;
    last = step;
  }
  if (first === undefined || last === undefined) return 0;
  const inWindow = [...values].filter(
    (_, at) => (timesMs[at] ?? 0) >= window.startMs && (timesMs[at] ?? 0) <= window.endMs,
  );
  const average = inWindow.reduce((sum, value) => sum + value, 0) / Math.max(1, inWindow.length);
  return (last - Math.max(window.startMs, first - resolutionMs)) * average;
}

function isThere(timesMs: Float64Array, staleAtMs: readonly number[], atMs: number, lookbackMs: number): boolean {
  const latest = timesMs.findLast((time) => time <= atMs);
  if (latest === undefined || atMs - latest > lookbackMs) return false;
  return !staleAtMs.some((stale) => stale > latest && stale <= atMs);
}
