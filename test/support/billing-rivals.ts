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
  if (inRange.length < 2) return undefined;
  const times = inRange.map((at) => (timesMs[at] ?? 0) / 1000);
  const counted = inRange.map((at) => values[at] ?? 0);
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const sampled = last - first;
  const result = differenceOf(counted);
  const toZero = result > 0 ? sampled * ((counted[0] ?? 0) / result) : Number.POSITIVE_INFINITY;
  const mean = sampled / (inRange.length - 1);
  const reach = (seconds: number): number => (seconds < mean * 1.1 ? seconds : mean / 2);
  const covered = sampled + reach(Math.min(first - startMs / 1000, toZero)) + reach(endMs / 1000 - last);
  return result * (covered / sampled);
}

function differenceOf(values: readonly number[]): number {
  let sum = (values.at(-1) ?? 0) - (values[0] ?? 0);
  for (const [at, value] of values.slice(1).entries()) if (value < (values[at] ?? 0)) sum += values[at] ?? 0;
  return sum;
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
