import { times } from '../exact.ts';
import type { Meter } from '../meters/meter.ts';
import { meterTitle } from '../meters/meter-title.ts';
import type { Span } from '../span.ts';
import type { Commitment, Contract } from './contract.ts';
import { commitmentUnits } from './contract-units.ts';
import { moneyText } from './currency.ts';
import { type Decimal, decimalText } from './decimal.ts';
import type { TermedLine } from './draft.ts';
import { decimalOf, timesQuantity } from './exact-decimal.ts';
import { lineId } from './line-id.ts';
import type { RateCard } from './rate-card.ts';
import type { RatedLine } from './rated.ts';
import { show, showQuantity } from './show.ts';

export function ratedLineOf(
  { draft, kind, part, contractedCost, effectiveCost, steps, coveredBy }: TermedLine,
  amount: Decimal,
): RatedLine {
  const text = moneyText(amount, draft.currency);
  return {
    id: `${kind}|${draft.key}`,
    kind,
    meter: draft.meter.name,
    sku: draft.sku,
    cluster: draft.cluster,
    costCentre: draft.costCentre,
    description: descriptionOf(draft.sku, draft.meter, [
      ...(kind === 'usage' ? [] : [kind]),
      ...[draft.card.slotName ?? []].flat(),
      ...(draft.origin === '' ? [] : [`share by ${draft.origin}`]),
    ]),
    span: draft.span,
    quantity: decimalText(decimalOf(times(draft.quantity, part))),
    unit: draft.meter.unit.priced,
    listUnitPrice: unitPriceOf(draft.list),
    contractedUnitPrice: unitPriceOf(draft.card),
    listCost: decimalText(timesQuantity(draft.listCost, part)),
    contractedCost: decimalText(contractedCost),
    effectiveCost: decimalText(effectiveCost),
    amount: text,
    priceId: draft.card.price.id,
    steps: [
      ...steps,
      ...(draft.isDivided ? ['windows across a border of prices or of the period were divided by time'] : []),
      ...roundingSteps(effectiveCost, amount, draft.currency),
    ],
    ...(coveredBy !== undefined && { coveredBy }),
  };
}

function roundingSteps(cost: Decimal, amount: Decimal, currency: string): readonly string[] {
  const text = moneyText(amount, currency);
  const plain = moneyText(cost, currency);
  if (plain === text) return [`to be paid: ${text} ${currency}`];
  return [`to be paid: ${text} ${currency}, not ${plain}, so that all parts of what was divided add up to the whole`];
}

/** What is paid for the commitment whether it is used or not; undefined where it does not hold in the period. */
export function commitmentLine(
  commitment: Commitment,
  {
    contract,
    period,
    meter,
    currency,
    costCentre,
  }: {
    readonly contract: Contract;
    readonly period: Span;
    readonly meter: Meter;
    readonly currency: string;
    readonly costCentre: string;
  },
): RatedLine | undefined {
  const units = commitmentUnits(commitment, contract, period, meter);
  if (units.num === 0n) return undefined;
  const cost = timesQuantity(commitment.price, units);
  const quantity = decimalText(decimalOf(units));
  const price = decimalText(commitment.price);
  const amount = moneyText(cost, currency);
  const kept = commitment.units.kind === 'reserved' ? `${show(commitment.units.quantity)} kept for the period = ` : '';
  return {
    id: lineId('commitment', contract.name, commitment.name),
    kind: 'commitment',
    meter: meter.name,
    sku: commitment.sku.text === '*' ? '' : commitment.sku.text,
    cluster: commitment.cluster.text === '*' ? '' : commitment.cluster.text,
    costCentre,
    description: descriptionOf(commitment.sku.text === '*' ? '' : commitment.sku.text, meter, [
      `commitment ${commitment.name}`,
    ]),
    span: {
      startMs: Math.max(period.startMs, contract.validity.fromMs, commitment.validity.fromMs),
      endMs: Math.min(period.endMs, contract.validity.untilMs, commitment.validity.untilMs),
    },
    quantity,
    unit: meter.unit.priced,
    listUnitPrice: price,
    contractedUnitPrice: price,
    listCost: decimalText(cost),
    contractedCost: decimalText(cost),
    effectiveCost: decimalText(cost),
    amount,
    priceId: commitment.id,
    steps: [
      `committed: ${kept}${showQuantity(units)} ${meter.unit.priced}`,
      `${showQuantity(units)} × ${show(commitment.price)} ${currency} = ${show(cost)} ${currency}`,
      `to be paid: ${amount} ${currency}`,
    ],
  };
}

function unitPriceOf({ cost }: RateCard): string {
  return cost.kind === 'unit' ? decimalText(cost.price) : '';
}

/** GPU time, NVIDIA H100 80GB HBM3, idle */
function descriptionOf(sku: string, { name }: Meter, notes: readonly string[]): string {
  return [meterTitle(name), sku, ...notes].filter((each) => each !== '').join(', ');
}
