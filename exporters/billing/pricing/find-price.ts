import type { Price } from './price-book.ts';
import { holdsAt } from './read-values.ts';

export interface PricedThing {
  readonly meter: string;
  readonly sku: string;
  readonly cluster: string;
  readonly currency: string;
}

export interface FoundPrice {
  readonly price: Price;
  /** True for a price of a MIG profile: it is for an instance, however much of a GPU that is. Else it is for a whole, of which a share is paid. */
  readonly isPerInstance: boolean;
  /** What the price is for: the SKU, or the model of the GPU for a MIG profile without a price of its own. */
  readonly pricedSku: string;
  /** Another price that is for it just as exactly. */
  readonly rival: Price | undefined;
}

export type PriceLookup = (thing: PricedThing, atMs: number) => FoundPrice | undefined;

/** Between the model and the MIG profile in a SKU. */
export const migMark = ' MIG ';

/**
 * An exact SKU decides before a pattern, the pattern with more characters before the other, then a price for the cluster before one for all.
 * A MIG profile without a price of its own costs its share of what the model costs; patterns without MIG in them do not match profiles.
 */
export function createPriceLookup(prices: readonly Price[]): PriceLookup {
  const byMeter = new Map<string, Price[]>();
  for (const price of prices) byMeter.set(price.meter, [...(byMeter.get(price.meter) ?? []), price]);
  const remembered = new Map<string, readonly FoundPrice[]>();

  function candidatesOf(thing: PricedThing): readonly FoundPrice[] {
    const key = JSON.stringify([thing.meter, thing.sku, thing.cluster, thing.currency]);
    const found = remembered.get(key) ?? rankedFor(byMeter.get(thing.meter) ?? [], thing);
    remembered.set(key, found);
    return found;
  }

  return (thing, atMs) => {
    const [first, second] = candidatesOf(thing).filter(({ price }) => holdsAt(price.validity, atMs));
    if (first === undefined || second === undefined) return first;
    const isTie = first.isPerInstance === second.isPerInstance && comparePrices(first.price, second.price) === 0;
    return isTie ? { ...first, rival: second.price } : first;
  };
}

function rankedFor(prices: readonly Price[], { sku, cluster, currency }: PricedThing): readonly FoundPrice[] {
  const fitting = prices
    .filter((price) => price.currency === currency && (price.cluster === undefined || price.cluster === cluster))
    .toSorted(comparePrices);
  const mark = sku.indexOf(migMark);
  if (mark < 0) return fitting.filter((price) => price.sku.matches(sku)).map((price) => foundFor(price, sku, false));
  const model = sku.slice(0, mark);
  const isForProfile = (price: Price) => price.sku.text.includes(migMark);
  return [
    ...fitting
      .filter((price) => isForProfile(price) && price.sku.matches(sku))
      .map((price) => foundFor(price, sku, true)),
    ...fitting
      .filter((price) => !isForProfile(price) && price.sku.matches(model))
      .map((price) => foundFor(price, model, false)),
  ];
}

function foundFor(price: Price, pricedSku: string, isPerInstance: boolean): FoundPrice {
  return { price, pricedSku, isPerInstance, rival: undefined };
}

function comparePrices(left: Price, right: Price): number {
  return (
    Number(right.sku.isExact) - Number(left.sku.isExact) ||
    right.sku.weight - left.sku.weight ||
    Number(right.cluster !== undefined) - Number(left.cluster !== undefined)
  );
}
