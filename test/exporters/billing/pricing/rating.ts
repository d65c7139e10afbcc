import type { Segment, UsageTotal } from '../../../../exporters/billing/ledger/ledger.ts';
import type { Meter } from '../../../../exporters/billing/meters/meter.ts';
import { decimalText, sumOf } from '../../../../exporters/billing/pricing/decimal.ts';
import { type RateInput, ratePeriod } from '../../../../exporters/billing/pricing/rate-period.ts';
import type { RatedBill, RatedLine } from '../../../../exporters/billing/pricing/rated.ts';
import { readCurrency } from '../../../../exporters/billing/pricing/read-price-book.ts';
import { pricingKeys, readPricing } from '../../../../exporters/billing/pricing/read-pricing.ts';
import { type Pricing, segmentsOf } from '../../../../exporters/billing/pricing/segments.ts';
import type { Span } from '../../../../exporters/billing/span.ts';
import { createTenantDirectory } from '../../../../exporters/billing/subjects/create-tenant-directory.ts';
import { readTenants } from '../../../../exporters/billing/subjects/read-tenants.ts';
import { type Usage, wholeShare } from '../../../../exporters/billing/usage.ts';
import { fieldsOf } from '../../../../kit/config-values.ts';
import { parseYaml } from '../../../../kit/yaml.ts';

export const hour = 3_600_000;
export const h100 = 'NVIDIA H100 80GB HBM3';

function meter(
  name: string,
  about: string,
  kind: Meter['kind'],
  base: string,
  priced: string,
  perPriced: bigint,
): Meter {
  return { name, about, kind, unit: { base, priced, perPriced }, sources: [] };
}

export const meters: readonly Meter[] = [
  meter('gpu_time', 'GPU time', 'gpu', 'ms', 'GPU hour', 3_600_000n),
  meter('cpu_time', 'CPU time', 'gauge', 'ms', 'core hour', 3_600_000n),
  meter('llm_tokens', 'LLM tokens', 'counter', 'token', 'token', 1n),
  meter('requests', 'Requests', 'counter', 'request', 'request', 1n),
];

/** What the YAML says under the keys of tenants and prices. */
export function pricingOf(yaml: string) {
  const keys = [...pricingKeys, 'tenants', 'splits'];
  const at = fieldsOf({ value: parseYaml('billing.yaml', yaml) ?? {}, where: 'billing.yaml' }, keys, ': ');
  const tenants = readTenants(at('tenants'), at('splits'), readCurrency(at('currency')));
  return { tenants, ...readPricing(at, { meters, tenants }) };
}

export const utc = (text: string) => Date.parse(`${text}Z`.replace(/^(\d{4}-\d\d-\d\d)Z$/, '$1T00:00:00Z'));

export const spanOf = (from: string, to: string): Span => ({ startMs: utc(from), endMs: utc(to) });

export const february = spanOf('2026-02-01', '2026-03-01');

/** Usage that was spread evenly over a span. */
export interface Used extends Usage {
  readonly span: Span;
}

/** Of research in namespace train, the whole of February 2026, unless said otherwise. */
export function used(over: Partial<Used> = {}): Used {
  return {
    meter: 'gpu_time',
    cluster: 'berlin',
    node: 'node-1',
    resource: 'GPU-1',
    sku: h100,
    state: 'used',
    reason: '',
    holder: { namespace: 'train' },
    share: wholeShare,
    quantity: 0n,
    span: february,
    ...over,
  };
}

export function tokens(quantity: bigint, over: Partial<Used> = {}): Used {
  return used({ meter: 'llm_tokens', sku: 'llama', resource: 'llama', node: '', quantity, ...over });
}

/** Sums by segment, as a ledger makes them: cumulative amounts are cut at the borders. */
export function totalsOf(usages: readonly Used[], segments: readonly Segment[]): readonly UsageTotal[] {
  return usages.flatMap(({ span, quantity, ...key }) => {
    const length = BigInt(span.endMs - span.startMs);
    const upTo = (atMs: number) => {
      const inside = Math.min(Math.max(atMs, span.startMs), span.endMs) - span.startMs;
      return (quantity * BigInt(inside)) / length;
    };
    return segments.flatMap((segment) => {
      const part = upTo(segment.span.endMs) - upTo(segment.span.startMs);
      return part === 0n ? [] : [{ ...key, bucket: segment.bucket, quantity: part, isDivided: false }];
    });
  });
}

export function rateInput(
  yaml: string,
  usages: readonly Used[],
  period: Span = february,
  alsoFor: readonly Pricing[] = [],
): RateInput {
  const { tenants, priceBook, contracts } = pricingOf(yaml);
  const directory = createTenantDirectory(tenants);
  const segments = segmentsOf({ period, priceBook, contracts, directory, alsoFor });
  return { period, priceBook, contracts, directory, segments, meters, totals: totalsOf(usages, segments) };
}

export function rate(yaml: string, usages: readonly Used[], period: Span = february): ReadonlyMap<string, RatedBill> {
  const bills = ratePeriod(rateInput(yaml, usages, period));
  for (const bill of bills.values()) expectSum(bill);
  return bills;
}

/** Whatever a bill says, its lines add up to it, and no two have one id. */
function expectSum({ lines, total }: RatedBill): void {
  expect(decimalText(sumOf(lines.map(({ amount }) => amount)))).toBe(decimalText(sumOf([total])));
  expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
}

export function billOf(bills: ReadonlyMap<string, RatedBill>, tenant = 'research'): RatedBill {
  const bill = bills.get(tenant);
  if (bill === undefined) throw new Error(`no bill of ${tenant}`);
  return bill;
}

/** `kind quantity amount` of each line. */
export function briefly(bill: RatedBill): readonly string[] {
  return bill.lines.map(brief);
}

function brief({ kind, quantity, amount }: RatedLine): string {
  return [kind, quantity, amount].filter((each) => each !== '').join(' ');
}

export const research = `
tenants:
  - name: research
    owns: [{ namespace: train }]
`;

/** Prices of LLM tokens for tenant research. */
export function tokenPrice(price: string): string {
  return `${research}\nprices:\n  - { meter: llm_tokens, unit: token, ${price} }\n`;
}
