import type { Span } from '../span.ts';

/** Sorted, without overlaps; those that touch are one, empty ones are left out, edges are whole ms. */
export function unionOf(spans: readonly Span[]): readonly Span[] {
  const sorted = spans.map(wholeMs).sort((left, right) => left.startMs - right.startMs);
  const union: { startMs: number; endMs: number }[] = [];
  for (const { startMs, endMs } of sorted) {
    const last = union.at(-1);
    if (endMs <= startMs) continue;
    if (last !== undefined && startMs <= last.endMs) last.endMs = Math.max(last.endMs, endMs);
    else union.push({ startMs, endMs });
  }
  return union;
}

export function wholeMs({ startMs, endMs }: Span): Span {
  return { startMs: Math.round(startMs), endMs: Math.round(endMs) };
}

/** What of the spans lies outside the others; both sorted, the others without overlaps. */
export function without(spans: readonly Span[], others: readonly Span[]): readonly Span[] {
  return others.length === 0 ? spans : spans.flatMap((span) => remainder(span, others));
}

function remainder({ startMs, endMs }: Span, others: readonly Span[]): readonly Span[] {
  const left: Span[] = [];
  let from = startMs;
  for (const other of others) {
    if (other.endMs <= from) continue;
    if (other.startMs >= endMs) break;
    if (other.startMs > from) left.push({ startMs: from, endMs: other.startMs });
    from = other.endMs;
  }
  return from < endMs ? [...left, { startMs: from, endMs }] : left;
}

/** What of the spans lies within one. */
export function within(spans: readonly Span[], { startMs, endMs }: Span): readonly Span[] {
  const inside: Span[] = [];
  for (const span of spans) {
    const from = Math.max(span.startMs, startMs);
    const to = Math.min(span.endMs, endMs);
    if (from < to) inside.push({ startMs: from, endMs: to });
  }
  return inside;
}

export function lengthOf(spans: readonly Span[]): number {
  let sum = 0;
  for (const { startMs, endMs } of spans) sum += endMs - startMs;
  return sum;
}

/** The stretches in which at least two of the spans are there at once, sorted and joined. */
export function overlapsOf(spans: readonly Span[]): readonly Span[] {
  const sorted = spans.toSorted((left, right) => left.startMs - right.startMs);
  const overlaps: Span[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const { startMs, endMs } of sorted) {
    if (startMs < end) overlaps.push({ startMs, endMs: Math.min(endMs, end) });
    end = Math.max(end, endMs);
  }
  return unionOf(overlaps);
}

/** A walk over sorted spans without overlaps, for times that ascend. */
export function coverOf(spans: readonly Span[]): (timeMs: number) => boolean {
  let at = 0;
  return (timeMs) => {
    while ((spans[at]?.endMs ?? Number.POSITIVE_INFINITY) <= timeMs) at++;
    const span = spans[at];
    return span !== undefined && span.startMs <= timeMs;
  };
}
