import fc from 'fast-check';
import type { Bill } from '../../../../exporters/billing/bills/bill.ts';
import type { FocusRow } from '../../../../exporters/billing/focus/columns.ts';
import { checkFocus } from '../../../../exporters/billing/focus/conformance.ts';
import { focusCsv } from '../../../../exporters/billing/focus/focus-csv.ts';
import { focusRows } from '../../../../exporters/billing/focus/focus-rows.ts';
import { correctionOf } from '../../../../exporters/billing/pricing/correction.ts';
import { decimal, sumOf } from '../../../../exporters/billing/pricing/decimal.ts';
import type { RatedBill } from '../../../../exporters/billing/pricing/rated.ts';
import { sampleBill } from '../../../support/sample-bill.ts';
import { billOf, h100, hour, rate, research, used } from '../pricing/rating.ts';

const yaml = `${research}
prices:
  - { meter: gpu_time, unit: GPU hour, price: '2.50' }
  - { meter: gpu_time, sku: A100, unit: GPU hour, price: '1.10' }
contracts:
  - name: gold
    tenants: [research]
    discounts: [{ percent: 10 }]
    commitments: [{ name: reserved, meter: gpu_time, sku: 'NVIDIA*', quantity: 90, price: '2.00' }]
`;

function rated(hours: number, others = 0): RatedBill {
  const ms = (count: number): bigint => BigInt(Math.round(count * hour));
  return billOf(
    rate(yaml, [used({ quantity: ms(hours) }), used({ quantity: ms(others), sku: 'A100', resource: 'GPU-2' })]),
  );
}

function billFrom({ tenant, currency, period, lines, total }: RatedBill, more: Partial<Bill> = {}): Bill {
  return sampleBill({ tenant, currency, period, lines, total, ...more });
}

const about = (row: FocusRow) => [
  row.ChargeCategory,
  row.CommitmentDiscountStatus,
  row.PricingCategory,
  row.PricingQuantity,
  row.BilledCost,
  row.ContractedCost,
  row.EffectiveCost,
  row.CommitmentDiscountQuantity,
  row.ConsumedQuantity,
];

async function complaints(...bills: readonly Bill[]): Promise<readonly string[]> {
  return [...(await checkFocus(focusCsv(bills))).broken.keys()];
}

test('usage carries the cost of its commitment, what is left of it has a row, and the purchase costs nothing more', async () => {
  const bill = billFrom(rated(60, 10));
  const rows = focusRows(bill);
  // 60 of 90 hours: 60 × 2.00 used, 30 × 2.00 unused. 10 × 1.10 less 10 % are no part of it.
  expect(rows.map(about)).toEqual([
    ['Usage', '', 'Standard', '10', '9.90', '11', '9.9', '', '10'],
    ['Usage', 'Used', 'Committed', '60', '0.00', '150', '120', '60', '60'],
    ['Purchase', '', 'Standard', '90', '180.00', '180', '0', '90', ''],
    ['Usage', 'Unused', 'Committed', '30', '0.00', '60', '60', '30', ''],
  ]);
  expect(new Set(rows.slice(1).map((row) => row.CommitmentDiscountId))).toEqual(new Set(['research/gold|reserved']));
  expect(rows.at(-1)).toMatchObject({
    SkuMeter: 'gpu_time',
    ChargeDescription: expect.stringContaining('Unused part'),
  });
  expect(await complaints(bill)).toEqual([]);
});

test('what is used beyond it is usage at its own price', async () => {
  const bill = billFrom(rated(100));
  // 90 × 2.00, and 10 × 2.50
  expect(focusRows(bill).map(about)).toEqual([
    ['Usage', 'Used', 'Committed', '90', '0.00', '225', '180', '90', '90'],
    ['Purchase', '', 'Standard', '90', '180.00', '180', '0', '90', ''],
    ['Usage', '', 'Standard', '10', '25.00', '25', '25', '', '10'],
  ]);
  expect(await complaints(bill)).toEqual([]);
});

test('a correction moves cost from what was left to what was used', async () => {
  const before = billFrom(rated(60), { number: 'N1' });
  const now = correctionOf([before], rated(80));
  const correction = billFrom(now, { number: 'N2', corrects: 'N1' });
  expect(focusRows(correction).map((row) => [row.ChargeClass, ...about(row)])).toEqual([
    ['Correction', 'Usage', 'Used', 'Committed', '20', '0.00', '50', '40', '20', '20'],
    ['Correction', 'Usage', 'Unused', 'Committed', '-20', '0.00', '-40', '-40', '-20', ''],
  ]);
  expect(await complaints(before, correction)).toEqual([]);
});

test('whatever was used, effective costs of a commitment add up to what was paid for it, and all to the bill', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: 0, max: 200, noNaN: true }),
      fc.integer({ min: 0, max: 20 }),
      async (hours, others) => {
        const bill = billFrom(rated(hours, others));
        const rows = focusRows(bill);
        const sum = (wanted: (row: FocusRow) => boolean, column: 'EffectiveCost' | 'BilledCost') =>
          sumOf(rows.filter(wanted).map((row) => row[column]));
        const isOf = (row: FocusRow): boolean => row.CommitmentDiscountId !== '';
        expect(sum(isOf, 'EffectiveCost').minus('180').abs().lessThan('0.000001')).toBe(true);
        expect(sum(() => true, 'BilledCost').equals(decimal(bill.total))).toBe(true);
        // A cent for each line that is rounded.
        expect(
          sum(() => true, 'EffectiveCost')
            .minus(bill.total)
            .abs()
            .lessThan('0.03'),
        ).toBe(true);
        expect(await complaints(bill)).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

test('lines say which commitment pays for them', () => {
  expect(rated(60).lines.find(({ sku }) => sku === h100)?.coveredBy).toEqual({
    id: 'commitment|gold|reserved',
    name: 'reserved',
    price: '2',
  });
});
