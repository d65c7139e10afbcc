import { createBillBook } from '../../../../exporters/billing/bills/bill-book.ts';
import { defaultBillSettings } from '../../../../exporters/billing/bills/bill-settings.ts';
import { createExplainer } from '../../../../exporters/billing/bills/explain.ts';
import { checkFocus } from '../../../../exporters/billing/focus/conformance.ts';
import { focusCsv } from '../../../../exporters/billing/focus/focus-csv.ts';
import { createLedger, type StoredLedger } from '../../../../exporters/billing/ledger/create-ledger.ts';
import type { BillingTables } from '../../../../exporters/billing/ledger/tables.ts';
import { billingMigrations, billingSchema } from '../../../../exporters/billing/migrations.ts';
import { decimal, sumOf } from '../../../../exporters/billing/pricing/decimal.ts';
import { creditsOfBills } from '../../../../exporters/billing/reckoning/credits.ts';
import { linePieces } from '../../../../exporters/billing/reckoning/line-pieces.ts';
import { createRate } from '../../../../exporters/billing/reckoning/rate-ledger.ts';
import { sectionsOf, totalsOf } from '../../../../exporters/billing/statements/sections.ts';
import { createTenantDirectory } from '../../../../exporters/billing/subjects/create-tenant-directory.ts';
import type { Usage } from '../../../../exporters/billing/usage.ts';
import { hourMs, usage, windowAt } from '../../../support/billing-ledger.ts';
import { createStoreBench } from '../../../support/stores.ts';
import { h100, meters, pricingOf, utc } from '../pricing/rating.ts';

/** March 2028 in Berlin: 743 hours, since clocks are put forward on the 26th. */
const period = { startMs: utc('2028-02-29T23:00'), endMs: utc('2028-03-31T22:00') };
const hours = 743;
const mig = `${h100} MIG 1g.10gb`;

const yaml = `
tenants:
  - { name: lab, title: Lab, cost_centre: CC-1, time_zone: Europe/Berlin, owns: [{ namespace: lab }] }
  - { name: rest, time_zone: Europe/Berlin, owns: [{ namespace: rest }] }
prices:
  - { meter: gpu_time, unit: GPU hour, price: '2.00', idle_price: '1.00', to: '2028-03-16T12:30', time_zone: Europe/Berlin }
  - { meter: gpu_time, unit: GPU hour, price: '3.00', idle_price: '1.00', from: '2028-03-16T12:30', time_zone: Europe/Berlin }
  - { meter: gpu_time, sku: '* MIG 1g.10gb', unit: GPU hour, price: '0.40' }
  - meter: cpu_time
    unit: core hour
    price: '0.02'
    time_zone: Europe/Berlin
    time_of_day: [{ from: '22:00', to: '06:00', price: '0.01', name: night }]
  - meter: llm_tokens
    unit: token
    model: graduated
    tiers: [{ up_to: 10000000, price: '0.0000006' }, { price: '0.0000004' }]
idle: [{ policy: weighted }]
contracts:
  - name: gold
    tenants: [lab]
    commitments: [{ name: reserved, meter: gpu_time, sku: '${h100}', quantity: 500, price: '1.50' }]
    discounts: [{ percent: 10, meter: cpu_time }]
    free: [{ meter: gpu_time, sku: '* MIG 1g.10gb', quantity: 43 }]
    credits: [{ name: welcome, amount: 100 }]
    taxes: [{ name: VAT, percent: 19 }]
`;

/**
 * By hand. The price changes on 16 March at 12:30, in the middle of a window, after 15 × 24 + 12.5 = 372.5 hours; 370.5 are left.
 * Nights have 6 h (of the 1st) + 30 × 8 h - 1 h + 2 h = 247 h, days 31 × 16 h = 496 h.
 * Idle is divided by 1 + 1/7 (lab) to 1 (rest): 8/15 of it.
 */
const expected: readonly (readonly [string, string, string])[] = [
  // 247 × 0.01 = 2.47, − 10 % = 2.223; 496 × 0.02 = 9.92, − 10 % = 8.928
  ['usage', 'CPU time, night', '2.22'],
  ['usage', 'CPU time', '8.93'],
  // 500 of 743 hours are paid by the commitment, of both prices alike.
  ['usage', `GPU time, ${h100}`, '0.00'],
  ['usage', `GPU time, ${h100}`, '0.00'],
  // 743 − 43 free = 700 × 0.40
  ['usage', `GPU time, ${mig}`, '280.00'],
  // 10,000,000 × 0.0000006 + 2,000,000 × 0.0000004
  ['usage', 'LLM tokens, llama', '6.80'],
  // 372.5 × 8/15 and 370.5 × 8/15, at 1.00
  ['idle', `GPU time, ${h100}, idle, share by idle[0]`, '198.67'],
  ['idle', `GPU time, ${h100}, idle, share by idle[0]`, '197.60'],
  // 500 × 1.50
  ['commitment', `GPU time, ${h100}, commitment reserved`, '750.00'],
  // 372.5 × 243/743 × 2.00 and 370.5 × 243/743 × 3.00
  ['overage', `GPU time, ${h100}, overage`, '243.65'],
  ['overage', `GPU time, ${h100}, overage`, '363.52'],
  ['credit', 'Credit welcome', '-100.00'],
  // 19 % of 2051.39 − 100 = 1951.39
  ['tax', 'VAT 19 %', '370.76'],
];

const bench = createStoreBench();
afterAll(() => bench.stop());

const holder = (namespace: string) => ({ namespace, pod: `${namespace}-0` });

function gpusAt(ms: bigint): readonly Usage[] {
  const sku = h100;
  return [
    usage('GPU-1', ms, { sku, holder: holder('lab') }),
    usage('GPU-2/7', ms, { sku: mig, holder: holder('lab'), share: { num: 1, den: 7 } }),
    usage('GPU-3', ms, { sku, state: 'idle', reason: 'unassigned', holder: {} }),
    usage('GPU-4', ms, { sku, holder: holder('rest') }),
  ];
}

async function recordMonth(ledger: StoredLedger): Promise<void> {
  const cpu = (startMs: number) =>
    windowAt(startMs, [usage('n1', BigInt(hourMs), { meter: 'cpu_time', sku: '', holder: holder('lab') })], {
      meter: 'cpu_time',
    });
  const tokensAt = utc('2028-03-05T10:00');
  const llm = (startMs: number) => {
    const amount = startMs === tokensAt ? [12_000_000n] : [];
    const rows = amount.map((each) =>
      usage('llama', each, { meter: 'llm_tokens', sku: 'llama', holder: holder('lab') }),
    );
    return windowAt(startMs, rows, { meter: 'llm_tokens' });
  };
  const starts = Array.from({ length: hours }, (_, hour) => period.startMs + hour * hourMs);
  for (let from = 0; from < hours; from += 100) {
    const part = starts.slice(from, from + 100);
    await ledger.record(
      part.flatMap((startMs) => [windowAt(startMs, gpusAt(BigInt(hourMs))), cpu(startMs), llm(startMs)]),
    );
  }
}

async function scene() {
  const store = await bench.open<BillingTables>('embedded', { schema: billingSchema, migrations: billingMigrations });
  const { tenants, ...pricing } = pricingOf(yaml);
  const directory = createTenantDirectory(tenants);
  const clock = { now: () => period.endMs / 1000 + 86_400, monotonic: () => 0 };
  const ledger = await createLedger({ store, clock });
  const rules = { directory, meters, pricing };
  const { db, transaction } = store;
  const rate = createRate({ ledger, rules: () => rules, creditsUsed: creditsOfBills(db) });
  const settings = { ...defaultBillSettings, issuer: { ...defaultBillSettings.issuer, name: 'Example' } };
  const book = createBillBook({
    db,
    transaction,
    ledger,
    rate,
    clock,
    rules: () => ({ directory, settings, priceBookHash: 'h' }),
  });
  const explain = createExplainer({
    bills: book,
    ledger,
    directory: () => directory,
    meters: () => meters,
    segmentsOf: (line, bill) => linePieces(line, bill, rules),
  });
  return { ledger, book, explain };
}

test('a month in Berlin, from the ledger to the invoice, is what it comes to by hand; every line is the sum of its rows', async () => {
  const { ledger, book, explain } = await scene();
  await recordMonth(ledger);
  const bill = await book.close({ tenant: 'lab', period: '2028-03', by: 'test' });
  expect(bill.lines.map(({ kind, description, amount }) => [kind, description, amount])).toEqual(expected);
  expect([bill.period, bill.total]).toEqual([period, '2322.15']);
  expect(totalsOf(bill)).toEqual({ charges: '2051.39', reductions: '-100.00', tax: '370.76', total: '2322.15' });
  expect(sumOf(sectionsOf(bill).map(({ subtotal }) => subtotal)).equals('2322.15')).toBe(true);

  const { findings, billedCosts } = await checkFocus(focusCsv([bill]));
  expect([findings, [...billedCosts.values()]]).toEqual([[], ['2322.15']]);

  const number = bill.number ?? '';
  for (const { id, kind, quantity } of bill.lines) {
    const told = await explain({ number }, id, { after: 0n, limit: 1000 });
    const isMetered = ['usage', 'overage', 'idle'].includes(kind);
    expect([id, told?.sum?.matches]).toEqual([id, ['usage', 'overage'].includes(kind) ? true : undefined]);
    expect(Number(told?.rows.length) > 0).toBe(isMetered);
    expect(decimal(quantity === '' ? '0' : quantity).isNegative()).toBe(false);
  }

  // Of an hour of GPU-1 on the 20th, only a half was the lab's: 0.5 × 3.00 less, spread over what is covered and what is not.
  const startMs = utc('2028-03-20T10:00');
  const [gpu, ...others] = gpusAt(BigInt(hourMs));
  if (gpu === undefined) throw new Error('there is a GPU');
  const half = { ...gpu, quantity: BigInt(hourMs / 2) };
  const lost = { ...half, state: 'unavailable', reason: 'lost', holder: {} } as const;
  await ledger.record([windowAt(startMs, [half, lost, ...others])]);
  const correction = await book.correction({ tenant: 'lab', period: '2028-03', by: 'test' });
  const again = await book.draft('lab', '2028-03');
  expect(correction?.corrects).toBe(number);
  expect(
    decimal(bill.total)
      .plus(correction?.total ?? '0')
      .toFixed(2),
  ).toBe(again.total);
  expect((await checkFocus(focusCsv(correction === undefined ? [] : [bill, correction]))).findings).toEqual([]);
  await expect(book.reopen(number)).rejects.toThrow('stays as it is');
  expect(await book.bill(number)).toEqual(bill);
}, 240_000);
