import { load } from 'js-yaml';
import type { Bill } from '../../../../exporters/billing/bills/bill.ts';
import { decimal, sumOf } from '../../../../exporters/billing/pricing/decimal.ts';
import { sectionsOf, totalsOf } from '../../../../exporters/billing/statements/sections.ts';
import { statementCsv } from '../../../../exporters/billing/statements/statement-csv.ts';
import { statementHtml } from '../../../../exporters/billing/statements/statement-html.ts';
import { statementJson } from '../../../../exporters/billing/statements/statement-json.ts';
import {
  decimalsOf,
  grouped,
  momentText,
  percentText,
  shownPrice,
  shownQuantity,
} from '../../../../exporters/billing/statements/words.ts';
import { createPdfPrinter } from '../../../../kit/chromium/print-pdf.ts';
import { csvRecords } from '../../../../kit/csv/csv-records.ts';
import { sampleBill, sampleLine } from '../../../support/sample-bill.ts';
import { tool } from '../../../support/tools.ts';

/** What a person reads: no markup, no style, entities resolved. */
function textOf(html: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
  };
  return html
    .replaceAll(/<style>.*?<\/style>/gs, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/&(amp|lt|gt|quot|#39);/g, (each) => entities[each] ?? '')
    .replaceAll(/\s+/g, ' ');
}

const read = (bill: Bill): string => textOf(statementHtml(bill));

test('a statement says who, to whom, for when, what, how much, how complete, and how to audit it', () => {
  const text = read(sampleBill());
  for (const part of [
    'Example GPU Cloud GmbH Musterstraße 1 10115 Berlin VAT ID DE000000000 billing@example.com',
    'Statement GPU-2026-000042',
    'For AI Research, University of Example',
    'Cost centre CC-4711',
    'Period 1 March 2026 to 31 March 2026',
    'Time zone Europe/Berlin, 743 h',
    'From 2026-03-01 00:00 +01:00',
    'Up to 2026-04-01 00:00 +02:00',
    'Issued 2 April 2026',
    'Total Payable within 30 days. 87,234.68 EUR',
    '1 NVIDIA H100 80GB HBM3, GPU hours cluster eu-1, cost centre ai-research, 2026-03-01 00:00 +01:00 to 2026-03-15 12:00 +01:00 12,480.251389 GPU hour 2.50 list 2.80 31,200.63',
    '5 Storage nvme, tiers cluster eu-1, cost centre ai-research 10,000 GB month × 0.09 EUR 32,000 GB month × 0.0703125 EUR 42,000.000000 GB month several 3,150.00',
    'Usage, subtotal 61,644.90',
    'Discounts and credits, subtotal −1,250.00',
    'Charges 74,904.18 Discounts and credits −1,250.00 Tax 13,580.50 Total 87,234.68 EUR',
    'adds up to the 47,552 GPU hours that were installed. The difference is 0.',
    'eu-1 gpu_time 2026-03-01 00:00 +01:00 to 2026-04-01 00:00 +02:00 743 99.93 % 2 h',
    'gpu-17.eu-1.example.com:9400 gpu_time of eu-1 2026-03-11 03:30 +01:00 2 h charged as last seen',
    'fleetlens billing explain GPU-2026-000042 1',
    'Closed by billing@example.com.',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).not.toContain('DRAFT');
});

test('a draft says that it is one, and what keeps it open', () => {
  const text = read(
    sampleBill({ state: 'draft', number: undefined, closedBy: undefined, problems: ['no price for H200 of gpu_time'] }),
  );
  expect(text).toContain('DRAFT');
  expect(text).toContain('Draft statement not closed yet');
  expect(text).toContain('This bill cannot be closed yet: no price for H200 of gpu_time');
  expect(text).toContain('For information only');
  expect(text).toContain('fleetlens billing explain --period=2026-03 ai-research 1');
});

test('a correction names the bill that it corrects, what was billed before, and gives money back as a credit', () => {
  const line = sampleLine({
    id: 'correction|x',
    kind: 'correction',
    corrects: { id: 'x', kind: 'usage' },
    quantity: '-4',
    amount: '-10.00',
    steps: ['billed before: 14 GPU hour, 35.00 EUR', 'as it is known now: 10 GPU hour, 25.00 EUR'],
  });
  const text = read(sampleBill({ corrects: 'GPU-2026-000007', lines: [line], total: '-10.00' }));
  expect(text).toContain('Correction GPU-2026-000042');
  expect(text).toContain('Corrects bill GPU-2026-000007');
  expect(text).toContain('To be credited Payable within 30 days. 10.00 EUR');
  expect(text).toContain(
    'billed before: 14 GPU hour, 35.00 EUR as it is known now: 10 GPU hour, 25.00 EUR −4 GPU hour',
  );
});

test('usage that a commitment pays for says so, and a cost centre is told where it is not that of the bill', () => {
  const coveredBy = { id: 'commitment|gold|reserved', name: 'reserved', price: '2' };
  const lines = [
    sampleLine({ id: 'a', coveredBy, effectiveCost: '0', amount: '0.00', costCentre: 'CC-4711' }),
    sampleLine({
      id: 'b',
      effectiveCost: '22.5',
      amount: '22.50',
      steps: ['metered: x', 'discounts[0]: 25 − 10 % = 22.5', 'to be paid: 22.50 EUR'],
    }),
  ];
  const text = read(sampleBill({ lines, total: '22.50' }));
  expect(text).toContain(
    '1 NVIDIA H100 80GB HBM3, GPU hours cluster eu-1 paid with the commitment reserved 10 GPU hour 2.50',
  );
  expect(text).toContain('cluster eu-1, cost centre ai-research discounts[0]: 25 − 10 % = 22.5 10 GPU hour 2.50');
  expect(text).not.toContain('metered: x');
});

test('what does not add up, and what was accepted, is not hidden', () => {
  const bill = sampleBill();
  const { details } = bill;
  if (details === undefined) throw new Error('the sample has details');
  const [gpu, ...rest] = details.evidence.meters;
  if (gpu?.conservation === undefined) throw new Error('the sample has GPU time');
  const wrong = { ...gpu, conservation: { ...gpu.conservation, error: '1/3' } };
  const text = read({
    ...bill,
    details: {
      ...details,
      evidence: { ...details.evidence, meters: [wrong, ...rest] },
      accepted: [{ kind: 'conservation', message: 'the sums differ', reason: 'one GPU was counted by hand' }],
    },
  });
  expect(text).toContain('differs from the 47,552 GPU hours that were installed by 1/3 GPU milliseconds in eu-1.');
  expect(text).toContain('Closed although: the sums differ. Accepted because: one GPU was counted by hand');
});

test('names of others cannot become markup, scripts or other directions of writing', () => {
  const evil = `<script>alert(1)</script><img src=x onerror="x">&'"\u202e\u0000`;
  const sample = sampleBill();
  const html = statementHtml({
    ...sample,
    title: evil,
    tenant: evil,
    costCentre: evil,
    closedBy: evil,
    problems: [evil],
    lines: sample.lines.map((line) => ({
      ...line,
      description: evil,
      cluster: evil,
      costCentre: evil,
      unit: evil,
      steps: [evil],
    })),
  });
  for (const each of ['<script', '<img', '\u202e', '\u0000']) expect(html).not.toContain(each);
  expect(html.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(30);
});

test('it needs nothing from elsewhere, runs nothing, and can be read aloud', () => {
  const html = statementHtml(sampleBill());
  expect(html).not.toMatch(/\s(src|href|on\w+)=|url\(|@import|javascript:/);
  expect(html).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
  );
  expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
  const tables = html.match(/<table/g)?.length;
  expect(html.match(/<caption/g)?.length).toBe(tables);
  expect(html.match(/<th(?![a-z])/g)?.length).toBe(html.match(/<th scope="(col|row)"/g)?.length);
  expect(html.match(/<h1/g)).toHaveLength(1);
});

test('Chromium prints it on A4', async () => {
  const pdf = (await createPdfPrinter({ program: tool('chromium') }).print(statementHtml(sampleBill()))).toString(
    'latin1',
  );
  expect(pdf.match(/\/Type \/Page\b/g)?.length).toBeGreaterThanOrEqual(2);
  expect(pdf).toMatch(/\/MediaBox \[0 0 59[45]\.\d+ 84[12]\.\d+\]/);
});

test('every line is in one section, and totals add up to the total', () => {
  const bill = sampleBill();
  const sections = sectionsOf(bill);
  expect(sections.flatMap(({ lines }) => lines.map(({ position }) => position)).sort((a, b) => a - b)).toEqual(
    bill.lines.map((_, index) => index + 1),
  );
  expect(sumOf(sections.map(({ subtotal }) => subtotal)).toFixed()).toBe(decimal(bill.total).toFixed());
  const { charges, reductions, tax, total } = totalsOf(bill);
  expect(sumOf([charges, reductions, tax]).toFixed()).toBe(decimal(total).toFixed());
});

test('a corrected tax counts as tax, and a corrected discount as a reduction', () => {
  const corrected = (kind: 'usage' | 'discount' | 'tax', amount: string) =>
    sampleLine({ id: `correction|${kind}`, kind: 'correction', corrects: { id: kind, kind }, amount });
  const lines = [corrected('usage', '-10.00'), corrected('discount', '1.00'), corrected('tax', '-1.71')];
  expect(totalsOf(sampleBill({ lines, total: '-10.71' }))).toEqual({
    charges: '-10.00',
    reductions: '1.00',
    tax: '-1.71',
    total: '-10.71',
  });
});

test('CSV has exact numbers, times in UTC, and no text that a spreadsheet would run', async () => {
  const lines = [
    sampleLine({ description: '=HYPERLINK("http://x")', amount: '-25.00', quantity: '-10.123456789012345' }),
  ];
  const rows: (readonly string[])[] = [];
  for await (const { fields } of csvRecords(statementCsv(sampleBill({ lines, tenant: '@tenant' })), {
    file: 'bill.csv',
  }))
    rows.push(fields);
  const [header = [], row = []] = rows;
  const value = (name: string): string | undefined => row[header.indexOf(name)];
  expect(rows).toHaveLength(2);
  expect([value('description'), value('tenant'), value('amount'), value('quantity'), value('from')]).toEqual([
    `'=HYPERLINK("http://x")`,
    "'@tenant",
    '-25.00',
    '-10.123456789012345',
    '2026-02-28T23:00:00.000Z',
  ]);
});

test('JSON has all of the bill, and money as texts', () => {
  const bill = sampleBill();
  const json = JSON.parse(JSON.stringify(statementJson(bill)));
  expect(json).toMatchObject({
    number: 'GPU-2026-000042',
    period: { name: '2026-03', start: '2026-02-28T23:00:00.000Z', time_zone: 'Europe/Berlin' },
    total: '87234.68',
    totals: { tax: '13580.50' },
    ledger_position: '88123456',
  });
  expect(json.lines).toHaveLength(bill.lines.length);
  expect(json.lines[0]).toMatchObject({ line: 1, amount: '31200.63', quantity: '12480.251388888888888889' });
  // Nothing in it is a number that has lost digits on the way.
  expect(load(JSON.stringify(json))).toEqual(json);
});

test.each([
  ['1234567.89', '1,234,567.89'],
  ['-1000', '−1,000'],
  ['999.000001', '999.000001'],
  ['0', '0'],
])('%s is shown as %s', (text, shown) => {
  expect(grouped(text)).toBe(shown);
});

test('numbers of a column have their points below each other, and prices the digits of the currency', () => {
  expect(decimalsOf(['1', '2.5', '', '0.1234567'])).toBe(6);
  expect([shownQuantity('1', 6), shownQuantity('2.5', 2), shownQuantity('2880', 0), shownQuantity('', 3)]).toEqual([
    '1.000000',
    '2.50',
    '2,880',
    '',
  ]);
  expect([
    shownPrice('2.8', 'EUR'),
    shownPrice('0.00005', 'EUR'),
    shownPrice('1200', 'JPY'),
    shownPrice('1', 'KWD'),
  ]).toEqual(['2.80', '0.00005', '1,200', '1.000']);
});

test('what is not all is never shown as all', () => {
  expect([percentText(1), percentText(0.999999), percentText(0.99)]).toEqual(['100 %', '99.99 %', '99.00 %']);
  expect([shownQuantity('0.0000005'), shownQuantity(''), shownQuantity('1234.5')]).toEqual(['0', '', '1,234.5']);
  expect(momentText(Date.UTC(2026, 0, 1), 'Asia/Kathmandu')).toBe('2026-01-01 05:45 +05:45');
  expect(momentText(Date.UTC(2026, 0, 1), 'America/St_Johns')).toBe('2025-12-31 20:30 -03:30');
});
