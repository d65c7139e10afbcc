import { firstAtOrAfter } from '../../../kit/prometheus-api/columns.ts';
import type { RawSeries } from '../metering/accrual.ts';
import type { Span } from '../span.ts';

/** Pure arithmetic on stretches of time. Spans of a list ascend and do not touch. */

export function clipped(spans: readonly Span[], { startMs, endMs }: Span): readonly Span[] {
  return spans
    .map((span) => ({ startMs: Math.max(span.startMs, startMs), endMs: Math.min(span.endMs, endMs) }))
    .filter((span) => span.endMs > span.startMs);
}

export function union(spans: readonly Span[]): readonly Span[] {
  const merged: { startMs: number; endMs: number }[] = [];
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    if (span.endMs > span.startMs) append(merged, span.startMs, span.endMs);
  }
  return merged;
}

/** What is in `spans` and in none of `without`. */
export function difference(spans: readonly Span[], without: readonly Span[]): readonly Span[] {
  return spans.flatMap((span) => {
    const left: Span[] = [];
    let startMs = span.startMs;
    for (const hole of clipped(without, span)) {
      if (hole.startMs > startMs) left.push({ startMs, endMs: hole.startMs });
      startMs = Math.max(startMs, hole.endMs);
    }
    if (startMs < span.endMs) left.push({ startMs, endMs: span.endMs });
    return left;
  });
}

export function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}

/**
 * When a thing was there that some scrapes had: from each sample until the next scrape of its target, whether that had it or not, and no longer
 * than `holdMs`. `isThere` chooses among the samples. Both lists of times ascend.
 */
export function presence(
  { timesMs, values }: Pick<RawSeries, 'timesMs' | 'values'>,
  scrapedMs: Float64Array,
  holdMs: number,
  isThere: (value: number) => boolean = () => true,
): readonly Span[] {
  const spans: { startMs: number; endMs: number }[] = [];
  let scrape = firstAtOrAfter(scrapedMs, timesMs[0] ?? 0);
  for (let index = 0; index < timesMs.length; index += 1) {
    const time = timesMs[index] ?? 0;
    scrape = firstAfter(scrapedMs, time, scrape);
    if (!isThere(values[index] ?? 0)) continue;
    const next = Math.min(
      scrapedMs[scrape] ?? Number.POSITIVE_INFINITY,
      timesMs[index + 1] ?? Number.POSITIVE_INFINITY,
    );
    append(spans, time, Math.min(next, time + holdMs));
  }
  return spans;
}

/** Index of the first time after `ms`, from an index on at which it cannot be yet. */
function firstAfter(timesMs: Float64Array, ms: number, from: number): number {
  let index = from;
  while (index < timesMs.length && (timesMs[index] ?? 0) <= ms) index += 1;
  return index;
}

/** Adds a span that begins no earlier than those before; one that touches the last one makes that longer. */
function append(spans: { startMs: number; endMs: number }[], startMs: number, endMs: number): void {
  const last = spans.at(-1);
  if (last !== undefined && startMs <= last.endMs) last.endMs = Math.max(last.endMs, endMs);
  else spans.push({ startMs, endMs });
}

/** Samples of several series that say the same, by time; where two have the same time the first is taken. */
export function mergedSamples(all: readonly RawSeries[]): RawSeries {
  const [first] = all;
  if (first === undefined) throw new RangeError('there must be a series to merge');
  if (all.length === 1) return first;
  const samples = all.flatMap(({ timesMs, values }, series) =>
    Array.from(timesMs, (time, index) => ({ time, series, value: values[index] ?? 0 })),
  );
  samples.sort((a, b) => a.time - b.time || a.series - b.series);
  const distinct = samples.filter(({ time }, index) => index === 0 || samples[index - 1]?.time !== time);
  return {
    labels: first.labels,
    timesMs: Float64Array.from(distinct, ({ time }) => time),
    values: Float64Array.from(distinct, ({ value }) => value),
  };
}
