import type { Span } from '../span.ts';

/** What has to be divided in time is divided anew in every minute. */
const grainMs = 60_000;

/** The parts of a span between full minutes; they do not depend on where a window begins. */
export function grainsOf({ startMs, endMs }: Span): readonly Span[] {
  const grains: Span[] = [];
  for (let from = startMs; from < endMs; ) {
    const to = Math.min(endMs, (Math.floor(from / grainMs) + 1) * grainMs);
    grains.push({ startMs: from, endMs: to });
    from = to;
  }
  return grains;
}
