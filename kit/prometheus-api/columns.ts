import type { JsonObject } from './json.ts';
import { keyOf } from './paging.ts';
import { parseMatrix } from './parse-data.ts';
import type { ColumnSeries, ColumnsResult, RangeResult } from './types.ts';

export function parseColumns(answer: JsonObject): ColumnsResult {
  const { series, ...remarks } = parseMatrix(answer);
  return { ...remarks, series: series.map(toColumns) };
}

function toColumns({ labels, samples }: RangeResult['series'][number]): ColumnSeries {
  return {
    labels,
    timesMs: Float64Array.from(samples, ({ timestampSeconds }) => Math.round(timestampSeconds * 1000)),
    values: Float64Array.from(samples, ({ value }) => value),
  };
}

/** Samples from the one time up to, and without, the other. Times ascend. */
export function columnsWithin(result: ColumnsResult, fromMs: number, untilMs: number): ColumnsResult {
  const series = result.series.flatMap((each) => {
    const first = firstAtOrAfter(each.timesMs, fromMs);
    const end = firstAtOrAfter(each.timesMs, untilMs);
    if (first === 0 && end === each.timesMs.length) return [each];
    if (first === end) return [];
    return [
      { labels: each.labels, timesMs: each.timesMs.subarray(first, end), values: each.values.subarray(first, end) },
    ];
  });
  return { ...result, series };
}

/** Index of the first time that is not before `ms`. */
export function firstAtOrAfter(timesMs: Float64Array, ms: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesMs[middle] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Joins pages that follow each other in time. */
export function joinColumns(pages: readonly ColumnsResult[]): ColumnsResult {
  const [only] = pages;
  if (pages.length === 1 && only !== undefined) return only;
  const parts = new Map<string, ColumnSeries[]>();
  for (const { series } of pages) {
    for (const each of series) {
      const key = keyOf(each.labels);
      const known = parts.get(key);
      if (known === undefined) parts.set(key, [each]);
      else known.push(each);
    }
  }
  return {
    series: [...parts.values()].map(concatenated),
    warnings: [...new Set(pages.flatMap(({ warnings }) => warnings))],
    partial: pages.some(({ partial }) => partial),
    skippedHistograms: pages.reduce((sum, page) => sum + page.skippedHistograms, 0),
  };
}

function concatenated(parts: readonly ColumnSeries[]): ColumnSeries {
  const [first, ...rest] = parts;
  if (first === undefined) throw new RangeError('a series has at least one part');
  if (rest.length === 0) return first;
  const length = parts.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
  const timesMs = new Float64Array(length);
  const values = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    timesMs.set(part.timesMs, at);
    values.set(part.values, at);
    at += part.timesMs.length;
  }
  return { labels: first.labels, timesMs, values };
}
