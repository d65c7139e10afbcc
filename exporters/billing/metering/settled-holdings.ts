import type { Span } from '../span.ts';
import type { DeviceInput, Holding } from './accrual.ts';
import { canonicalHolder } from './canonical.ts';
import { type Held, heldSpans, momentsOf } from './held-spans.ts';
import { overlapsOf, unionOf, without } from './spans.ts';

/**
 * The moments at which each holder had the GPU or an instance of it, in an order that does not depend on that of the input. Where a GPU changes between
 * whole and divided, and at the edges of its installation, sources lag: what is within the tolerance is taken away there.
 */
export function settledHoldings(device: DeviceInput, installed: readonly Span[], toleranceMs: number): readonly Held[] {
  const shared = unionOf(device.replicas.filter(({ replicas }) => replicas > 1).map(({ span }) => span));
  const holdings = inOrder(device.holdings);
  const units = [...new Set(holdings.map(({ gpuInstanceId }) => gpuInstanceId))];
  const ofUnit = (unit: string): readonly Holding[] => holdings.filter(({ gpuInstanceId }) => gpuInstanceId === unit);
  const parts = units.filter((unit) => unit !== '');
  const certain = parts.length === units.length ? [] : momentsOf(parts.flatMap(ofUnit));
  const whole = heldSpans(ofUnit(''), { shared, toleranceMs, taken: certain });
  const taken = unionOf(whole.flatMap(({ spans }) => spans));
  const all = [...whole, ...parts.flatMap((unit) => heldSpans(ofUnit(unit), { shared, toleranceMs, taken }))];
  const trimmed = all.map((held) => ({ ...held, spans: withoutShort(held.spans, installed, toleranceMs) }));
  return units.length > 1 && units.includes('') ? apart(trimmed, toleranceMs) : trimmed;
}

function inOrder(holdings: readonly Holding[]): readonly Holding[] {
  if (holdings.length < 2) return holdings;
  const textOf = ({ gpuInstanceId, profile, holder, held }: Holding): string =>
    JSON.stringify([gpuInstanceId, profile, canonicalHolder(holder), held.fromMs[0] ?? 0, held.toMs.at(-1) ?? 0]);
  return holdings
    .map((holding) => ({ holding, text: textOf(holding) }))
    .sort((left, right) => (left.text < right.text ? -1 : Number(left.text > right.text)))
    .map(({ holding }) => holding);
}

/** Without short pieces outside what is allowed. */
function withoutShort(spans: readonly Span[], allowed: readonly Span[], toleranceMs: number): readonly Span[] {
  const short = without(spans, allowed).filter(({ startMs, endMs }) => endMs - startMs <= toleranceMs);
  return short.length === 0 ? spans : without(spans, short);
}

/** Of a short overlap of the whole GPU and one of its instances, the later of the two has it. */
function apart(all: readonly Held[], toleranceMs: number): readonly Held[] {
  const whole = unionOf(all.filter(({ holding }) => holding.gpuInstanceId === '').flatMap(({ spans }) => spans));
  const parts = unionOf(all.filter(({ holding }) => holding.gpuInstanceId !== '').flatMap(({ spans }) => spans));
  const short = overlapsOf([...whole, ...parts]).filter(({ startMs, endMs }) => endMs - startMs <= toleranceMs);
  const isOfWhole = (overlap: Span): boolean => endAt(whole, overlap) > endAt(parts, overlap);
  const [ofWhole, ofParts] = [short.filter(isOfWhole), short.filter((overlap) => !isOfWhole(overlap))];
  return all.map((held) => ({
    ...held,
    spans: without(held.spans, held.holding.gpuInstanceId === '' ? ofParts : ofWhole),
  }));
}

function endAt(spans: readonly Span[], { startMs }: Span): number {
  return spans.find((span) => span.startMs <= startMs && span.endMs > startMs)?.endMs ?? startMs;
}
