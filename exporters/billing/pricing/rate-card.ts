import type { Contract } from './contract.ts';
import { Decimal } from './decimal.ts';
import { createPriceLookup, type FoundPrice, type PricedThing, type PriceLookup } from './find-price.ts';
import type { Conversion, PackageModel, Price, TieredModel } from './price-book.ts';
import { holdsAt } from './read-values.ts';
import type { Pricing } from './segments.ts';
import { slotAt } from './time-of-day.ts';

/** What units cost at a time, in the currency of the bill. */
export interface RateCard {
  /** The same for the same price, slot and conversion. */
  readonly key: string;
  readonly price: Price;
  readonly slotName: string | undefined;
  readonly conversion: Conversion | undefined;
  readonly pricedSku: string;
  readonly isPerInstance: boolean;
  /** What a unit costs, or the model by which many cost more than one; the latter in the currency of the price. */
  readonly cost:
    | { readonly kind: 'unit'; readonly price: Decimal }
    | { readonly kind: 'steps'; readonly model: PackageModel | TieredModel };
}

export interface RateCards {
  readonly list: RateCard;
  /** The same as list without a contract that says otherwise. */
  readonly contracted: RateCard;
}

export interface CardRequest extends PricedThing {
  readonly kind: 'usage' | 'idle';
  readonly contract: Contract | undefined;
}

export type FindCards = (
  request: CardRequest,
  atMs: number,
) => { readonly cards: RateCards | undefined; readonly problems: readonly string[] };

/** Answers are remembered; problems are those of the prices, without saying whose usage or when. */
export function createCards({ priceBook, contracts }: Pricing): FindCards {
  const inBook = createPriceLookup(priceBook.prices);
  const inContract = new Map(contracts.map((contract) => [contract, createPriceLookup(contract.prices)]));
  const remembered = new Map<string, ReturnType<FindCards>>();
  const none: PriceLookup = () => undefined;

  function find(request: CardRequest, atMs: number): ReturnType<FindCards> {
    const agreed = request.contract === undefined ? none : (inContract.get(request.contract) ?? none);
    const problems: string[] = [];
    const cardFor = (found: FoundPrice | undefined, conversion?: Conversion) => {
      if (found?.rival !== undefined)
        problems.push(
          `${found.price.id} and ${found.rival.id} are both the price of ${nameOf(request)}; make one more exact`,
        );
      return found === undefined ? undefined : cardOf(found, request.kind, conversion, atMs);
    };
    const special = agreedCard();
    const list = cardFor(inBook(request, atMs)) ?? converted();
    const first = list ?? special;
    if (first === undefined) return { cards: undefined, problems: [...problems, ...missing()] };
    return { cards: { list: first, contracted: special ?? first }, problems };

    function agreedCard(): RateCard | undefined {
      const found = agreed(request, atMs);
      return request.kind === 'idle' && found?.price.idlePrice === undefined ? undefined : cardFor(found);
    }

    function converted(): RateCard | undefined {
      const found = inBook({ ...request, currency: priceBook.currency }, atMs);
      const conversion = conversionAt(priceBook.conversions, priceBook.currency, request.currency, atMs);
      return conversion === undefined ? undefined : cardFor(found, conversion);
    }

    function missing(): readonly string[] {
      if (problems.length > 0) return [];
      const found = inBook({ ...request, currency: priceBook.currency }, atMs);
      const what = request.kind === 'idle' ? 'idle price' : 'price';
      if (found === undefined) return [`no ${what} for ${nameOf(request)}; add one to prices`];
      if (cardOf(found, request.kind, undefined, atMs) === undefined)
        return [`no idle price for ${nameOf(request)}: ${found.price.id} has tiers; give it an idle_price`];
      return [
        `no conversion from ${priceBook.currency} to ${request.currency} for ${nameOf(request)}; add one to currency.conversions`,
      ];
    }
  }

  return (request, atMs) => {
    const { kind, meter, sku, cluster, currency, contract } = request;
    const key = JSON.stringify([kind, meter, sku, cluster, currency, contract?.id, atMs]);
    const found = remembered.get(key) ?? find(request, atMs);
    remembered.set(key, found);
    return found;
  };
}

function nameOf({ meter, sku, cluster }: CardRequest): string {
  return `meter ${meter}, ${sku === '' ? 'without SKU' : `SKU ${sku}`}, cluster ${cluster}`;
}

/** Undefined for idle time of a price with tiers; a contract says what idle time costs only by idle_price. */
function cardOf(
  found: FoundPrice,
  kind: 'usage' | 'idle',
  conversion: Conversion | undefined,
  atMs: number,
): RateCard | undefined {
  const { price, pricedSku, isPerInstance } = found;
  const slot = kind === 'idle' && price.idlePrice !== undefined ? undefined : slotAt(price, atMs);
  const unit = kind === 'idle' && price.idlePrice !== undefined ? price.idlePrice : (slot?.price ?? unitOf(price));
  const rate = conversion?.rate ?? new Decimal(1);
  if (unit === undefined && kind === 'idle') return undefined;
  return {
    key: [price.key, slot?.name, conversion === undefined ? undefined : `×${rate.toFixed()}`].filter(Boolean).join(' '),
    price,
    slotName: slot?.name,
    conversion,
    pricedSku,
    isPerInstance,
    cost: unit === undefined ? stepsOf(price) : { kind: 'unit', price: unit.times(rate) },
  };
}

function unitOf({ model }: Price): Decimal | undefined {
  return model.kind === 'unit' ? model.price : undefined;
}

function stepsOf({ model }: Price): RateCard['cost'] {
  if (model.kind === 'unit') throw new RangeError('a unit price has no steps');
  return { kind: 'steps', model };
}

function conversionAt(
  conversions: readonly Conversion[],
  from: string,
  to: string,
  atMs: number,
): Conversion | undefined {
  return conversions.find((each) => each.from === from && each.to === to && holdsAt(each.validity, atMs));
}
