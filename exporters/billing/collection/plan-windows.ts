import type { Span } from '../span.ts';

/** Moments within a span at which windows have to be cut, because prices, owners or bill periods change. */
export type Cuts = (span: Span) => readonly number[];

export interface Grid {
  readonly windowMs: number;
  readonly cuts: Cuts;
}

/** What of a span is in none of the others, which ascend and do not overlap. */
export function uncovered(span: Span, covered: readonly Span[]): readonly Span[] {
  const left: Span[] = [];
  let at = span.startMs;
  for (const { startMs, endMs } of covered) {
    if (startMs > at) left.push({ startMs: at, endMs: Math.min(startMs, span.endMs) });
    at = Math.max(at, endMs);
  }
  if (at < span.endMs) left.push({ startMs: at, endMs: span.endMs });
  return left.filter(({ startMs, endMs }) => endMs > startMs);
}

/**
 * Windows that fill a span: from each border of the grid to the next, and from cut to cut. The last one may reach beyond the span, to its border,
 * because it is not over yet; all others are within.
 */
export function windowsFrom(span: Span, { windowMs, cuts }: Grid): readonly Span[] {
  if (span.endMs <= span.startMs) return [];
  const end = Math.ceil(span.endMs / windowMs) * windowMs;
  return cutInto({ startMs: span.startMs, endMs: end }, { windowMs, cuts }).filter(
    ({ startMs }) => startMs < span.endMs,
  );
}

/** The same, with the last window cut off at the end of the span. */
export function windowsWithin(span: Span, grid: Grid): readonly Span[] {
  return cutInto(span, grid);
}

function cutInto(span: Span, { windowMs, cuts }: Grid): readonly Span[] {
  if (span.endMs <= span.startMs) return [];
  const borders = new Set([span.startMs, span.endMs]);
  for (let at = (Math.floor(span.startMs / windowMs) + 1) * windowMs; at < span.endMs; at += windowMs) borders.add(at);
  for (const at of cuts(span)) {
    const whole = Math.round(at);
    if (whole > span.startMs && whole < span.endMs) borders.add(whole);
  }
  const sorted = [...borders].sort((a, b) => a - b);
  return sorted.slice(1).map((endMs, index) => ({ startMs: sorted[index] ?? endMs, endMs }));
}
