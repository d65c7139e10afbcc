import type { Contract } from './contract.ts';
import { Decimal } from './decimal.ts';
import { createPriceLookup, type FoundPrice, type PricedThing } from './find-price.ts';
import type { Conversion, PackageModel, Price, PriceBook, TieredModel } from './price-book.ts';
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
}

export interface FoundCards {
  readonly cards: RateCards | undefined;
  /** Those of the prices, without saying whose usage or when. */
  readonly problems: readonly string[];
}

export type FindCards = (request: CardRequest, contract: Contract | undefined, atMs: number) => FoundCards;

interface FoundCard {
  readonly card: RateCard | undefined;
  readonly problems: readonly string[];
}

/** Answers are remembered. */
export function createCards({ priceBook, contracts }: Pricing): FindCards {
  const listCard = rememberingCards(createListCards(priceBook));
  const agreed = new Map(
    contracts
      .filter(({ prices }) => prices.length > 0)
      .map((contract) => [contract, rememberingCards(createAgreedCards(contract))] as const),
  );
  return (request, contract, atMs) => {
    const special = contract === undefined ? undefined : agreed.get(contract)?.(request, atMs);
    const list = listCard(request, atMs);
    const first = list.card ?? special?.card;
    const problems = special?.problems ?? [];
    // What only the contract has a price for is no problem of the list.
    if (list.card === undefined && special?.card !== undefined) return { cards: both(special.card), problems };
    return {
      cards: first === undefined ? undefined : { list: first, contracted: special?.card ?? first },
      problems: [...problems, ...list.problems],
    };
  };
}

function both(card: RateCard): RateCards {
  return { list: card, contracted: card };
}

type CardLookup = (request: CardRequest, atMs: number) => FoundCard;

function rememberingCards(find: CardLookup): CardLookup {
  const remembered = new Map<string, FoundCard>();
  return (request, atMs) => {
    const { kind, meter, sku, cluster, currency } = request;
    const key = `${kind}\0${meter}\0${sku}\0${cluster}\0${currency}\0${atMs}`;
    const found = remembered.get(key) ?? find(request, atMs);
    remembered.set(key, found);
    return found;
  };
}

/** In the currency of the bill where the book has such a price, else converted. */
function createListCards({ prices, currency: bookCurrency, conversions }: PriceBook): CardLookup {
  const lookup = createPriceLookup(prices);
  return (request, atMs) => {
    const own = lookup(request, atMs);
    if (own !== undefined) return foundCard(own, request, undefined, atMs);
    const foreign = lookup({ ...request, currency: bookCurrency }, atMs);
    const what = request.kind === 'idle' ? 'idle price' : 'price';
    if (foreign === undefined) return missing(`no ${what} for ${nameOf(request)}; add one to prices`);
    const conversion = conversions.find(
      ({ from, to, validity }) => from === bookCurrency && to === request.currency && holdsAt(validity, atMs),
    );
    if (conversion !== undefined) return foundCard(foreign, request, conversion, atMs);
    const which = `from ${bookCurrency} to ${request.currency}`;
    return missing(`no conversion ${which} for ${nameOf(request)}; add one to currency.conversions`);
  };
}

/** A contract says what idle time costs only by idle_price. */
function createAgreedCards({ prices }: Contract): CardLookup {
  const lookup = createPriceLookup(prices);
  return (request, atMs) => {
    const found = lookup(request, atMs);
    if (found === undefined || (request.kind === 'idle' && found.price.idlePrice === undefined))
      return { card: undefined, problems: [] };
    return foundCard(found, request, undefined, atMs);
  };
}

function missing(problem: string): FoundCard {
  return { card: undefined, problems: [problem] };
}

function foundCard(
  found: FoundPrice,
  request: CardRequest,
  conversion: Conversion | undefined,
  atMs: number,
): FoundCard {
  const { price, rival } = found;
  const card = cardOf(found, request.kind, conversion, atMs);
  if (card === undefined)
    return missing(`no idle price for ${nameOf(request)}: ${price.id} has tiers; give it an idle_price`);
  if (rival === undefined) return { card, problems: [] };
  return {
    card,
    problems: [`${price.id} and ${rival.id} are both the price of ${nameOf(request)}; make one more exact`],
  };
}

function nameOf({ meter, sku, cluster }: CardRequest): string {
  return `meter ${meter}, ${sku === '' ? 'without SKU' : `SKU ${sku}`}, cluster ${cluster}`;
}

/** Undefined for idle time of a price with tiers. */
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
