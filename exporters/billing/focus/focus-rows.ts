import type { Bill } from '../bills/bill.ts';
import { decimal, decimalText } from '../pricing/decimal.ts';
import type { DecimalText, LineKind, RatedLine } from '../pricing/rated.ts';
import type { FocusRow } from './columns.ts';
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

/** One row for each line of the bill: what they are billed adds up to its total. */
export function focusRows(bill: Bill): readonly FocusRow[] {
  return bill.lines.map((line) => focusRow(bill, line));
}

export function focusRow(bill: Bill, line: RatedLine): FocusRow {
  const kind = kindOf(line);
  const category = categories[kind];
  const issuer = bill.details?.issuer.name ?? '';
  const service = serviceOf(line.meter);
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
    ContractedCost: line.contractedCost,
    EffectiveCost: line.effectiveCost,
    InvoiceId: bill.number ?? '',
    InvoiceIssuerName: issuer,
    ListCost: line.listCost,
    ...quantityAndPrices(line, category),
    ...commitmentOf(line, kind),
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

function quantityAndPrices(line: RatedLine, category: Category) {
  const { quantity, unit } = pricing(line, category);
  const isMetered = isPriced(category);
  const priced = { quantity, isNeeded: isMetered && line.kind !== 'correction', isMetered };
  return {
    ConsumedQuantity: category === 'Usage' ? quantity : '',
    ConsumedUnit: category === 'Usage' ? unit : '',
    ContractedUnitPrice: unitPrice(line.contractedUnitPrice, line.contractedCost, priced),
    ListUnitPrice: unitPrice(line.listUnitPrice, line.listCost, priced),
    PricingCategory: isMetered ? 'Standard' : '',
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

/** A line of a correction is of the kind that it corrects. */
function kindOf({ kind, corrects, id }: RatedLine): Exclude<LineKind, 'correction'> {
  if (kind !== 'correction') return kind;
  const corrected = corrects?.kind ?? id.split('|')[1] ?? '';
  const known = Object.keys(categories).find((each): each is keyof typeof categories => each === corrected);
  return known ?? 'usage';
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

function commitmentOf(line: RatedLine, kind: LineKind) {
  const isCommitment = kind === 'commitment';
  const { quantity, unit } = isCommitment ? pricing(line, 'Purchase') : { quantity: '', unit: '' };
  return {
    CommitmentDiscountCategory: isCommitment ? 'Usage' : '',
    CommitmentDiscountId: isCommitment ? line.priceId : '',
    CommitmentDiscountName: isCommitment ? line.description : '',
    CommitmentDiscountQuantity: quantity,
    CommitmentDiscountStatus: '',
    CommitmentDiscountType: isCommitment ? 'Reservation' : '',
    CommitmentDiscountUnit: unit,
  };
}

/** Seconds in UTC: 2026-03-01T00:00:00Z. */
function instant(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
