import type { Bill } from '../../exporters/billing/bills/bill.ts';
import { defaultBillSettings } from '../../exporters/billing/bills/bill-settings.ts';
import { periodNamed } from '../../exporters/billing/bills/period.ts';
import { moneyText } from '../../exporters/billing/pricing/currency.ts';
import { decimal, decimalText, sumOf } from '../../exporters/billing/pricing/decimal.ts';
import type { RatedLine } from '../../exporters/billing/pricing/rated.ts';

const { span } = periodNamed('2026-03', 'Europe/Berlin');
const hourMs = 3_600_000;

/** A line of 10 GPU hours at 2.50. */
export function sampleLine(overrides: Partial<RatedLine> = {}): RatedLine {
  return {
    id: 'usage gpu_time H100 eu-1 ai-research prices[0]',
    kind: 'usage',
    meter: 'gpu_time',
    sku: 'NVIDIA H100 80GB HBM3',
    cluster: 'eu-1',
    costCentre: 'ai-research',
    description: 'NVIDIA H100 80GB HBM3, GPU hours',
    span,
    quantity: '10',
    unit: 'GPU hour',
    listUnitPrice: '2.80',
    contractedUnitPrice: '2.50',
    listCost: '28',
    contractedCost: '25',
    effectiveCost: '25',
    amount: '25.00',
    priceId: 'prices[0]',
    steps: ['10 GPU hours × 2.50 EUR'],
    ...overrides,
  };
}

function priced(quantity: string, list: string, contracted: string): Partial<RatedLine> {
  const cost = (price: string): string => decimalText(decimal(quantity).times(price));
  return {
    quantity,
    listUnitPrice: list,
    contractedUnitPrice: contracted,
    listCost: cost(list),
    contractedCost: cost(contracted),
    effectiveCost: cost(contracted),
    amount: moneyText(decimal(quantity).times(contracted), 'EUR'),
  };
}

function flat(amount: string): Partial<RatedLine> {
  return {
    meter: '',
    sku: '',
    cluster: '',
    quantity: '',
    unit: '',
    listUnitPrice: '',
    contractedUnitPrice: '',
    listCost: amount,
    contractedCost: amount,
    effectiveCost: amount,
    amount,
  };
}

const change = Date.UTC(2026, 2, 15, 11);

/** A month with every kind of line. */
export function sampleBill(overrides: Partial<Bill> = {}): Bill {
  const lines: readonly RatedLine[] = [
    sampleLine({ id: 'u1', span: { ...span, endMs: change }, ...priced('12480.251388888888888889', '2.80', '2.50') }),
    sampleLine({
      id: 'u2',
      span: { ...span, startMs: change },
      ...priced('9120.5', '2.90', '2.60'),
      priceId: 'prices[1]',
    }),
    sampleLine({
      id: 'u3',
      sku: 'NVIDIA A100-SXM4-80GB/1g.10gb',
      description: 'NVIDIA A100-SXM4-80GB, MIG 1g.10gb, instance hours',
      unit: 'instance hour',
      ...priced('744', '0.35', '0.35'),
      priceId: 'prices[2]',
    }),
    sampleLine({
      id: 'u4',
      meter: 'gpu_energy',
      sku: '',
      description: 'Energy of GPUs',
      unit: 'kWh',
      ...priced('15812.25', '0.21', '0.21'),
      priceId: 'prices[3]',
    }),
    sampleLine({
      id: 'u5',
      meter: 'storage',
      sku: 'nvme',
      description: 'Storage nvme, tiers',
      unit: 'GB month',
      quantity: '42000',
      listUnitPrice: '',
      contractedUnitPrice: '',
      listCost: '3150',
      contractedCost: '3150',
      effectiveCost: '3150',
      amount: '3150.00',
      steps: ['10,000 GB month × 0.09 EUR', '32,000 GB month × 0.0703125 EUR'],
      priceId: 'prices[4]',
    }),
    sampleLine({
      id: 'i1',
      kind: 'idle',
      description: 'NVIDIA H100 80GB HBM3, share of idle GPU hours',
      ...priced('310.75', '2.80', '2.50'),
    }),
    sampleLine({
      id: 'c1',
      kind: 'commitment',
      description: 'Reserved: 8 × NVIDIA H100 80GB HBM3',
      ...priced('5944', '2.80', '2.10'),
      priceId: 'contracts[0]',
    }),
    sampleLine({
      id: 'd1',
      kind: 'discount',
      description: 'Volume discount, 5 %',
      ...flat('-1000.00'),
      priceId: 'contracts[0]',
    }),
    sampleLine({
      id: 'k1',
      kind: 'credit',
      description: 'Credit for the outage in February',
      ...flat('-250.00'),
      priceId: 'credits[0]',
    }),
    sampleLine({ id: 't1', kind: 'tax', description: 'VAT 19 %', ...flat('13580.50'), priceId: 'tax' }),
  ];
  const total = moneyText(sumOf(lines.map(({ amount }) => amount)), 'EUR');
  return {
    number: 'GPU-2026-000042',
    state: 'closed',
    corrects: undefined,
    tenant: 'ai-research',
    title: 'AI Research, University of Example',
    costCentre: 'CC-4711',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    period: span,
    lines,
    total,
    problems: [],
    ledgerPosition: 88_123_456n,
    priceBookHash: '3fdba35f04dc8c462986c992bcf875546257113072a909c162f7e470e581e278',
    coverage: 0.9993,
    createdAt: Date.UTC(2026, 3, 2, 8, 30) / 1000,
    closedBy: 'billing@example.com',
    details: {
      periodName: '2026-03',
      anchorDay: 1,
      issuer: {
        ...defaultBillSettings.issuer,
        name: 'Example GPU Cloud GmbH',
        address: ['Musterstraße 1', '10115 Berlin'],
        taxId: 'VAT ID DE000000000',
        contact: 'billing@example.com',
        timeZone: 'Europe/Berlin',
      },
      terms: 'Payable within 30 days.',
      accepted: [],
      evidence: {
        meters: [
          {
            cluster: 'eu-1',
            meter: 'gpu_time',
            fromMs: span.startMs,
            untilMs: span.endMs,
            windows: 743,
            heldWindows: 0,
            expectedScrapes: 891_600,
            seenScrapes: 890_976,
            gapMs: 2 * hourMs,
            conservation: { devices: 64, installedMs: 64 * 743 * hourMs, error: '0' },
          },
          {
            cluster: 'eu-1',
            meter: 'storage',
            fromMs: span.startMs,
            untilMs: span.endMs,
            windows: 743,
            heldWindows: 0,
            expectedScrapes: 44_580,
            seenScrapes: 44_580,
            gapMs: 0,
            conservation: undefined,
          },
        ],
        gaps: [
          {
            cluster: 'eu-1',
            meter: 'gpu_time',
            where: 'gpu-17.eu-1.example.com:9400',
            span: { startMs: Date.UTC(2026, 2, 11, 2, 30), endMs: Date.UTC(2026, 2, 11, 4, 30) },
            policy: 'last_known',
          },
        ],
      },
      hash: '9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab',
    },
    ...overrides,
  };
}
