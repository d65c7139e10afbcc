import type { RawSeries } from '../../exporters/billing/metering/accrual.ts';
import type { Span } from '../../exporters/billing/span.ts';

/** How an exporter counts the time for which a holder has a device, and how it is scraped. Times are ms. */
export interface CounterModel {
  /** When the holder really had the device. */
  readonly held: readonly Span[];
  readonly scrapedAt: readonly number[];
  /** The exporter learns every so often, and shows what it learned last; 0: at once. */
  readonly pollMs: number;
  readonly pollOffsetMs?: number;
  /** How long it goes on showing a counter that no longer grows. */
  readonly retentionMs?: number;
}

/** The series of one holder, as Prometheus has it, in seconds. */
export function countedSeries({
  held,
  scrapedAt,
  pollMs,
  pollOffsetMs = 0,
  retentionMs = 600_000,
}: CounterModel): RawSeries {
  const end = Math.max(...held.map(({ endMs }) => endMs));
  const samples: [number, number][] = [];
  for (const at of scrapedAt) {
    const learnt = pollMs === 0 ? at : Math.floor((at - pollOffsetMs) / pollMs) * pollMs + pollOffsetMs;
    const value = heldUntil(held, learnt);
    if (value > 0 && learnt <= end + retentionMs) samples.push([at, value / 1000]);
  }
  return seriesOf(samples);
}

/** Of [ms, value]. */
export function seriesOf(samples: readonly (readonly [number, number])[]): RawSeries {
  return {
    labels: {},
    timesMs: Float64Array.from(samples, ([time]) => time),
    values: Float64Array.from(samples, ([, value]) => value),
  };
}

/** The samples that a request for this stretch of time answers. */
export function fetched({ labels, timesMs, values }: RawSeries, { startMs, endMs }: Span): RawSeries {
  const isKept = (time: number | undefined): boolean => time !== undefined && time > startMs && time <= endMs;
  return {
    labels,
    timesMs: timesMs.filter(isKept),
    values: values.filter((_, at) => isKept(timesMs[at])),
  };
}

export function heldUntil(held: readonly Span[], atMs: number): number {
  return held.reduce((sum, { startMs, endMs }) => sum + Math.max(0, Math.min(endMs, atMs) - startMs), 0);
}

/** Every 15 s or whatever, with a fixed jitter that looks random. */
export function scrapes(fromMs: number, toMs: number, everyMs: number, jitterMs = 0): readonly number[] {
  const times: number[] = [];
  for (let at = fromMs, count = 0; at <= toMs; at += everyMs, count++)
    times.push(at + ((count * 7919) % (2 * jitterMs + 1)));
  return times;
}
