import type { Bill } from '../../../../exporters/billing/bills/bill.ts';
import { correctionOf } from '../../../../exporters/billing/pricing/correction.ts';
import { creditsUsedIn } from '../../../../exporters/billing/pricing/credits-used.ts';
import { decimal, decimalText, sumOf } from '../../../../exporters/billing/pricing/decimal.ts';
import type { RatedBill } from '../../../../exporters/billing/pricing/rated.ts';
import { whatIf } from '../../../../exporters/billing/pricing/what-if.ts';
import { billOf, briefly, h100, hour, pricingOf, rate, rateInput, tokens, used } from './rating.ts';

const yaml = (price: string) => `
tenants: [{ name: research, owns: [{ namespace: train }] }]
prices:
  - { meter: gpu_time, unit: GPU hour, price: '${price}' }
  - { meter: llm_tokens, unit: token, model: graduated, tiers: [{ up_to: 1000, price: '0.10' }, { price: '0.05' }] }
contracts:
  - { name: gold, tenants: [research], credits: [{ name: start, amount: 50 }], minimum: 100, taxes: [{ name: VAT, percent: 19 }] }
`;

function closed(rated: RatedBill, number: string, corrects?: string): Bill {
  const { tenant, currency, period, lines, total, problems } = rated;
  return {
    ...{ number, state: 'closed', corrects, tenant, title: tenant, costCentre: tenant, currency, timeZone: 'UTC' },
    ...{ period, lines, total, problems, ledgerPosition: 0n, priceBookHash: '', coverage: undefined },
    ...{ createdAt: 0, closedBy: undefined },
  } as Bill;
}

const gpuHours = (hours: number) => used({ quantity: BigInt(hours * hour) });
const rated = (hours: number, count: bigint, price = '2.50') =>
  billOf(rate(yaml(price), [gpuHours(hours), tokens(count)]));

test('what has not changed needs no correction', () => {
  const before = rated(100, 1500n);
  expect(correctionOf([closed(before, 'B-1')], rated(100, 1500n))).toMatchObject({ lines: [], total: '0.00' });
});

test('late usage is rated where it belongs, in its tier, and only the difference is billed', () => {
  const before = rated(100, 900n);
  const after = rated(90, 1300n);
  // −10 × 2.50; 100 × 0.10 + 300 × 0.05 = 25: −25 + 25 = 0
  const correction = correctionOf([closed(before, 'B-1')], after);
  expect(briefly(correction)).toEqual(['correction -10 -25.00', 'correction 400 25.00']);
  expect(correction.total).toBe('0.00');
  expect(correction.lines[1]?.steps.slice(0, 3)).toEqual(
    ['billed before in B-1: 900 token, 90 EUR', 'now: 1300 token, 115.00 EUR', 'difference: 400 token, 25.00 EUR'].map(
      (step) => (step.startsWith('billed') ? 'billed before in B-1: 900 token, 90.00 EUR' : step),
    ),
  );
});

test('credits, minimum and taxes are corrected with it', () => {
  // 250 − 50 = 200, VAT 38 → 20 × 2.50 = 50 − 50 = 0, minimum 100, VAT 19
  const correction = correctionOf([closed(rated(100, 0n), 'B-1')], rated(20, 0n));
  expect(correction.lines.map(({ id, amount }) => `${id.split('|').slice(0, 2).join(' ')} ${amount}`)).toEqual([
    'correction minimum 100.00',
    'correction tax -19.00',
    'correction usage -200.00',
  ]);
  expect(correction.total).toBe('-119.00');
});

test('a chain of corrections ends where rating anew does', () => {
  const steps = [rated(100, 900n), rated(90, 1300n), rated(0, 1300n), rated(110, 0n), rated(110, 0n, '3.00')];
  const bills: Bill[] = [];
  for (const [index, next] of steps.entries()) {
    const bill = bills.length === 0 ? next : correctionOf(bills, next);
    bills.push(closed(bill, `B-${index}`, index === 0 ? undefined : 'B-0'));
    expect(decimalText(sumOf(bills.map(({ total }) => total)))).toBe(decimalText(decimal(next.total)));
  }
  const last = bills.at(-1);
  expect(last?.lines.map(({ description }) => description)).toContain(`Correction: GPU time, ${h100}`);
  expect(correctionOf(bills, rated(110, 0n, '3.00')).lines).toEqual([]);
});

test('a line that is gone is taken back', () => {
  const correction = correctionOf([closed(rated(0, 10n), 'B-1')], rated(0, 0n));
  expect(correction.lines.find(({ meter }) => meter === 'llm_tokens')).toMatchObject({
    quantity: '-10',
    amount: '-1.00',
    effectiveCost: '-1',
  });
});

test('bills of something else are refused', () => {
  const bill = rated(1, 1n);
  const other = (over: Partial<Bill>) => () => correctionOf([{ ...closed(bill, 'B-1'), ...over }], bill);
  expect(other({ tenant: 'x' })).toThrow('bill B-1 is of another tenant, period or currency');
  expect(other({ currency: 'USD' })).toThrow(RangeError);
  expect(other({ period: { startMs: 0, endMs: 1 } })).toThrow(RangeError);
});

test('credits that bills used are added up, corrections with them', () => {
  const first = closed(rated(10, 0n), 'B-1');
  const correction = closed(correctionOf([first], rated(12, 0n)), 'B-2', 'B-1');
  // 10 × 2.50 = 25, then 30
  expect(creditsUsedIn([first]).get('research')?.get('credit|gold|start')).toBe('25');
  expect(creditsUsedIn([first, correction]).get('research')?.get('credit|gold|start')).toBe('30');
});

test('what if: the same usage by other prices', () => {
  const other = pricingOf(yaml('4.00'));
  const comparison = whatIf(rateInput(yaml('2.50'), [gpuHours(100), tokens(10n)], undefined, [other]), other).get(
    'research',
  );
  // 250 + 1 − 50 = 201, × 1.19 = 239.19; 400 + 1 − 50 = 351, × 1.19 = 417.69
  expect(comparison).toMatchObject({ before: '239.19', after: '417.69', difference: '178.50', problems: [] });
  expect(
    comparison?.lines.map(({ kind, meter, before, after, difference }) =>
      [kind, meter, before, after, difference].join(' '),
    ),
  ).toEqual([
    'credit  -50.00 -50.00 0.00',
    'tax  38.19 66.69 28.50',
    'usage gpu_time 250.00 400.00 150.00',
    'usage llm_tokens 1.00 1.00 0.00',
  ]);
});

test('what if: prices that change at other times, or are missing', () => {
  const other = pricingOf(`${yaml('2.50').split('prices:')[0]}
prices:
  - { meter: gpu_time, unit: GPU hour, price: 1, to: 2026-02-15 }
`);
  const comparison = whatIf(rateInput(yaml('2.50'), [gpuHours(100)], undefined, [other]), other).get('research');
  expect(comparison?.lines.find(({ kind }) => kind === 'usage')).toMatchObject({
    before: '250.00',
    after: '50.00',
    difference: '-200.00',
  });
  expect(comparison?.problems).toEqual([
    `since 2026-02-15T00:00:00Z: no price for meter gpu_time, SKU ${h100}, cluster berlin; add one to prices`,
  ]);
});
