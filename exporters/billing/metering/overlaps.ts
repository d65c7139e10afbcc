import type { Span } from '../span.ts';
import { grainsOf } from './grains.ts';
import type { Held, HeldOptions } from './held-spans.ts';
import { overlapsOf, unionOf, within, without } from './spans.ts';
import { withinSpan } from './within-span.ts';

/**
 * Settles who had a device that only one can have, where several say so at once. If the source knows how it was divided, it is divided that way. A
 * short overlap is the lag of a change of holders, and the one that stays has it. What is left goes on overlapping, and shows as an error of
 * conservation.
 */
export function divideOverlaps(all: readonly Held[], { shared, toleranceMs }: HeldOptions): readonly Held[] {
  const overlaps = without(overlapsOf(all.flatMap(({ spans }) => spans)), shared);
  if (overlaps.length === 0) return all;
  const spansOf = new Map(all.map((held) => [held, held.spans]));
  for (const overlap of overlaps) {
    const holders = all.filter((held) => within(held.spans, overlap).length > 0);
    const parts = settled(holders, overlap, toleranceMs);
    for (const held of parts === undefined ? [] : holders) {
      const rest = without(spansOf.get(held) ?? [], [overlap]);
      spansOf.set(held, unionOf([...rest, ...(parts?.get(held) ?? [])]));
    }
  }
  return all.map((held) => ({ ...held, spans: spansOf.get(held) ?? [] }));
}

type Parts = ReadonlyMap<Held, readonly Span[]>;

function settled(holders: readonly Held[], overlap: Span, toleranceMs: number): Parts | undefined {
  if (holders.every(({ holding }) => holding.divided !== undefined)) return divided(holders, overlap);
  return overlap.endMs - overlap.startMs <= toleranceMs ? givenToLast(holders, overlap) : undefined;
}

function divided(holders: readonly Held[], overlap: Span): Parts {
  const parts = new Map(holders.map((held): [Held, Span[]] => [held, []]));
  const edges = holders.flatMap(({ spans }) =>
    within(spans, overlap).flatMap(({ startMs, endMs }) => [startMs, endMs]),
  );
  for (const stretch of cutAt(overlap, edges).flatMap(grainsOf)) {
    const present = holders.filter(({ spans }) => within(spans, stretch).length > 0);
    const lengths = portions(stretch.endMs - stretch.startMs, weightsOf(present, stretch));
    let from = stretch.startMs;
    for (const [at, held] of present.entries()) {
      const to = from + (lengths[at] ?? 0);
      if (to > from) parts.get(held)?.push({ startMs: from, endMs: to });
      from = to;
    }
  }
  return parts;
}

/** What each had of the stretch by its source; all the same if it says nothing. */
function weightsOf(present: readonly Held[], stretch: Span): readonly number[] {
  const amounts = present.map(({ holding }) =>
    holding.divided === undefined ? 0 : Number(withinSpan(holding.divided, stretch)),
  );
  return amounts.some((amount) => amount > 0) ? amounts : amounts.map(() => 1);
}

/** Whole parts by weight that add up to the whole. */
function portions(whole: number, weights: readonly number[]): readonly number[] {
  let [left, weightLeft] = [whole, weights.reduce((sum, weight) => sum + weight, 0)];
  return weights.map((weight) => {
    const part = weightLeft === 0 ? 0 : Math.floor((left * weight) / weightLeft);
    left -= part;
    weightLeft -= weight;
    return part;
  });
}

function cutAt({ startMs, endMs }: Span, edges: readonly number[]): readonly Span[] {
  const inside = [...new Set(edges)].filter((edge) => edge > startMs && edge < endMs).sort((a, b) => a - b);
  const times = [startMs, ...inside, endMs];
  return inside.map((_, at) => spanOf(times, at)).concat(spanOf(times, inside.length));
}

function spanOf(times: readonly number[], at: number): Span {
  return { startMs: times[at] ?? 0, endMs: times[at + 1] ?? 0 };
}

function givenToLast(holders: readonly Held[], overlap: Span): Parts {
  const last = holders.reduce((best, held) => (endOf(held, overlap) > endOf(best, overlap) ? held : best));
  return new Map([[last, [overlap]]]);
}

/** When the holding ends that reaches into the overlap. */
function endOf({ spans }: Held, { startMs, endMs }: Span): number {
  return Math.max(...spans.filter((span) => span.startMs < endMs && span.endMs > startMs).map((span) => span.endMs));
}
