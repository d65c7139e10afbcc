import { compare, nothing, over, plus } from '../exact.ts';
import { groupBy } from '../group-by.ts';
import type { ExactQuantity } from '../usage.ts';
import { type Decimal, zero } from './decimal.ts';
import { timesQuantity } from './exact-decimal.ts';
import type { PackageModel, TieredModel } from './price-book.ts';
import type { RateCard } from './rate-card.ts';
import { show, showQuantity } from './show.ts';
import { type StepCost, stepCostOf } from './tier-cost.ts';

/** Units of a line in one bucket, whose price depends on what else the tenant used in the period. */
export interface Member {
  /** Of the line. */
  readonly key: string;
  readonly card: RateCard;
  readonly model: PackageModel | TieredModel;
  readonly rate: Decimal | undefined;
  readonly bucket: number;
  /** Contract and terms that hold then. */
  readonly terms: string;
  readonly quantity: ExactQuantity;
}

/**
 * Costs of the lines of one tenant. What it uses of a SKU in all clusters that a price is for counts together, from the beginning of the period on
 * and across changes of the price. What it costs while neither price nor terms change is divided among the lines by their units.
 */
export function costByMember(members: readonly Member[]): ReadonlyMap<string, StepCost> {
  const costs = new Map<string, StepCost>();
  for (const scope of groupBy(members, scopeOf).values()) {
    const total = sum(scope);
    let before = nothing;
    for (const chunk of chunksOf(scope)) {
      const [first] = chunk;
      if (first === undefined) continue;
      const quantity = sum(chunk);
      const whole = converted(stepCostOf(first.model, { before, quantity, total }), first.rate);
      for (const [key, own] of groupBy(chunk, ({ key: line }) => line))
        addTo(costs, key, partOf(whole, sum(own), quantity));
      before = plus(before, quantity);
    }
  }
  return costs;
}

/** In the order of time, each as long as nothing changes, however finely the period is cut. */
function chunksOf(scope: readonly Member[]): readonly (readonly Member[])[] {
  const chunks: Member[][] = [];
  for (const member of scope.toSorted((left, right) => left.bucket - right.bucket)) {
    const last = chunks.at(-1)?.at(-1);
    if (last?.card.key === member.card.key && last.terms === member.terms) chunks.at(-1)?.push(member);
    else chunks.push([member]);
  }
  return chunks;
}

function scopeOf({ card }: Member): string {
  return JSON.stringify([card.price.meter, card.pricedSku, card.price.cluster, card.isPerInstance]);
}

function sum(members: readonly Member[]): ExactQuantity {
  return members.map(({ quantity }) => quantity).reduce(plus, nothing);
}

function converted({ cost, steps }: StepCost, rate: Decimal | undefined): StepCost {
  if (rate === undefined) return { cost, steps };
  const all = cost.times(rate);
  return { cost: all, steps: [...steps, `converted: ${show(cost)} × ${show(rate)} = ${show(all)}`] };
}

function partOf({ cost, steps }: StepCost, own: ExactQuantity, all: ExactQuantity): StepCost {
  if (compare(own, all) === 0 || all.num === 0n) return { cost, steps };
  const part = timesQuantity(cost, over(own, all));
  return {
    cost: part,
    steps: [
      ...steps,
      `of these ${showQuantity(all)} units ${showQuantity(own)} are in this line: ${show(cost)} × ${showQuantity(own)} ÷ ${showQuantity(all)} = ${show(part)}`,
    ],
  };
}

function addTo(costs: Map<string, StepCost>, key: string, { cost, steps }: StepCost): void {
  const found = costs.get(key) ?? { cost: zero, steps: [] };
  costs.set(key, { cost: found.cost.plus(cost), steps: [...found.steps, ...steps] });
}
