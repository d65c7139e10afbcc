import type { Span } from '../span.ts';
import type { Contract, Credit } from './contract.ts';
import { partOfPeriod } from './contract-units.ts';
import { digitsOf, moneyText, roundMoney } from './currency.ts';
import { Decimal, decimal, decimalText, zero } from './decimal.ts';
import { timesQuantity } from './exact-decimal.ts';
import { lineId } from './line-id.ts';
import type { LineKind, RatedLine } from './rated.ts';
import { holdsAt } from './read-values.ts';
import { show } from './show.ts';

export interface SettleInput {
  readonly lines: readonly RatedLine[];
  readonly contract: Contract;
  readonly period: Span;
  readonly currency: string;
  readonly costCentre: string;
  /** What earlier bills have used of the credit. */
  readonly usedBefore: (credit: Credit) => Decimal;
}

/** What comes after the lines of a contract: credits, then minimum or maximum, then taxes, each line from those before it. */
export function settle(input: SettleInput): readonly RatedLine[] {
  const credits = creditLines(input);
  const bounds = boundLines(input, netOf([...input.lines, ...credits]));
  const net = netOf([...input.lines, ...credits, ...bounds]);
  return [...credits, ...bounds, ...taxLines(input, net)];
}

function netOf(lines: readonly RatedLine[]): Decimal {
  return lines.reduce((sum, { amount }) => sum.plus(decimal(amount)), zero);
}

/** Each pays for lines that begin while it is valid, as far as others have not paid for them and it lasts. */
function creditLines(input: SettleInput): readonly RatedLine[] {
  const open = input.lines.map(({ amount, span }) => ({ left: decimal(amount), atMs: span.startMs }));
  return input.contract.credits.toSorted(inOrderOfUse).flatMap((credit) => {
    const available = Decimal.max(zero, credit.amount.minus(input.usedBefore(credit)));
    const meant = open.filter(({ left, atMs }) => left.gt(0) && holdsAt(credit.validity, atMs));
    const payable = meant.reduce((sum, { left }) => sum.plus(left), zero);
    const used = roundDown(Decimal.min(available, payable), input.currency);
    if (used.isZero()) return [];
    let rest = used;
    for (const line of meant) {
      const paid = Decimal.min(rest, line.left);
      line.left = line.left.minus(paid);
      rest = rest.minus(paid);
    }
    return [
      billLine(input, 'credit', credit.name, used.negated(), `Credit ${credit.name}`, credit.id, [
        `left of ${show(credit.amount)}: ${show(available)}; to be paid: ${show(payable)}; used: ${show(used)}, so that ${show(available.minus(used))} are left`,
      ]),
    ];
  });
}

function inOrderOfUse(left: Credit, right: Credit): number {
  return (
    left.priority - right.priority ||
    (left.validity.untilMs === right.validity.untilMs ? 0 : left.validity.untilMs - right.validity.untilMs) ||
    (left.name < right.name ? -1 : 1)
  );
}

function roundDown(value: Decimal, currency: string): Decimal {
  return value.toDecimalPlaces(digitsOf(currency), Decimal.ROUND_DOWN);
}

function boundLines(input: SettleInput, net: Decimal): readonly RatedLine[] {
  const { contract } = input;
  const part = partOfPeriod([contract.validity], input.period);
  const forPeriod = (bound: Decimal) => roundMoney(timesQuantity(bound, part), input.currency);
  const partStep = (bound: Decimal) =>
    part.num === part.den
      ? []
      : [
          `the contract holds for ${part.num}/${part.den} of the period: ${show(bound)} × ${part.num}/${part.den} = ${show(forPeriod(bound))}`,
        ];
  const lineFor = (kind: 'minimum' | 'maximum', bound: Decimal | undefined) => {
    if (bound === undefined) return [];
    const missing = forPeriod(bound).minus(net);
    if (kind === 'minimum' ? missing.lte(0) : missing.gte(0)) return [];
    const step = `agreed ${kind} ${show(forPeriod(bound))} − ${show(net)} = ${show(missing)}`;
    const title = kind === 'minimum' ? 'Up to the agreed minimum' : 'Down to the agreed maximum';
    return [billLine(input, kind, kind, missing, title, `${contract.id}.${kind}`, [...partStep(bound), step])];
  };
  return [...lineFor('minimum', contract.minimum), ...lineFor('maximum', contract.maximum)];
}

function taxLines(input: SettleInput, net: Decimal): readonly RatedLine[] {
  return input.contract.taxes.flatMap(({ id, name, percent }) => {
    const tax = net.times(percent).div(100);
    if (tax.isZero()) return [];
    const title = `${name} ${show(percent)} %`;
    return [billLine(input, 'tax', name, tax, title, id, [`${show(net)} × ${show(percent)} % = ${show(tax)}`])];
  });
}

/** A line about the bill as a whole. */
function billLine(
  { contract, period, currency, costCentre }: SettleInput,
  kind: LineKind,
  name: string,
  cost: Decimal,
  description: string,
  priceId: string,
  steps: readonly string[],
): RatedLine {
  const amount = moneyText(cost, currency);
  const exactCost = decimalText(cost);
  return {
    id: lineId(kind, contract.name, name),
    kind,
    meter: '',
    sku: '',
    cluster: '',
    costCentre,
    description,
    span: period,
    quantity: '',
    unit: '',
    listUnitPrice: '',
    contractedUnitPrice: '',
    listCost: exactCost,
    contractedCost: exactCost,
    effectiveCost: exactCost,
    amount,
    priceId,
    steps: [...steps, `to be paid: ${amount} ${currency}`],
  };
}
