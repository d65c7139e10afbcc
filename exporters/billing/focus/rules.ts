import { isCurrency } from '../pricing/currency.ts';
import { decimal } from '../pricing/decimal.ts';

/** A row of any FOCUS file by its columns; null is an empty text, undefined a column that the file does not have. */
export type CheckedRow = Readonly<Record<string, string | undefined>>;

/** What FOCUS 1.2 asks of a row. The names are ours; `about` says what the specification says. */
export interface RowRule {
  readonly name: string;
  readonly about: string;
  /** What is wrong, or undefined. */
  readonly check: (row: CheckedRow) => string | undefined;
}

const decimals = [
  'BilledCost',
  'CommitmentDiscountQuantity',
  'ConsumedQuantity',
  'ContractedCost',
  'ContractedUnitPrice',
  'EffectiveCost',
  'ListCost',
  'ListUnitPrice',
  'PricingQuantity',
];
const times = ['BillingPeriodEnd', 'BillingPeriodStart', 'ChargePeriodEnd', 'ChargePeriodStart'];
const neverNull = [
  'BilledCost',
  'BillingAccountId',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargePeriodEnd',
  'ChargeFrequency',
  'ChargePeriodStart',
  'ContractedCost',
  'EffectiveCost',
  'InvoiceIssuerName',
  'ListCost',
  'ProviderName',
  'PublisherName',
  'ServiceCategory',
  'ServiceName',
  'ServiceSubcategory',
];
/** Null for taxes, and there for what is used or bought, unless it is corrected. */
const ofPrices = [
  'ContractedUnitPrice',
  'ListUnitPrice',
  'PricingCategory',
  'PricingQuantity',
  'PricingUnit',
  'SkuId',
  'SkuPriceId',
];
const allowed: Readonly<Record<string, readonly string[]>> = {
  CapacityReservationStatus: ['Used', 'Unused'],
  ChargeCategory: ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'],
  ChargeClass: ['Correction'],
  ChargeFrequency: ['One-Time', 'Recurring', 'Usage-Based'],
  CommitmentDiscountCategory: ['Spend', 'Usage'],
  CommitmentDiscountStatus: ['Used', 'Unused'],
  PricingCategory: ['Standard', 'Dynamic', 'Committed', 'Other'],
  ServiceCategory: [
    'AI and Machine Learning',
    'Analytics',
    'Business Applications',
    'Compute',
    'Databases',
    'Developer Tools',
    'Multicloud',
    'Identity',
    'Integration',
    'Internet of Things',
    'Management and Governance',
    'Media',
    'Migration',
    'Mobile',
    'Networking',
    'Security',
    'Storage',
    'Web',
    'Other',
  ],
};
/** Columns that say more of another one, which must be there then. */
const details: readonly (readonly [string, string])[] = [
  ['CapacityReservationStatus', 'CapacityReservationId'],
  ['CommitmentDiscountName', 'CommitmentDiscountId'],
  ['CommitmentDiscountStatus', 'CommitmentDiscountId'],
  ['ResourceName', 'ResourceId'],
  ['SkuMeter', 'SkuId'],
  ['SkuPriceDetails', 'SkuPriceId'],
  ['SubAccountName', 'SubAccountId'],
];
/** Columns of which both are null or neither is. */
const pairs: readonly (readonly [string, string])[] = [
  ['CommitmentDiscountCategory', 'CommitmentDiscountId'],
  ['CommitmentDiscountType', 'CommitmentDiscountId'],
  ['CommitmentDiscountUnit', 'CommitmentDiscountQuantity'],
  ['ConsumedUnit', 'ConsumedQuantity'],
  ['PricingUnit', 'PricingQuantity'],
  ['RegionName', 'RegionId'],
  ['ResourceType', 'ResourceId'],
  ['SubAccountType', 'SubAccountId'],
];
/** Products of quantities and prices may differ by what does not fit into 20 digits after the point. */
const tolerance = '0.000000001';

const numberFormat = /^-?\d+(\.\d+)?([eE]-?\d+)?$/;
const timeFormat = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

export const rowRules: readonly RowRule[] = [
  ...neverNull.map((column) =>
    rule(
      `${column}-not-null`,
      `${column} must not be null`,
      ofRow(column, (row) => isNull(row, column)),
    ),
  ),
  ...decimals.map((column) =>
    rule(
      `${column}-format`,
      `${column} is a decimal: no plus sign, no thousands separator`,
      given(column, (value) => !numberFormat.test(value)),
    ),
  ),
  ...times.map((column) =>
    rule(
      `${column}-format`,
      `${column} is a time in UTC such as 2026-03-01T00:00:00Z`,
      given(column, (value) => !isTime(value)),
    ),
  ),
  ...Object.entries(allowed).map(([column, values]) =>
    rule(
      `${column}-value`,
      `${column} is one of ${values.join(', ')}`,
      given(column, (value) => !values.includes(value)),
    ),
  ),
  ...ofPrices.flatMap((column) => [
    rule(
      `${column}-tax`,
      `${column} is null for taxes`,
      ofRow(column, (row) => row['ChargeCategory'] === 'Tax' && !isNull(row, column)),
    ),
    rule(
      `${column}-needed`,
      `${column} is not null for usage and purchases that are no correction`,
      ofRow(column, (row) => isPriced(row) && isNull(row, column)),
    ),
  ]),
  ...['ContractedUnitPrice', 'ListUnitPrice'].map((column) =>
    rule(
      `${column}-sign`,
      `${column} is not negative`,
      given(column, (value) => value.startsWith('-')),
    ),
  ),
  ...(['Contracted', 'List'] as const).map((name) =>
    rule(
      `${name}Cost-product`,
      `${name}Cost is ${name}UnitPrice times PricingQuantity, unless it is a correction`,
      ofRow(`${name}Cost`, (row) => !isProduct(row, name)),
    ),
  ),
  ...details.map(([column, of]) =>
    rule(
      `${column}-without`,
      `${column} is null where ${of} is`,
      ofRow(column, (row) => isNull(row, of) && !isNull(row, column)),
    ),
  ),
  ...pairs.map(([column, other]) =>
    rule(
      `${column}-pair`,
      `${column} is null if and only if ${other} is`,
      ofRow(column, (row) => isNull(row, column) !== isNull(row, other)),
    ),
  ),
  rule(
    'BillingCurrency-format',
    'BillingCurrency is a code of ISO 4217',
    given('BillingCurrency', (value) => !isCurrency(value)),
  ),
  rule(
    'BillingPeriod-order',
    'BillingPeriodStart is before BillingPeriodEnd, which is exclusive',
    isDisordered('BillingPeriod'),
  ),
  rule(
    'ChargePeriod-order',
    'ChargePeriodStart is before ChargePeriodEnd, which is exclusive',
    isDisordered('ChargePeriod'),
  ),
  rule(
    'ChargeFrequency-purchase',
    'ChargeFrequency is not Usage-Based for purchases',
    ofRow('ChargeFrequency', (row) => row['ChargeCategory'] === 'Purchase' && row['ChargeFrequency'] === 'Usage-Based'),
  ),
  rule(
    'ConsumedQuantity-usage',
    'ConsumedQuantity is not null for usage that is no correction and no unused commitment, and null for all that is no usage',
    ofRow('ConsumedQuantity', isConsumedWrong),
  ),
  rule(
    'EffectiveCost-credit',
    'EffectiveCost is BilledCost for credits',
    ofRow('EffectiveCost', (row) => row['ChargeCategory'] === 'Credit' && !isSame(row, 'EffectiveCost', 'BilledCost')),
  ),
  ...(['Contracted', 'List'] as const).map((name) =>
    rule(
      `${name}Cost-credit`,
      `${name}Cost is BilledCost for credits without ${name}UnitPrice`,
      ofRow(
        `${name}Cost`,
        (row) =>
          row['ChargeCategory'] === 'Credit' &&
          isNull(row, `${name}UnitPrice`) &&
          !isSame(row, `${name}Cost`, 'BilledCost'),
      ),
    ),
  ),
  rule(
    'EffectiveCost-purchase',
    'EffectiveCost is 0 for the purchase of a commitment: the usage that it covers carries its cost',
    ofRow(
      'EffectiveCost',
      (row) =>
        row['ChargeCategory'] === 'Purchase' &&
        !isNull(row, 'CommitmentDiscountId') &&
        !isAbout(row['EffectiveCost'], '0', '0'),
    ),
  ),
  ...(['CommitmentDiscount', 'CapacityReservation'] as const).map((name) =>
    rule(
      `${name}Status-needed`,
      `${name}Status is not null for usage with a ${name}Id`,
      ofRow(
        `${name}Status`,
        (row) => row['ChargeCategory'] === 'Usage' && !isNull(row, `${name}Id`) && isNull(row, `${name}Status`),
      ),
    ),
  ),
  rule(
    'CommitmentDiscountQuantity-needed',
    'CommitmentDiscountQuantity is not null for usage and purchases with a CommitmentDiscountId that are no correction, and null for what has no commitment',
    ofRow('CommitmentDiscountQuantity', isCommittedWrong),
  ),
  rule(
    'PricingCategory-committed',
    'PricingCategory is Committed for usage that a commitment covers, and for nothing else',
    ofRow('PricingCategory', (row) => {
      const isCommitted = row['ChargeCategory'] === 'Usage' && !isNull(row, 'CommitmentDiscountId');
      const isSaid = row['PricingCategory'] === 'Committed';
      return row['CommitmentDiscountId'] !== undefined && isPriced(row) && isSaid !== isCommitted;
    }),
  ),
  rule(
    'ChargePeriod-within',
    'usage that is no correction is charged in the billing period that it falls into',
    isOutside,
  ),
  ...['SkuPriceDetails', 'Tags'].map((column) =>
    rule(
      `${column}-format`,
      `${column} is a JSON object of names and plain values`,
      given(column, (value) => !isKeyValue(value)),
    ),
  ),
  rule(
    'SkuPriceDetails-names',
    'names in SkuPriceDetails that FOCUS does not have begin with x_',
    given(
      'SkuPriceDetails',
      (value) => isKeyValue(value) && Object.keys(JSON.parse(value)).some((name) => !/^(x_|[A-Z])/.test(name)),
    ),
  ),
];

function rule(name: string, about: string, check: RowRule['check']): RowRule {
  return { name, about, check };
}

/** Names the value that is wrong. */
function ofRow(column: string, isWrong: (row: CheckedRow) => boolean): RowRule['check'] {
  return (row) => (row[column] !== undefined && isWrong(row) ? `${column} is ${shown(row[column])}` : undefined);
}

function given(column: string, isWrong: (value: string) => boolean): RowRule['check'] {
  return ofRow(column, (row) => !isNull(row, column) && isWrong(row[column] ?? ''));
}

function isNull(row: CheckedRow, column: string): boolean {
  return (row[column] ?? '') === '';
}

function isPriced(row: CheckedRow): boolean {
  return ['Usage', 'Purchase'].includes(row['ChargeCategory'] ?? '') && row['ChargeClass'] !== 'Correction';
}

function isProduct(row: CheckedRow, name: 'Contracted' | 'List'): boolean {
  const [price, quantity, cost] = [row[`${name}UnitPrice`], row['PricingQuantity'], row[`${name}Cost`]];
  if (row['ChargeClass'] === 'Correction' || !price || !quantity) return true;
  if (![price, quantity, cost ?? ''].every((text) => numberFormat.test(text))) return true;
  const product = decimal(plain(price)).times(plain(quantity)).toFixed();
  return isAbout(product, cost, tolerance);
}

function isAbout(one: string | undefined, other: string | undefined, within: string): boolean {
  if (![one, other].every((text) => numberFormat.test(text ?? ''))) return true;
  const [a, b] = [decimal(plain(one ?? '')), decimal(plain(other ?? ''))];
  return a
    .minus(b)
    .abs()
    .lessThanOrEqualTo(decimal(within).times(a.abs().plus('1')));
}

/** Without exponent. */
function plain(text: string): string {
  return decimal('0').plus(text).toFixed();
}

function isSame(row: CheckedRow, one: string, other: string): boolean {
  return isAbout(row[one], row[other], '0');
}

function isCommittedWrong(row: CheckedRow): boolean {
  const isThere = !isNull(row, 'CommitmentDiscountQuantity');
  const isMeant = ['Usage', 'Purchase'].includes(row['ChargeCategory'] ?? '') && !isNull(row, 'CommitmentDiscountId');
  return isThere ? !isMeant : isMeant && row['ChargeClass'] !== 'Correction';
}

function isOutside(row: CheckedRow): string | undefined {
  const names = ['BillingPeriodStart', 'ChargePeriodStart', 'ChargePeriodEnd', 'BillingPeriodEnd'];
  const times = names.map((name) => row[name] ?? '');
  if (row['ChargeCategory'] !== 'Usage' || row['ChargeClass'] === 'Correction' || !times.every(isTime))
    return undefined;
  const [from = '', start = '', end = '', until = ''] = times;
  if (from <= start && end <= until) return undefined;
  return `the charge period is ${start} to ${end}, and the billing period ${from} to ${until}`;
}

function isConsumedWrong(row: CheckedRow): boolean {
  const isThere = !isNull(row, 'ConsumedQuantity');
  if (row['ChargeCategory'] !== 'Usage' || row['CommitmentDiscountStatus'] === 'Unused') return isThere;
  return !isThere && row['ChargeClass'] !== 'Correction';
}

function isDisordered(name: 'BillingPeriod' | 'ChargePeriod'): RowRule['check'] {
  return (row) => {
    const [start, end] = [row[`${name}Start`] ?? '', row[`${name}End`] ?? ''];
    if (!isTime(start) || !isTime(end) || start < end) return undefined;
    return `${name}Start is ${shown(start)} and ${name}End ${shown(end)}`;
  };
}

function isTime(text: string): boolean {
  return timeFormat.test(text) && !Number.isNaN(Date.parse(text));
}

function isKeyValue(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    return Object.values(value).every((each) => each === null || typeof each !== 'object');
  } catch {
    return false;
  }
}

function shown(value: string | undefined): string {
  return value === undefined || value === ''
    ? 'null'
    : JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}
