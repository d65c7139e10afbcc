import type { Segment } from '../ledger/ledger.ts';
import type { Span } from '../span.ts';
import type { TenantDirectory } from '../subjects/tenant-directory.ts';
import type { Contract } from './contract.ts';
import type { Price, PriceBook } from './price-book.ts';
import type { Validity } from './read-values.ts';
import { slotAt, slotCuts } from './time-of-day.ts';

export interface Pricing {
  readonly priceBook: PriceBook;
  readonly contracts: readonly Contract[];
}

export interface SegmentsInput extends Pricing {
  readonly period: Span;
  readonly directory: Pick<TenantDirectory, 'cuts'>;
  /** Other prices that the same totals are to be rated with. */
  readonly alsoFor?: readonly Pricing[];
}

/**
 * The period, cut wherever a price, a contract or an attribution may change. Segments in which all of these are the same have one bucket, such as all
 * nights of a month. Buckets count from 0 in the order of time in which they begin.
 */
export function segmentsOf(input: SegmentsInput): readonly Segment[] {
  const { period } = input;
  const validityCuts = validityCutsOf(input);
  const prices = pricesOf(input).filter(({ slots }) => slots.length > 0);
  const cuts = ascending([...validityCuts, ...prices.flatMap((price) => slotCuts(price, period))]);
  const buckets = new Map<string, number>();
  return spansBetween(period, cuts).map((span) => {
    const epoch = validityCuts.filter((cut) => cut <= span.startMs).length;
    const slots = prices.map((price) => slotIndex(price, span.startMs));
    const signature = JSON.stringify([epoch, slots]);
    const bucket = buckets.get(signature) ?? buckets.size;
    buckets.set(signature, bucket);
    return { span, bucket };
  });
}

/** Throws RangeError where totals by these segments cannot be rated: something changes inside of one. */
export function checkSegments(segments: readonly Segment[], input: SegmentsInput): void {
  const needed = segmentsOf(input);
  const borders = new Map(segments.map(({ span, bucket }) => [span.startMs, bucket]));
  const bucketOf = new Map<number, number>();
  for (const { span } of needed) {
    if (!borders.has(span.startMs))
      throw new RangeError(
        `the segments have no border at ${new Date(span.startMs).toISOString()}; make them with segmentsOf`,
      );
  }
  let index = 0;
  for (const { span, bucket } of segments) {
    while ((needed[index + 1]?.span.startMs ?? Number.POSITIVE_INFINITY) <= span.startMs) index += 1;
    const meant = needed[index]?.bucket ?? 0;
    if ((bucketOf.get(bucket) ?? meant) !== meant)
      throw new RangeError(`bucket ${bucket} has segments with different prices; make them with segmentsOf`);
    bucketOf.set(bucket, meant);
  }
}

function slotIndex(price: Price, atMs: number): number {
  const slot = slotAt(price, atMs);
  return slot === undefined ? -1 : price.slots.indexOf(slot);
}

function pricesOf({ priceBook, contracts, alsoFor = [] }: SegmentsInput): readonly Price[] {
  return [{ priceBook, contracts }, ...alsoFor].flatMap((each) => [
    ...each.priceBook.prices,
    ...each.contracts.flatMap((contract) => contract.prices),
  ]);
}

function validityCutsOf(input: SegmentsInput): readonly number[] {
  const { period, directory, alsoFor = [] } = input;
  const validities = [input, ...alsoFor].flatMap(validitiesOf);
  const moments = validities.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]);
  const inside = moments.filter((each) => each > period.startMs && each < period.endMs);
  return ascending([...inside, ...directory.cuts(period)]);
}

function validitiesOf({ priceBook, contracts }: Pricing): readonly Validity[] {
  const { prices, conversions, idle } = priceBook;
  const terms = contracts.flatMap((each) => [
    each,
    ...each.prices,
    ...each.discounts,
    ...each.free,
    ...each.commitments,
    ...each.credits,
  ]);
  return [...prices, ...conversions, ...idle, ...terms].map(({ validity }) => validity);
}

function ascending(moments: readonly number[]): readonly number[] {
  return [...new Set(moments)].sort((left, right) => left - right);
}

function spansBetween({ startMs, endMs }: Span, cuts: readonly number[]): readonly Span[] {
  const borders = [startMs, ...cuts, endMs];
  return borders.slice(1).map((end, index) => ({ startMs: borders[index] ?? startMs, endMs: end }));
}
