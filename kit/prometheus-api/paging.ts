import { PrometheusApiError } from './failure.ts';
import type { Labels, RangeResult, Sample, Series } from './types.ts';

/** Prometheus refuses a range query with more points per series. */
export const maxPointsPerSeries = 11_000;

/** Consecutive whole numbers, both ends included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** Cuts a span into consecutive ones that have at most `size` numbers each. */
export function pagesOf({ first, last }: Span, size: number): readonly Span[] {
  const pages: Span[] = [];
  for (let start = first; start <= last; start += size) {
    pages.push({ first: start, last: Math.min(last, start + size - 1) });
  }
  return pages;
}

/** Fetches one page after the other; a page that is too large for the server, or for us, is halved until it fits. */
export async function fetchPages<T>(
  pages: readonly Span[],
  fetchPage: (page: Span) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = [];
  // A stack with the earliest page on top: halves go back on it in order.
  const waiting = pages.toReversed();
  for (let page = waiting.pop(); page !== undefined; page = waiting.pop()) {
    try {
      results.push(await fetchPage(page));
    } catch (error) {
      if (!isTooLarge(error) || page.first === page.last) throw error;
      const middle = Math.floor((page.first + page.last) / 2);
      waiting.push({ first: middle + 1, last: page.last }, { first: page.first, last: middle });
    }
  }
  return results;
}

function isTooLarge(error: unknown): boolean {
  return error instanceof PrometheusApiError && error.kind === 'too-large';
}

/** Joins pages that follow each other in time into one result; a sample that two pages have counts once. */
export function joinPages(pages: readonly RangeResult[]): RangeResult {
  const bySeries = new Map<string, { labels: Labels; samples: Sample[] }>();
  const warnings = new Set<string>();
  for (const page of pages) {
    for (const warning of page.warnings) warnings.add(warning);
    for (const { labels, samples } of page.series) {
      const key = keyOf(labels);
      const joined = bySeries.get(key) ?? { labels, samples: [] };
      bySeries.set(key, joined);
      appendLater(joined.samples, samples);
    }
  }
  return {
    series: [...bySeries.values()].filter(({ samples }) => samples.length > 0) satisfies readonly Series[],
    warnings: [...warnings],
    partial: pages.some((page) => page.partial),
    skippedHistograms: pages.reduce((sum, page) => sum + page.skippedHistograms, 0),
  };
}

function appendLater(target: Sample[], samples: readonly Sample[]): void {
  let last = target.at(-1)?.timestampSeconds ?? Number.NEGATIVE_INFINITY;
  for (const sample of samples) {
    if (sample.timestampSeconds <= last) continue;
    target.push(sample);
    last = sample.timestampSeconds;
  }
}

export function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Keeps samples after the start, up to and including the end: Prometheus 2 also returns the one exactly at the start. */
export function within(result: RangeResult, afterMs: number, untilMs: number): RangeResult {
  const isInside = ({ timestampSeconds }: Sample): boolean => {
    const ms = Math.round(timestampSeconds * 1000);
    return ms > afterMs && ms <= untilMs;
  };
  const series = result.series.map(({ labels, samples }) => ({ labels, samples: samples.filter(isInside) }));
  return { ...result, series };
}
