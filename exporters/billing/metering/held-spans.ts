import type { Span } from '../span.ts';
import type { Holding } from './accrual.ts';
import { grainsOf } from './grains.ts';
import { divideOverlaps } from './overlaps.ts';
import { lengthOf, unionOf, within, without } from './spans.ts';
import { withinSpan } from './within-span.ts';

/** The moments at which a holder had a device. */
export interface Held {
  readonly holding: Holding;
  /** Sorted, without overlaps. */
  readonly spans: readonly Span[];
  /** What was counted beyond the time that there was: the holder had it `times` more. */
  readonly surplus: readonly Surplus[];
}

export interface Surplus extends Span {
  readonly times: number;
}

export interface HeldOptions {
  /** When the device cannot have been had, because what it is a part of was, or its parts were. */
  readonly taken?: readonly Span[];
  /** When several holders may have the device at once, because replicas of it are known. */
  readonly shared: readonly Span[];
  readonly toleranceMs: number;
}

/**
 * Turns how much into when, for the holders of one GPU or one instance. A piece that is as long as its amount is a moment of which nothing is left
 * open. The others are spread over the time that nobody has, evenly by the minute, as far as there is any.
 */
export function heldSpans(
  holdings: readonly Holding[],
  { shared, toleranceMs, taken = [] }: HeldOptions,
): readonly Held[] {
  const parts = holdings.map((holding) => ({ holding, surplus: [], ...partsOf(holding) }));
  if (parts.length === 1 && parts.every(({ loose }) => loose.length === 0)) return parts;
  const all = parts.map(({ holding, loose, spans }) => ({
    holding,
    loose,
    spans: [...spans],
    surplus: [] as Surplus[],
  }));
  for (const { holding, loose, spans, surplus } of all) {
    for (const piece of loose) {
      const isAlone = hadAlone(holding, piece);
      const apart = all.filter((other) => isAlone || other.holding.divided === undefined);
      const byOthers = without(unionOf(apart.flatMap((other) => other.spans)), shared);
      const free = without([piece], unionOf([...byOthers, ...spans, ...taken]));
      const room = Math.min(piece.amount, lengthOf(free));
      spans.push(...spread(piece, free, room));
      if (piece.amount - room > toleranceMs) surplus.push(...surplusOf(piece, piece.amount - room));
    }
    spans.sort((left, right) => left.startMs - right.startMs);
  }
  return divideOverlaps(all, { shared, toleranceMs });
}

/** As far as clocks and rounding go. */
const aloneMs = 1000;

/** Nobody else had the device in these moments: there is no divided time, or it is as long. Who shares may have it at once with others. */
function hadAlone({ divided }: Holding, piece: LoosePiece): boolean {
  return divided === undefined || BigInt(piece.amount - aloneMs) <= withinSpan(divided, piece);
}

/** When the holders surely had the device: pieces that are as long as their amounts. */
export function momentsOf(holdings: readonly Holding[]): readonly Span[] {
  return unionOf(holdings.flatMap((holding) => partsOf(holding).spans));
}

interface LoosePiece extends Span {
  readonly amount: number;
}

function partsOf({ held: { fromMs, toMs, amounts } }: Holding): {
  readonly spans: readonly Span[];
  readonly loose: readonly LoosePiece[];
} {
  const [spans, loose]: [Span[], LoosePiece[]] = [[], []];
  for (let at = 0; at < fromMs.length; at++) {
    const [startMs = 0, endMs = 0, amount = 0] = [fromMs[at], toMs[at], amounts[at]];
    if (amount <= 0) continue;
    if (amount === endMs - startMs) spans.push({ startMs, endMs });
    else loose.push({ startMs, endMs, amount });
  }
  return { spans, loose };
}

/** As many ms as `amount` says of the free ones, evenly by the minute. */
function spread(span: Span, free: readonly Span[], amount: number): readonly Span[] {
  const room = lengthOf(free);
  const spans: Span[] = [];
  let [passed, given] = [0, 0];
  for (const grain of amount === 0 ? [] : grainsOf(span)) {
    const here = within(free, grain);
    passed += lengthOf(here);
    const due = Number((BigInt(amount) * BigInt(passed)) / BigInt(room));
    spans.push(...firstOf(here, due - given));
    given = due;
  }
  return spans;
}

function firstOf(spans: readonly Span[], lengthMs: number): readonly Span[] {
  const first: Span[] = [];
  let left = lengthMs;
  for (const { startMs, endMs } of spans) {
    const taken = Math.min(left, endMs - startMs);
    if (taken > 0) first.push({ startMs, endMs: startMs + taken });
    left -= taken;
  }
  return first;
}

/** The whole span as often as it is held, and the rest at its end. */
function surplusOf({ startMs, endMs }: Span, amount: number): readonly Surplus[] {
  const length = endMs - startMs;
  const times = Math.floor(amount / length);
  const rest = amount - times * length;
  return [
    ...(times > 0 ? [{ startMs, endMs, times }] : []),
    ...(rest > 0 ? [{ startMs: endMs - rest, endMs, times: 1 }] : []),
  ];
}
