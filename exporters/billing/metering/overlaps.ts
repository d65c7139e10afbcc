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
    const parts = holders.every(({ holding }) => holding.divided !== undefined)
      ? divided(holders, overlap)
      : overlap.endMs - overlap.startMs <= toleranceMs
        ? givenToLast(holders, overlap)
        : undefined;
    if (parts === undefined) continue;
    for (const held of holders) {
      const rest = without(spansOf.get(held) ?? [], [overlap]);
      spansOf.set(held, unionOf([...rest, ...(parts.get(held) ?? [])]));
    }
  }
  return all.map((held) => ({ ...held, spans: spansOf.get(held) ?? [] }));
}

type Parts = ReadonlyMap<Held, readonly Span[]>;

function divided(holders: readonly Held[], overlap: Span): Parts {
  const parts = new Map(holders.map((held): [Held, Span[]] => [held, []]));
  const edges = holders.flatMap(({ spans }) =>
    within(spans, overlap).flatMap(({ startMs, endMs }) => [startMs, endMs]),
  );
  for (const stretch of cutAt(overlap, edges).flatMap(grainsOf)) {
    const present = holders.filter(({ spans }) => within(spans, stretch).length > 0);
    const amounts = present.map(({ holding: { divided: accrual } }) =>
      accrual === undefined ? 0 : Number(withinSpan(accrual, stretch)),
    );
    const isKnown = amounts.some((amount) => amount > 0);
    let left = isKnown ? amounts.reduce((sum, amount) => sum + amount) : present.length;
    let from = stretch.startMs;
    for (const [at, held] of present.entries()) {
      const weight = isKnown ? (amounts[at] ?? 0) : 1;
      const length = left === 0 ? 0 : Math.floor(((stretch.endMs - from) * weight) / left);
      if (length > 0) parts.get(held)?.push({ startMs: from, endMs: from + length });
      from += length;
      left -= weight;
    }
  }
  return parts;
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
