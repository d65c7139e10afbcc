import { ceiling, compare, least, minus, most, nothing, plus } from '../exact.ts';
import type { ExactQuantity } from '../usage.ts';
import { type Decimal, decimal, zero } from './decimal.ts';
import { timesQuantity } from './exact-decimal.ts';
import type { PackageModel, Tier, TieredModel } from './price-book.ts';
import { show, showQuantity } from './show.ts';

/** Units of a period that come after `before` others. `total` are those of the whole period. */
export interface Chunk {
  readonly before: ExactQuantity;
  readonly quantity: ExactQuantity;
  readonly total: ExactQuantity;
}

export interface StepCost {
  readonly cost: Decimal;
  readonly steps: readonly string[];
}

export function stepCostOf(model: PackageModel | TieredModel, chunk: Chunk): StepCost {
  if (model.kind === 'package') return packageCost(model, chunk);
  return model.kind === 'graduated' ? graduatedCost(model, chunk) : volumeCost(model, chunk);
}

/** Packages that these units begin; what others left in a package that was begun is used up first. */
function packageCost({ price, size }: PackageModel, { before, quantity }: Chunk): StepCost {
  const begun = (units: ExactQuantity) => ceiling({ num: units.num * size.den, den: units.den * size.num });
  const packages = begun(plus(before, quantity)) - begun(before);
  const cost = price.times(decimal(packages));
  const all = showQuantity(plus(before, quantity));
  return {
    cost,
    steps: [
      `${all} units of the period begin ${begun(plus(before, quantity))} packages of ${showQuantity(size)}, of which ${begun(before)} were begun before`,
      `${packages} packages × ${show(price)} = ${show(cost)}`,
    ],
  };
}

function graduatedCost({ tiers }: TieredModel, { before, quantity }: Chunk): StepCost {
  const until = plus(before, quantity);
  return tiers.reduce<StepCost>(
    (sum, tier, index) => {
      const floor = tiers[index - 1]?.upTo ?? nothing;
      const from = most(before, floor);
      const to = tier.upTo === undefined ? until : least(until, tier.upTo);
      if (compare(to, from) <= 0) return sum;
      const isEntered = compare(before, floor) <= 0;
      return add(
        sum,
        tierCost(tier, minus(to, from), isEntered, `units above ${showQuantity(from)} up to ${showQuantity(to)}`),
      );
    },
    { cost: zero, steps: [] },
  );
}

function volumeCost({ tiers }: TieredModel, { before, quantity, total }: Chunk): StepCost {
  const tier = tiers.find(({ upTo }) => upTo === undefined || compare(total, upTo) <= 0);
  if (tier === undefined) throw new RangeError('the last tier has an end');
  return tierCost(tier, quantity, before.num === 0n, `all units, as the period has ${showQuantity(total)}`);
}

function tierCost({ price, flat }: Tier, units: ExactQuantity, isEntered: boolean, which: string): StepCost {
  const cost = timesQuantity(price, units);
  const step = `${which}: ${showQuantity(units)} × ${show(price)} = ${show(cost)}`;
  if (!isEntered || flat.isZero()) return { cost, steps: [step] };
  return { cost: cost.plus(flat), steps: [step, `for the tier once: ${show(flat)}`] };
}

function add(sum: StepCost, { cost, steps }: StepCost): StepCost {
  return { cost: sum.cost.plus(cost), steps: [...sum.steps, ...steps] };
}
