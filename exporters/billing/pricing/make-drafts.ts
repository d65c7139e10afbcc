import { exact, exactShare, nothing, plus, times } from '../exact.ts';
import type { Meter } from '../meters/meter.ts';
import type { Span } from '../span.ts';
import type { ExactQuantity } from '../usage.ts';
import { type Bucket, bucketIn } from './buckets.ts';
import type { Contract } from './contract.ts';
import { type Decimal, zero } from './decimal.ts';
import type { Draft } from './draft.ts';
import { timesQuantity } from './exact-decimal.ts';
import { lineId } from './line-id.ts';
import { meteredSteps } from './metered-steps.ts';
import type { Piece } from './piece.ts';
import type { Problems } from './problems.ts';
import type { FindCards, RateCard, RateCards } from './rate-card.ts';
import { show, showQuantity } from './show.ts';
import { costByMember, type Member } from './step-costs.ts';
import { termsKey } from './terms-key.ts';

export interface DraftsInput {
  readonly tenant: string;
  readonly currency: string;
  readonly pieces: readonly Piece[];
  readonly buckets: ReadonlyMap<number, Bucket>;
  readonly meters: ReadonlyMap<string, Meter>;
  readonly contractAt: (atMs: number) => Contract | undefined;
  readonly findCards: FindCards;
  readonly problems: Problems;
}

interface Rated {
  readonly piece: Piece;
  readonly bucket: Bucket;
  readonly meter: Meter;
  readonly contract: Contract | undefined;
  readonly cards: RateCards;
  /** Name of the contract, and which of its terms hold. */
  readonly terms: readonly string[];
  readonly listQuantity: ExactQuantity;
  readonly quantity: ExactQuantity;
}

/** What one tenant has, in lines each of which has one price. Usage without a price becomes a problem. */
export function makeDrafts(input: DraftsInput): readonly Draft[] {
  const groups = new Map<string, Rated[]>();
  for (const piece of input.pieces) {
    const rated = ratedOf(piece, input);
    if (rated === undefined) continue;
    const key = keyOf(rated);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [rated]);
    else group.push(rated);
  }
  const listCosts = costByMember([...groups].flatMap(([key, group]) => membersOf(key, group, 'list')));
  const costs = costByMember([...groups].flatMap(([key, group]) => membersOf(key, group, 'contracted')));
  return [...groups].map(([key, group]) => draftOf(key, group, input, { listCosts, costs }));
}

function ratedOf(
  piece: Piece,
  { currency, buckets, meters, contractAt, findCards, problems }: DraftsInput,
): Rated | undefined {
  const bucket = bucketIn(buckets, piece.bucket);
  const meter = meters.get(piece.meter);
  if (meter === undefined) {
    problems.add(
      piece.tenant,
      `the ledger has the meter ${piece.meter}, which is not in meters; add it`,
      bucket.firstMs,
    );
    return undefined;
  }
  const contract = contractAt(bucket.firstMs);
  const { kind, sku, cluster } = piece;
  const found = findCards({ kind, meter: piece.meter, sku, cluster, currency }, contract, bucket.firstMs);
  for (const problem of found.problems) problems.add(piece.tenant, problem, bucket.firstMs);
  if (found.cards === undefined) return undefined;
  const { list, contracted } = found.cards;
  return {
    piece,
    bucket,
    meter,
    contract,
    cards: found.cards,
    terms: contract === undefined ? [] : [contract.name, termsKey(contract, bucket.firstMs)],
    listQuantity: pricedQuantity(piece, meter, list),
    quantity: pricedQuantity(piece, meter, contracted),
  };
}

function pricedQuantity({ amount, part, share }: Piece, { unit }: Meter, { isPerInstance }: RateCard): ExactQuantity {
  const units = times(exact(amount, unit.perPriced), part);
  return isPerInstance ? units : times(units, exactShare(share));
}

function keyOf({ piece, cards: { list, contracted }, terms }: Rated): string {
  const { meter, sku, cluster, costCentre, origin } = piece;
  const parts = [piece.kind, meter, sku, cluster, costCentre, origin, list.key, ...terms];
  return lineId(...parts, ...(contracted === list ? [] : [contracted.key]));
}

function membersOf(key: string, group: readonly Rated[], side: 'list' | 'contracted'): readonly Member[] {
  return group.flatMap(({ piece, cards, terms, listQuantity, quantity }) => {
    const card = cards[side];
    if (card.cost.kind === 'unit') return [];
    return [
      {
        key,
        card,
        model: card.cost.model,
        rate: card.conversion?.rate,
        bucket: piece.bucket,
        terms: terms.join(' '),
        quantity: side === 'list' ? listQuantity : quantity,
      },
    ];
  });
}

interface Costs {
  readonly listCosts: ReturnType<typeof costByMember>;
  readonly costs: ReturnType<typeof costByMember>;
}

function draftOf(
  key: string,
  group: readonly Rated[],
  { tenant, currency }: DraftsInput,
  { listCosts, costs }: Costs,
): Draft {
  const [first] = group;
  if (first === undefined) throw new RangeError('a line of nothing');
  const { piece, meter, contract, cards } = first;
  const listQuantity = sum(group.map((each) => each.listQuantity));
  const quantity = sum(group.map((each) => each.quantity));
  const list = sideOf(cards.list, listQuantity, listCosts.get(key), currency);
  const contracted =
    cards.contracted === cards.list ? list : sideOf(cards.contracted, quantity, costs.get(key), currency);
  return {
    key: key.slice(key.indexOf('|') + 1),
    kind: piece.kind,
    tenant,
    currency,
    costCentre: piece.costCentre,
    origin: piece.origin,
    meter,
    sku: piece.sku,
    cluster: piece.cluster,
    contract,
    list: cards.list,
    card: cards.contracted,
    span: hullOf(group.map(({ bucket }) => bucket.span)),
    listQuantity,
    quantity,
    listCost: list.cost,
    contractedCost: contracted.cost,
    steps: [
      ...meteredSteps(
        group.map((each) => each.piece),
        meter,
        cards.contracted,
        quantity,
      ),
      ...list.steps.map((step) => `list price ${cards.list.price.id}: ${step}`),
      ...(contracted === list
        ? []
        : contracted.steps.map((step) => `contract ${contract?.name}, ${cards.contracted.price.id}: ${step}`)),
    ],
    isDivided: group.some((each) => each.piece.isDivided),
  };
}

function sideOf(
  card: RateCard,
  quantity: ExactQuantity,
  stepped: { readonly cost: Decimal; readonly steps: readonly string[] } | undefined,
  currency: string,
): { readonly cost: Decimal; readonly steps: readonly string[] } {
  if (card.cost.kind === 'steps') return stepped ?? { cost: zero, steps: [] };
  const cost = timesQuantity(card.cost.price, quantity);
  const conversion = card.conversion === undefined ? '' : ` (converted at ${show(card.conversion.rate)})`;
  const slot = card.slotName === undefined ? '' : `, ${card.slotName}`;
  return {
    cost,
    steps: [
      `${showQuantity(quantity)} × ${show(card.cost.price)} ${currency}${conversion}${slot} = ${show(cost)} ${currency}`,
    ],
  };
}

function sum(quantities: readonly ExactQuantity[]): ExactQuantity {
  return quantities.reduce(plus, nothing);
}

function hullOf(spans: readonly Span[]): Span {
  return {
    startMs: Math.min(...spans.map(({ startMs }) => startMs)),
    endMs: Math.max(...spans.map(({ endMs }) => endMs)),
  };
}
