import type { Span } from '../span.ts';
import type { Coverage, Gap } from '../usage.ts';
import type { GapSettings } from './config/gaps.ts';
import { lateness, type Scrapes, type TargetScrapes } from './scrapes.ts';
import { clipped, difference, lengthOf, union } from './timeline.ts';

const maxGaps = 100;

export interface CoverageInput {
  readonly scrapes: Scrapes;
  readonly gaps: GapSettings;
  readonly nowMs: number;
  /** Whether what happened in a gap of the target is known all the same, by what was scraped after it. */
  readonly isBridged: (targetKey: string, gap: Span) => boolean;
}

/** How much of a window was seen, and whether it waits. */
export function coverageOf(window: Span, { scrapes, gaps, nowMs, isBridged }: CoverageInput): Coverage {
  const found: Gap[] = [];
  let expectedScrapes = 0;
  let seenScrapes = 0;
  let expectedMs = 0;
  let unknownMs = 0;
  let gapMs = 0;
  for (const [key, target] of scrapes.targets) {
    const expected = clipped(expectedSpans(target, scrapes.dark), window);
    const seen = target.okMs.reduce((sum, ms) => sum + (ms >= window.startMs && ms < window.endMs ? 1 : 0), 0);
    seenScrapes += seen;
    expectedScrapes += Math.max(seen, Math.round(lengthOf(expected) / target.intervalMs));
    expectedMs += lengthOf(expected);
    for (const gap of gapsOf(target, scrapes.dark)) {
      for (const span of clipped([gap], window)) {
        gapMs += span.endMs - span.startMs;
        if (!isBridged(key, gap)) unknownMs += span.endMs - span.startMs;
        found.push({ span, where: `${target.job} ${target.instance}`, policy: gaps.policy });
      }
    }
  }
  const mayWait = nowMs < window.endMs + gaps.holdForMs;
  const isThin = expectedMs > 0 && 1 - unknownMs / expectedMs < gaps.minCoverage;
  // What comes later is what proves that nothing is missing, whatever the policy.
  const isOpen = scrapes.newestMs < window.endMs - lateness * scrapes.intervalMs;
  return {
    expectedScrapes,
    seenScrapes,
    gaps: found.sort(byLength).slice(0, maxGaps),
    gapMs,
    isHeld: mayWait && ((gaps.policy === 'hold' && isThin) || isOpen),
  };
}

/** When the target should have been scraped: between attempts, and after the last one only while Prometheus itself was not there. */
export function expectedSpans({ attempts, intervalMs }: TargetScrapes, dark: readonly Span[]): readonly Span[] {
  const first = attempts.timesMs[0];
  const last = attempts.timesMs.at(-1);
  if (first === undefined || last === undefined) return [];
  const after = clipped(dark, { startMs: last, endMs: Number.POSITIVE_INFINITY });
  // A darkness that begins while the last scrape still counts goes on from there.
  return union([
    { startMs: first, endMs: last + intervalMs },
    ...after.map(({ startMs, endMs }) => ({ startMs: startMs <= last + 2.5 * intervalMs ? last : startMs, endMs })),
  ]);
}

/** Stretches of expected time without a successful scrape, in full length. */
export function gapsOf(target: TargetScrapes, dark: readonly Span[]): readonly Span[] {
  const late = lateness * target.intervalMs;
  const seen = union(Array.from(target.okMs, (startMs) => ({ startMs, endMs: startMs + late })));
  return difference(expectedSpans(target, dark), seen);
}

function byLength(a: Gap, b: Gap): number {
  return (
    b.span.endMs - b.span.startMs - (a.span.endMs - a.span.startMs) ||
    a.span.startMs - b.span.startMs ||
    (a.where < b.where ? -1 : 1)
  );
}
