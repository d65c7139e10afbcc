import type { Span } from '../../../exporters/billing/span.ts';

/** Spans without overlap, in order of time, that cover the same. */
export function union(spans: readonly Span[]): readonly Span[] {
  const sorted = spans.filter(({ startMs, endMs }) => endMs > startMs).toSorted((a, b) => a.startMs - b.startMs);
  const joined: Span[] = [];
  for (const span of sorted) {
    const last = joined.at(-1);
    if (last === undefined || span.startMs > last.endMs) joined.push(span);
    else joined[joined.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, span.endMs) };
  }
  return joined;
}

export function intersect(a: readonly Span[], b: readonly Span[]): readonly Span[] {
  return union(
    a.flatMap((one) =>
      b.map((other) => ({
        startMs: Math.max(one.startMs, other.startMs),
        endMs: Math.min(one.endMs, other.endMs),
      })),
    ),
  );
}

export function subtract(from: readonly Span[], taken: readonly Span[]): readonly Span[] {
  let left = union(from);
  for (const { startMs, endMs } of union(taken)) {
    left = left.flatMap((span) => [
      { startMs: span.startMs, endMs: Math.min(span.endMs, startMs) },
      { startMs: Math.max(span.startMs, endMs), endMs: span.endMs },
    ]);
    left = left.filter((span) => span.endMs > span.startMs);
  }
  return left;
}

export function lengthMs(spans: readonly Span[]): number {
  return spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}

export function spanAt<S extends Span>(spans: readonly S[], atMs: number): S | undefined {
  return spans.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
}
