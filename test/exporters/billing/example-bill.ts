import type { Bill } from '../../../exporters/billing/bills/bill.ts';
import type { RatedLine } from '../../../exporters/billing/pricing/rated.ts';

const november = { startMs: Date.UTC(2026, 10, 1), endMs: Date.UTC(2026, 11, 1) };

/** 10 EUR of GPU time in November. */
export function exampleLine(more: Partial<RatedLine>): RatedLine {
  return {
    id: 'usage gpu_time',
    kind: 'usage',
    meter: 'gpu_time',
    sku: 'NVIDIA H100 80GB HBM3',
    cluster: 'c1',
    costCentre: '',
    description: 'NVIDIA H100 80GB HBM3, GPU hours',
    span: november,
    quantity: '5',
    unit: 'GPU hour',
    listUnitPrice: '2',
    contractedUnitPrice: '2',
    listCost: '10',
    contractedCost: '10',
    effectiveCost: '10',
    amount: '10.00',
    priceId: 'prices[0]',
    steps: [],
    ...more,
  };
}

/** A draft of November with one line. */
export function exampleBill(more: Partial<Bill>): Bill {
  return {
    number: undefined,
    state: 'draft',
    corrects: undefined,
    tenant: 'search',
    title: 'Search',
    costCentre: 'cc-1',
    currency: 'EUR',
    timeZone: 'UTC',
    period: november,
    lines: [exampleLine({})],
    total: '10.00',
    problems: [],
    ledgerPosition: 0n,
    priceBookHash: '',
    coverage: 1,
    createdAt: 0,
    closedBy: undefined,
    ...more,
  };
}
