import type { Bill } from '../bills/bill.ts';
import { decimal, decimalText } from '../pricing/decimal.ts';
import { kindOf } from '../pricing/kind-of.ts';
import type { DecimalText, LineKind, RatedLine } from '../pricing/rated.ts';
import type { FocusRow } from './columns.ts';
import { type Commitment, commitmentOf, coveredCost, unusedLines } from './commitments.ts';
import { serviceOf } from './service-of.ts';
import { unitText } from './unit-text.ts';

type Category = 'Usage' | 'Purchase' | 'Tax' | 'Credit' | 'Adjustment';

const categories: Readonly<Record<Exclude<LineKind, 'correction'>, Category>> = {
  usage: 'Usage',
  idle: 'Usage',
  overage: 'Usage',
  commitment: 'Purchase',
  minimum: 'Adjustment',
  maximum: 'Adjustment',
  discount: 'Adjustment',
  credit: 'Credit',
  tax: 'Tax',
};

const frequencies: Readonly<Record<Category, string>> = {
  Usage: 'Usage-Based',
  Purchase: 'Recurring',
  Tax: 'One-Time',
  Credit: 'One-Time',
  Adjustment: 'One-Time',
};

/** One row for each line of the bill, and one for what is left of a commitment: what is billed adds up to the total of the bill. */
export function focusRows(bill: Bill): readonly FocusRow[] {
  return [
    ...bill.lines.map((line) => focusRow(bill, line)),
    ...unusedLines(bill).map((line) => focusRow(bill, line, { isUnused: true })),
  ];
}

export function focusRow(bill: Bill, line: RatedLine, { isUnused = false } = {}): FocusRow {
  const kind = kindOf(line);
  const category = categories[kind];
  const issuer = bill.details?.issuer.name ?? '';
  const service = serviceOf(line.meter);
  const commitment = commitmentOf(bill, line, isUnused);
  return {
    BilledCost: line.amount,
    BillingAccountId: bill.tenant,
    BillingAccountName: bill.title,
    BillingCurrency: bill.currency,
    BillingPeriodEnd: instant(bill.period.endMs),
    BillingPeriodStart: instant(bill.period.startMs),
    ChargeCategory: category,
    ChargeClass: line.kind === 'correction' ? 'Correction' : '',
    ChargeDescription: line.description,
    ChargeFrequency: frequencies[category],
    ChargePeriodEnd: instant(line.span.endMs),
    ChargePeriodStart: instant(line.span.startMs),
    ...costsOf(line, category),
    InvoiceId: bill.number ?? '',
    InvoiceIssuerName: issuer,
    ...quantityAndPrices(line, category, commitment),
    ...commitmentColumns(line, commitment),
    ProviderName: issuer,
    PublisherName: issuer,
    ResourceId: '',
    ResourceName: '',
    ResourceType: '',
    ServiceCategory: service.category,
    ServiceName: service.name,
    ServiceSubcategory: service.subcategory,
    ...skuOf(line, category),
    SubAccountId: line.costCentre,
    SubAccountName: line.costCentre,
    SubAccountType: line.costCentre === '' ? '' : 'Cost centre',
    Tags: JSON.stringify({ 'fleetlens/tenant': bill.tenant, 'fleetlens/cost_centre': line.costCentre }),
    x_Cluster: line.cluster,
    x_CorrectedInvoiceId: bill.corrects ?? '',
    x_LedgerPosition: String(bill.ledgerPosition),
    x_LineId: line.id,
    x_LineKind: kind,
  };
}

/** A credit is what is billed. A purchase is for usage, which carries its cost: what was used of it, and what was not. */
function costsOf(line: RatedLine, category: Category) {
  const { amount, listCost: ListCost, contractedCost: ContractedCost, effectiveCost, coveredBy } = line;
  if (category === 'Credit') return { ContractedCost: amount, EffectiveCost: amount, ListCost: amount };
  if (category === 'Purchase') return { ContractedCost, EffectiveCost: '0', ListCost };
  const EffectiveCost = coveredBy === undefined ? effectiveCost : decimalText(coveredCost(line, coveredBy));
  return { ContractedCost, EffectiveCost, ListCost };
}

function quantityAndPrices(line: RatedLine, category: Category, commitment: Commitment | undefined) {
  const { quantity, unit } = pricing(line, category);
  const isMetered = isPriced(category);
  const isConsumed = category === 'Usage' && commitment?.status !== 'Unused';
  const priced = { quantity, isNeeded: isMetered && line.kind !== 'correction', isMetered };
  return {
    ConsumedQuantity: isConsumed ? quantity : '',
    ConsumedUnit: isConsumed ? unit : '',
    ContractedUnitPrice: unitPrice(line.contractedUnitPrice, line.contractedCost, priced),
    ListUnitPrice: unitPrice(line.listUnitPrice, line.listCost, priced),
    PricingCategory: isMetered ? (commitment?.status === undefined ? 'Standard' : 'Committed') : '',
    PricingQuantity: quantity,
    PricingUnit: unit,
  };
}

/** What is bought without a quantity is one unit of it. */
function pricing({ quantity, unit, kind }: RatedLine, category: Category) {
  if (category === 'Tax') return { quantity: '', unit: '' };
  const needsOne = quantity === '' && isPriced(category) && kind !== 'correction';
  const shown = needsOne ? '1' : quantity;
  return { quantity: shown, unit: shown === '' ? '' : unitText(unit === '' ? 'unit' : unit) };
}

function isPriced(category: Category): boolean {
  return category === 'Usage' || category === 'Purchase';
}

function skuOf({ meter, sku, cluster, priceId, kind }: RatedLine, category: Category) {
  const skuId = [meter, sku].filter((each) => each !== '').join('/');
  if (!isPriced(category) || (skuId === '' && kind === 'correction'))
    return { SkuId: '', SkuMeter: '', SkuPriceDetails: '', SkuPriceId: '' };
  const id = skuId === '' ? priceId : skuId;
  return {
    SkuId: id,
    SkuMeter: meter,
    SkuPriceDetails: JSON.stringify({ x_Sku: sku, x_Cluster: cluster }),
    SkuPriceId: `${id}#${priceId}`,
  };
}

/** As it is where it gives the cost; else the cost divided by the quantity, such as for tiers. Never below 0. */
function unitPrice(
  price: DecimalText,
  cost: DecimalText,
  {
    quantity,
    isNeeded,
    isMetered,
  }: { readonly quantity: string; readonly isNeeded: boolean; readonly isMetered: boolean },
): DecimalText {
  if (!isMetered || quantity === '') return '';
  if (price !== '' && (!isNeeded || decimal(price).times(quantity).equals(cost))) return notNegative(price);
  if (!isNeeded) return '';
  if (decimal(quantity).isZero()) return price === '' ? '0' : notNegative(price);
  return notNegative(decimalText(decimal(cost).div(quantity)));
}

function notNegative(price: DecimalText): DecimalText {
  return price.startsWith('-') ? '' : price;
}

function commitmentColumns(line: RatedLine, commitment: Commitment | undefined) {
  const { quantity, unit } = commitment === undefined ? { quantity: '', unit: '' } : pricing(line, 'Purchase');
  return {
    CommitmentDiscountCategory: commitment === undefined ? '' : 'Usage',
    CommitmentDiscountId: commitment?.id ?? '',
    CommitmentDiscountName: commitment?.name ?? '',
    CommitmentDiscountQuantity: quantity,
    CommitmentDiscountStatus: commitment?.status ?? '',
    CommitmentDiscountType: commitment === undefined ? '' : 'Reservation',
    CommitmentDiscountUnit: unit,
  };
}

/** Seconds in UTC: 2026-03-01T00:00:00Z. */
function instant(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
