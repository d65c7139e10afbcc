import { firstAtOrAfter } from '../../../kit/prometheus-api/columns.ts';
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
export function coverageOf(window: Span, input: CoverageInput): Coverage {
  const { scrapes, gaps, nowMs } = input;
  const ofTargets = [...scrapes.targets.keys()].map((key) => coverageOfTarget(key, window, input));
  const total = (part: (of: TargetCoverage) => number): number => ofTargets.reduce((sum, of) => sum + part(of), 0);
  const expectedMs = total((of) => of.expectedMs);
  const mayWait = nowMs < window.endMs + gaps.holdForMs;
  const isThin = expectedMs > 0 && 1 - total((of) => of.unknownMs) / expectedMs < gaps.minCoverage;
  // What comes later is what proves that nothing is missing, whatever the policy.
  const isOpen = scrapes.newestMs < window.endMs - lateness * scrapes.intervalMs;
  return {
    expectedScrapes: total((of) => of.expectedScrapes),
    seenScrapes: total((of) => of.seenScrapes),
    gaps: ofTargets
      .flatMap((of) => of.gaps)
      .sort(byLength)
      .slice(0, maxGaps),
    gapMs: total((of) => lengthOf(of.gaps.map(({ span }) => span))),
    isHeld: mayWait && ((gaps.policy === 'hold' && isThin) || isOpen),
  };
}

interface TargetCoverage {
  readonly expectedScrapes: number;
  readonly seenScrapes: number;
  readonly expectedMs: number;
  /** Of which nobody can say what happened. */
  readonly unknownMs: number;
  readonly gaps: readonly Gap[];
}

function coverageOfTarget(key: string, window: Span, { scrapes, gaps, isBridged }: CoverageInput): TargetCoverage {
  const target = scrapes.targets.get(key);
  if (target === undefined) throw new RangeError(`there is no target ${key}`);
  const expectedMs = lengthOf(clipped(expectedSpans(target, scrapes.dark), window));
  const seen = firstAtOrAfter(target.okMs, window.endMs) - firstAtOrAfter(target.okMs, window.startMs);
  const all = gapsOf(target, scrapes.dark);
  const unknown = all.filter((gap) => !isBridged(key, gap));
  return {
    expectedScrapes: Math.max(seen, Math.round(expectedMs / target.intervalMs)),
    seenScrapes: seen,
    expectedMs,
    unknownMs: lengthOf(clipped(unknown, window)),
    gaps: clipped(all, window).map((span) => ({
      span,
      where: `${target.job} ${target.instance}`,
      policy: gaps.policy,
    })),
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
