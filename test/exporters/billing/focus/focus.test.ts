import { mandatoryColumns } from '../../../../exporters/billing/focus/columns.ts';
import { checkFocus } from '../../../../exporters/billing/focus/conformance.ts';
import { focusCsv } from '../../../../exporters/billing/focus/focus-csv.ts';
import { focusRows } from '../../../../exporters/billing/focus/focus-rows.ts';
import { rowRules } from '../../../../exporters/billing/focus/rules.ts';
import { unitText } from '../../../../exporters/billing/focus/unit-text.ts';
import { csvLine } from '../../../../kit/csv/csv-line.ts';
import { csvRecords } from '../../../../kit/csv/csv-records.ts';
import { sampleBill, sampleLine } from '../../../support/sample-bill.ts';

const correction = sampleBill({
  number: 'GPU-2026-000050',
  corrects: 'GPU-2026-000042',
  lines: [
    sampleLine({
      id: 'correction|usage|x',
      kind: 'correction',
      corrects: { id: 'usage|x', kind: 'usage' },
      quantity: '-1.5',
      listCost: '-4.2',
      contractedCost: '-3.75',
      effectiveCost: '-3.75',
      amount: '-3.75',
    }),
    sampleLine({
      id: 'correction|tax|VAT',
      kind: 'correction',
      amount: '-0.71',
      quantity: '',
      unit: '',
      meter: '',
      sku: '',
    }),
  ],
  total: '-4.46',
});
const draft = sampleBill({ number: undefined, state: 'draft', tenant: 'other' });

async function written(...bills: readonly ReturnType<typeof sampleBill>[]): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of focusCsv(bills)) pieces.push(piece);
  return pieces.join('');
}

async function read(text: string): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  for await (const { fields } of csvRecords([text], { file: 'focus.csv' })) rows.push(fields);
  return rows;
}

/** The file with one value of its first row of that category changed. */
async function spoiled(column: string, value: string, category = 'Usage'): Promise<string> {
  const [header = [], ...rows] = await read(await written(sampleBill(), correction));
  const index = rows.findIndex((row) => row[header.indexOf('ChargeCategory')] === category);
  const changed = rows.map((row, at) =>
    at === index ? row.map((each, i) => (header[i] === column ? value : each)) : row,
  );
  return [header, ...changed].map((row) => csvLine(row)).join('');
}

async function broken(text: string): Promise<readonly string[]> {
  return [...(await checkFocus([text])).broken.keys()].sort();
}

test('what is exported breaks no rule, and what is billed adds up to each bill', async () => {
  const bill = sampleBill();
  const payable = new Map([bill, correction].map(({ number = '', total }) => [number, total]));
  const report = await checkFocus([await written(bill, correction, draft)], { payable });
  expect(report.findings).toEqual([]);
  // And one for what is left of the commitment of each of the two.
  expect(report.rows).toBe(bill.lines.length * 2 + 2 + 2);
  expect(report.rules).toBeGreaterThan(100);
  expect(Object.fromEntries(report.billedCosts)).toEqual({
    'GPU-2026-000042': '87234.68',
    'GPU-2026-000050': '-4.46',
    '': '87234.68',
  });
});

test('lines become charges of the category that FOCUS has for them', () => {
  const rows = focusRows(sampleBill());
  const told = rows.map(({ x_LineId, ChargeCategory, ChargeFrequency, PricingUnit, ServiceCategory }) =>
    [x_LineId, ChargeCategory, ChargeFrequency, PricingUnit, ServiceCategory].join(' | '),
  );
  expect(told).toEqual([
    'u1 | Usage | Usage-Based | GPU-Hours | AI and Machine Learning',
    'u2 | Usage | Usage-Based | GPU-Hours | AI and Machine Learning',
    'u3 | Usage | Usage-Based | Instance-Hours | AI and Machine Learning',
    'u4 | Usage | Usage-Based | kWh | AI and Machine Learning',
    'u5 | Usage | Usage-Based | GB-Months | Storage',
    'i1 | Usage | Usage-Based | GPU-Hours | AI and Machine Learning',
    'c1 | Purchase | Recurring | GPU-Hours | AI and Machine Learning',
    'd1 | Adjustment | One-Time |  | Other',
    'k1 | Credit | One-Time |  | Other',
    't1 | Tax | One-Time |  | Other',
    'unused|c1 | Usage | Usage-Based | GPU-Hours | AI and Machine Learning',
  ]);
  expect(
    focusRows(correction).map(({ ChargeCategory, ChargeClass, x_CorrectedInvoiceId }) => [
      ChargeCategory,
      ChargeClass,
      x_CorrectedInvoiceId,
    ]),
  ).toEqual([
    ['Usage', 'Correction', 'GPU-2026-000042'],
    ['Tax', 'Correction', 'GPU-2026-000042'],
  ]);
});

test('times are in UTC, numbers plain, what is not there empty, and a draft has no invoice', async () => {
  const [row] = focusRows(sampleBill());
  expect(row).toMatchObject({
    BilledCost: '31200.63',
    BillingPeriodStart: '2026-02-28T23:00:00Z',
    BillingPeriodEnd: '2026-03-31T22:00:00Z',
    ChargePeriodStart: '2026-02-28T23:00:00Z',
    ChargePeriodEnd: '2026-03-15T11:00:00Z',
    PricingQuantity: '12480.251388888888888889',
    ListUnitPrice: '2.80',
    ContractedUnitPrice: '2.50',
    ChargeClass: '',
    Tags: '{"fleetlens/tenant":"ai-research","fleetlens/cost_centre":"ai-research"}',
  });
  // Of tiers: what one unit cost on the average.
  expect(focusRows(sampleBill())[4]).toMatchObject({ ListUnitPrice: '0.075', ContractedUnitPrice: '0.075' });
  expect(focusRows(draft)[0]?.InvoiceId).toBe('');
  const [header = []] = await read(await written());
  expect(header.slice(-5).every((column) => column.startsWith('x_'))).toBe(true);
  expect(mandatoryColumns.filter((column) => !header.includes(column))).toEqual([]);
});

test('a credit costs what is billed, whatever it was before rounding', async () => {
  const [line] = sampleBill().lines.filter(({ kind }) => kind === 'credit');
  if (line === undefined) throw new Error('the sample has a credit');
  const cost = '-33.3333333333';
  const lines = [{ ...line, listCost: cost, contractedCost: cost, effectiveCost: cost, amount: '-33.33' }];
  const bill = sampleBill({ lines, total: '-33.33' });
  expect(focusRows(bill)[0]).toMatchObject({ ListCost: '-33.33', ContractedCost: '-33.33', EffectiveCost: '-33.33' });
  expect(await broken(await written(bill))).toEqual([]);
});

test('texts of others come through as they are', async () => {
  const names = ['=1+1', 'a,"b"', 'two\r\nlines', ' blank ', "O'Neil", '山'];
  const bills = names.map((title, index) => sampleBill({ title, number: `N${index}` }));
  const [header = [], ...rows] = await read(await written(...bills));
  const read1 = rows.map((row) => row[header.indexOf('BillingAccountName')]);
  expect([...new Set(read1)]).toEqual(names);
});

/** Rule, column that is changed, to what, in the first row of which category. */
const mistakes: readonly (readonly [rule: string, column: string, value: string, category?: string])[] = [
  ['BilledCost-format', 'BilledCost', '1,000.00'],
  ['BilledCost-format', 'BilledCost', '+5'],
  ['BilledCost-not-null', 'BilledCost', ''],
  ['BillingCurrency-format', 'BillingCurrency', 'EURO'],
  ['BillingPeriod-order', 'BillingPeriodEnd', '2026-02-28T23:00:00Z'],
  ['BillingPeriodStart-format', 'BillingPeriodStart', '2026-03-01T00:00:00+01:00'],
  ['ChargePeriodStart-format', 'ChargePeriodStart', '2026-03-01'],
  ['ChargePeriod-order', 'ChargePeriodEnd', '2026-02-01T00:00:00Z'],
  ['ChargeCategory-value', 'ChargeCategory', 'Refund'],
  ['ChargeClass-value', 'ChargeClass', 'correction'],
  ['ChargeFrequency-value', 'ChargeFrequency', 'Monthly'],
  ['ChargeFrequency-purchase', 'ChargeFrequency', 'Usage-Based', 'Purchase'],
  ['PricingCategory-needed', 'PricingCategory', ''],
  ['PricingCategory-tax', 'PricingCategory', 'Standard', 'Tax'],
  ['PricingQuantity-tax', 'PricingQuantity', '1', 'Tax'],
  ['PricingUnit-pair', 'PricingUnit', ''],
  ['ListUnitPrice-needed', 'ListUnitPrice', ''],
  ['ListUnitPrice-sign', 'ListUnitPrice', '-2.80'],
  ['ListCost-product', 'ListCost', '34944.80'],
  ['ContractedCost-product', 'ContractedUnitPrice', '2.51'],
  ['ContractedUnitPrice-tax', 'ContractedUnitPrice', '1', 'Tax'],
  ['ConsumedQuantity-usage', 'ConsumedQuantity', ''],
  ['ConsumedQuantity-usage', 'ConsumedQuantity', '1', 'Tax'],
  ['ConsumedUnit-pair', 'ConsumedUnit', ''],
  ['SkuId-needed', 'SkuId', ''],
  ['SkuPriceId-needed', 'SkuPriceId', ''],
  ['SkuPriceId-tax', 'SkuPriceId', 'x', 'Tax'],
  ['SkuPriceId-SkuId', 'SkuId', 'another'],
  ['SkuMeter-without', 'SkuMeter', 'gpu_time', 'Tax'],
  ['SkuPriceDetails-format', 'SkuPriceDetails', '{"x_Sku":{}}'],
  ['SkuPriceDetails-names', 'SkuPriceDetails', '{"sku":"H100"}'],
  ['Tags-format', 'Tags', '["a"]'],
  ['Tags-format', 'Tags', 'a=b'],
  ['ResourceType-pair', 'ResourceType', 'GPU'],
  ['SubAccountType-pair', 'SubAccountType', ''],
  ['CommitmentDiscountType-pair', 'CommitmentDiscountType', '', 'Purchase'],
  ['CommitmentDiscountCategory-value', 'CommitmentDiscountCategory', 'Time', 'Purchase'],
  ['CommitmentDiscountStatus-without', 'CommitmentDiscountStatus', 'Used'],
  ['ServiceCategory-value', 'ServiceCategory', 'GPU'],
  ['EffectiveCost-credit', 'EffectiveCost', '0', 'Credit'],
  ['EffectiveCost-credit', 'EffectiveCost', '-250.004', 'Credit'],
  ['ListCost-credit', 'ListCost', '-251', 'Credit'],
  ['ContractedCost-credit', 'ContractedCost', '0', 'Credit'],
  ['EffectiveCost-purchase', 'EffectiveCost', '12482.40', 'Purchase'],
  ['CommitmentDiscountStatus-needed', 'CommitmentDiscountId', 'somewhere', 'Usage'],
  ['CommitmentDiscountQuantity-needed', 'CommitmentDiscountQuantity', '', 'Purchase'],
  ['CommitmentDiscountQuantity-needed', 'CommitmentDiscountQuantity', '5', 'Tax'],
  ['PricingCategory-committed', 'PricingCategory', 'Committed', 'Usage'],
  ['PricingCategory-committed', 'PricingCategory', 'Committed', 'Purchase'],
  ['ChargePeriod-within', 'ChargePeriodStart', '2026-02-28T22:59:59Z', 'Usage'],
  ['ChargePeriod-within', 'BillingPeriodEnd', '2026-03-10T00:00:00Z', 'Usage'],
  ['ChargeFrequency-not-null', 'ChargeFrequency', ''],
  ['ServiceSubcategory-not-null', 'ServiceSubcategory', ''],
  ['InvoiceId-BillingAccountId', 'BillingAccountId', 'somebody-else'],
  ['InvoiceId-BillingCurrency', 'BillingCurrency', 'USD'],
  ['ProviderName-not-null', 'ProviderName', ''],
];

// Jest takes a function with more parameters than a row has for one that calls back.
test.each(mistakes.map(([rule, column, value, category = 'Usage']) => [rule, column, value, category]))(
  '%s is broken where %s is "%s" in %s',
  async (rule, column, value, category) => {
    expect(await broken(await spoiled(column, value, category))).toContain(rule);
  },
);

test('mistakes are told by line, value and what is asked for; many of them are counted', async () => {
  const report = await checkFocus([await spoiled('BillingCurrency', 'EURO')]);
  expect(report.findings[0]).toEqual({
    rule: 'BillingCurrency-format',
    about: 'BillingCurrency is a code of ISO 4217',
    column: 'BillingCurrency',
    line: 2,
    problem: 'BillingCurrency is "EURO"',
  });
  const rows = await read(
    await written(...Array.from({ length: 30 }, (_, index) => sampleBill({ number: `N${index}` }))),
  );
  const all = [
    rows[0] ?? [],
    ...rows.slice(1).map((row) => row.map((each, at) => (rows[0]?.[at] === 'ServiceName' ? '' : each))),
  ];
  const many = await checkFocus(all.map((row) => csvLine(row)));
  expect([many.broken.get('ServiceName-not-null'), many.findings.length]).toEqual([330, 10]);
});

test.each([
  [
    'a column that is missing',
    (columns: string[]) => columns.filter((each) => each !== 'ListCost'),
    'ListCost-present',
  ],
  ['a column that is there twice', (columns: string[]) => ['Tags', ...columns], 'column-unique'],
  ['a custom column by a name of its own', (columns: string[]) => ['GpuModel', ...columns], 'column-custom'],
  ['a custom column in small letters', (columns: string[]) => [...columns, 'x_gpu_model'], 'column-name'],
  ['a custom column before others', (columns: string[]) => ['x_Gpu', ...columns], 'column-order'],
])('%s is found', async (_, change, rule) => {
  const [header = []] = await read(await written());
  expect(await broken(csvLine(change([...header])))).toEqual([rule]);
});

test.each([
  ['', 'file-format'],
  ['"a', 'file-format'],
  ['a,b\r\n"a"x,b\r\n', 'file-format'],
])('a file that is no CSV is no crash: %j', async (text, rule) => {
  expect(await broken(text)).toContain(rule);
});

test('what is no CSV is told by line and column', async () => {
  const { findings } = await checkFocus(['SkuId,Tags\r\na,b\r\n"a",x"y\r\n']);
  expect(findings.find(({ rule }) => rule === 'file-format')).toMatchObject({
    line: 3,
    problem: expect.stringMatching(/^column Tags: a quote stands within a field/),
  });
});

test('a row that is too short and an invoice that does not add up are found', async () => {
  const text = await written(sampleBill());
  expect(await broken(`${text}only,two\r\n`)).toEqual(['row-length']);
  const report = await checkFocus([text], {
    payable: new Map([
      ['GPU-2026-000042', '1.00'],
      ['GPU-2026-000043', '5.00'],
    ]),
  });
  expect(report.findings.map(({ problem }) => problem)).toEqual([
    'BilledCost of GPU-2026-000042 adds up to 87234.68, and 1.00 is payable',
    'BilledCost of GPU-2026-000043 adds up to 0, and 5.00 is payable',
  ]);
});

test('every rule has a name of its own', () => {
  const names = rowRules.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  ['GPU hour', 'GPU-Hours'],
  ['GiB month', 'GiB-Months'],
  ['kWh', 'kWh'],
  ['token', 'Tokens'],
  ['1000 requests', '1000 Requests'],
  ['core hour', 'Core-Hours'],
  ['GB', 'GB'],
  ['', ''],
])('the unit %j is %j in FOCUS', (unit, text) => {
  expect(unitText(unit)).toBe(text);
});
