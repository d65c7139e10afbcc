import { compare, exact, least, minus, nothing, over, plus, times } from '../exact.ts';
import type { Span } from '../span.ts';
import type { ExactQuantity } from '../usage.ts';
import type { Commitment, Contract, Discount, FreeUnits, Scope } from './contract.ts';
import { commitmentUnits, partOfPeriod } from './contract-units.ts';
import { type Decimal, decimalText, zero } from './decimal.ts';
import type { Draft, TermedLine } from './draft.ts';
import { exactOf, timesQuantity } from './exact-decimal.ts';
import { lineId } from './line-id.ts';
import { holdsAt, type Validity } from './read-values.ts';
import { show, showQuantity } from './show.ts';

const whole = exact(1n);

/** Commitments, percent discounts and free units, in this order. All drafts are of one tenant and contract. */
export function applyTerms(
  drafts: readonly Draft[],
  contract: Contract | undefined,
  period: Span,
): readonly TermedLine[] {
  if (contract === undefined) return drafts.map(plainLine);
  const lines = contract.commitments.reduce<readonly TermedLine[]>(
    (sum, commitment) => covered(sum, commitment, contract, period),
    drafts.map(plainLine),
  );
  const discounted = lines.map((line) => contract.discounts.reduce<TermedLine>(withDiscount, line));
  return contract.free.reduce<readonly TermedLine[]>(
    (sum, free) => withFreeUnits(sum, free, contract, period),
    discounted,
  );
}

function plainLine(draft: Draft): TermedLine {
  const { kind, quantity, contractedCost, steps } = draft;
  return {
    draft,
    kind,
    part: whole,
    contractedCost,
    effectiveCost: contractedCost,
    payable: quantity,
    isDiscountable: true,
    steps,
  };
}

function isInScope(
  { draft }: TermedLine,
  { meter, sku, cluster, validity }: Scope & { readonly validity: Validity },
): boolean {
  return (
    meter.matches(draft.meter.name) &&
    sku.matches(draft.sku) &&
    cluster.matches(draft.cluster) &&
    holdsAt(validity, draft.span.startMs)
  );
}

/** Each line that the commitment is for becomes one that is covered by it and one, in proportion, that is beyond it. */
function covered(
  lines: readonly TermedLine[],
  commitment: Commitment,
  contract: Contract,
  period: Span,
): readonly TermedLine[] {
  const isMeant = (line: TermedLine) => line.kind === 'usage' && line.part === whole && isInScope(line, commitment);
  const used = lines
    .filter(isMeant)
    .map(({ draft }) => draft.quantity)
    .reduce(plus, nothing);
  if (used.num <= 0n) return lines;
  const [meter] = lines.filter(isMeant).map(({ draft }) => draft.meter);
  const units = meter === undefined ? nothing : commitmentUnits(commitment, contract, period, meter);
  const part = least(whole, over(units, used));
  const share = `${showQuantity(least(units, used))} of ${showQuantity(used)} units`;
  return lines.flatMap((line) => {
    if (!isMeant(line)) return [line];
    return [
      ...(part.num === 0n ? [] : [coveredLine(line, part, { commitment, contract, share })]),
      ...(compare(part, whole) === 0 ? [] : [overageLine(line, minus(whole, part), commitment, share)]),
    ];
  });
}

interface Covering {
  readonly commitment: Commitment;
  readonly contract: Contract;
  readonly share: string;
}

function coveredLine(
  { draft, steps }: TermedLine,
  part: ExactQuantity,
  { commitment: { name, price }, contract, share }: Covering,
): TermedLine {
  return {
    draft,
    kind: 'usage',
    part,
    contractedCost: timesQuantity(draft.contractedCost, part),
    effectiveCost: zero,
    payable: nothing,
    isDiscountable: true,
    steps: [
      ...steps,
      `commitment ${name} covers ${share}: ${unitsOf(draft, part)} of this line, for which nothing more is paid`,
    ],
    coveredBy: { id: lineId('commitment', contract.name, name), name, price: decimalText(price) },
  };
}

function overageLine(
  { draft, steps }: TermedLine,
  part: ExactQuantity,
  { name, overage }: Commitment,
  share: string,
): TermedLine {
  const cost = overage === 'list' ? draft.listCost : draft.contractedCost;
  const contractedCost = timesQuantity(cost, part);
  const price = overage === 'list' ? 'list price' : 'price of the contract';
  return {
    draft,
    kind: 'overage',
    part,
    contractedCost,
    effectiveCost: contractedCost,
    payable: times(draft.quantity, part),
    isDiscountable: overage === 'contract',
    steps: [
      ...steps,
      `commitment ${name} covers ${share}; beyond it are ${unitsOf(draft, part)} of this line, at ${price}: ${show(contractedCost)}`,
    ],
  };
}

function unitsOf({ quantity, meter }: Draft, part: ExactQuantity): string {
  return `${showQuantity(times(quantity, part))} ${meter.unit.priced}`;
}

/** Of what is left after the discounts before it. What is beyond a commitment at list price has none. */
function withDiscount(line: TermedLine, discount: Discount): TermedLine {
  const isMeant = line.kind === 'idle' ? discount.isForIdle : line.isDiscountable;
  if (!isMeant || line.effectiveCost.isZero() || !isInScope(line, discount)) return line;
  const off = line.effectiveCost.times(discount.percent).div(100);
  const left = line.effectiveCost.minus(off);
  const step = `${discount.id}: ${show(line.effectiveCost)} − ${show(discount.percent)} % = ${show(left)}`;
  return { ...line, effectiveCost: left, steps: [...line.steps, step] };
}

/** Divided among the lines that they are for in proportion to units; each unit is worth what a unit of the line costs on average. */
function withFreeUnits(
  lines: readonly TermedLine[],
  free: FreeUnits,
  contract: Contract,
  period: Span,
): readonly TermedLine[] {
  const isMeant = (line: TermedLine) => line.kind !== 'idle' && line.payable.num > 0n && isInScope(line, free);
  const payable = lines
    .filter(isMeant)
    .map((line) => line.payable)
    .reduce(plus, nothing);
  if (payable.num === 0n) return lines;
  const units = times(exactOf(free.quantity.toFixed()), partOfPeriod([contract.validity, free.validity], period));
  const part = least(whole, over(units, payable));
  return lines.map((line) =>
    isMeant(line) ? freed(line, part, `${free.id}: ${showQuantity(units)} units of the period are free`) : line,
  );
}

function freed(line: TermedLine, part: ExactQuantity, step: string): TermedLine {
  const left = minus(whole, part);
  const effectiveCost: Decimal = timesQuantity(line.effectiveCost, left);
  const units = showQuantity(times(line.payable, part));
  const how = `${units} of ${showQuantity(line.payable)} in this line: ${show(line.effectiveCost)} × ${showQuantity(times(line.payable, left))} ÷ ${showQuantity(line.payable)} = ${show(effectiveCost)}`;
  return { ...line, effectiveCost, payable: times(line.payable, left), steps: [...line.steps, `${step}, ${how}`] };
}
