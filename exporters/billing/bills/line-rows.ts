import { exact, exactShare, times } from '../exact.ts';
import type { LedgerEntry, UsageTotal } from '../ledger/ledger.ts';
import type { Meter } from '../meters/meter.ts';
import type { RatedLine } from '../pricing/rated.ts';
import type { Span } from '../span.ts';
import type { Attribution, TenantDirectory } from '../subjects/tenant-directory.ts';
import { type ExactQuantity, type Share, type UsageKey, wholeShare } from '../usage.ts';

/** What decides which usage is in a line. */
export interface LineScope {
  readonly line: RatedLine;
  readonly tenant: string;
  readonly directory: Pick<TenantDirectory, 'attribute' | 'cuts'>;
  readonly meter: Meter;
  /** Parts of the line's time in which its price held, and whose attributions do not change; in order. */
  readonly pieces: readonly Span[];
  /** Whether an attribution of the tenant is in the line. */
  readonly belongs: (line: RatedLine, attribution: Attribution) => boolean;
  /** MIG instances with a price of their own are counted whole, all else by its part of the GPU. */
  readonly isByShare: boolean;
}

/** A part of a row, or a whole one, that is in the line. */
export interface CountedPart {
  readonly attribution: Attribution;
  /** In units of the price, such as GPU hours. */
  readonly counted: ExactQuantity;
}

/** What it is that was used: the states of usage in lines of this kind. */
export function stateOf({ kind, corrects }: RatedLine): 'used' | 'idle' | undefined {
  switch (corrects?.kind ?? kind) {
    case 'usage':
    case 'overage':
      return 'used';
    case 'idle':
      return 'idle';
    default:
      return undefined;
  }
}

/** Cuts spans where an attribution may change. */
export function cutBy(spans: readonly Span[], directory: Pick<TenantDirectory, 'cuts'>): readonly Span[] {
  return spans.flatMap((span) => {
    const borders = [span.startMs, ...[...directory.cuts(span)].sort((a, b) => a - b), span.endMs];
    return borders
      .slice(1)
      .map((endMs, index) => ({ startMs: borders[index] ?? span.startMs, endMs }))
      .filter(({ startMs, endMs }) => endMs > startMs);
  });
}

/** What of a row is in the line, one for each rule that gives a part of it to the tenant. */
export function partsOfEntry(entry: LedgerEntry, scope: LineScope): readonly CountedPart[] {
  if (!isOfLine(entry, scope.line)) return [];
  return scope.pieces.flatMap((piece) => {
    const quantity = quantityWithin(entry, piece);
    return quantity === 0n ? [] : partsOf(entry, quantity, piece.startMs, scope);
  });
}

/** The same of a sum of rows in a piece of the line. */
export function partsOfTotal(total: UsageTotal, scope: LineScope): readonly CountedPart[] {
  const piece = scope.pieces[total.bucket];
  return piece === undefined || !isOfLine(total, scope.line)
    ? []
    : partsOf(total, total.quantity, piece.startMs, scope);
}

/** As the ledger divides a row by time: cut towards 0, so that parts add up to the whole, and a row and its reversal to nothing. */
export function quantityWithin({ span, quantity }: Pick<LedgerEntry, 'span' | 'quantity'>, within: Span): bigint {
  const from = Math.max(span.startMs, within.startMs) - span.startMs;
  const to = Math.min(span.endMs, within.endMs) - span.startMs;
  if (to <= from) return 0n;
  const length = BigInt(span.endMs - span.startMs);
  return (quantity * BigInt(to)) / length - (quantity * BigInt(from)) / length;
}

export function isOfLine({ meter, cluster, sku, state }: UsageKey, line: RatedLine): boolean {
  return meter === line.meter && cluster === line.cluster && sku === line.sku && state === stateOf(line);
}

function partsOf(key: UsageKey, quantity: bigint, atMs: number, scope: LineScope): readonly CountedPart[] {
  const { directory, tenant, line, meter, belongs, isByShare } = scope;
  const units = times(exact(quantity, meter.unit.perPriced), exactShare(isByShare ? key.share : wholeShare));
  return directory
    .attribute(key, atMs)
    .filter((attribution) => attribution.tenant === tenant && belongs(line, attribution))
    .map((attribution) => ({ attribution, counted: times(units, exactShare(attribution.share)) }));
}

/** 1, 1/4 */
export function shareText({ num, den }: Share): string {
  return den === 1 ? String(num) : `${num}/${den}`;
}
