import type { UsageTotal } from '../ledger/ledger.ts';
import type { Meter } from '../meters/meter.ts';
import { type Decimal, decimal, decimalText, zero } from '../pricing/decimal.ts';
import type { TenantDirectory } from '../subjects/tenant-directory.ts';
import { type CounterLabels, type CounterPart, labelText } from './counter-book.ts';
import { modelAndProfile } from './model-and-profile.ts';

/** A stretch of the ledger, such as a month of UTC, whose totals are told as one part. */
export interface LedgerPart {
  readonly part: string;
  readonly endMs: number;
  /** Of totals in which nobody changes hands: each with the moment at which it is decided whose they are. */
  readonly totals: readonly { readonly atMs: number; readonly totals: readonly UsageTotal[] }[];
}

export interface UsagePartsDeps {
  readonly directory: Pick<TenantDirectory, 'attribute'>;
  readonly meters: readonly Pick<Meter, 'name' | 'kind' | 'unit'>[];
}

type Add = (labels: CounterLabels, value: Decimal) => void;

/** Usage for the counters: GPU seconds by model and state, and every meter in the unit of its price. */
export function usageParts({ part, endMs, totals }: LedgerPart, deps: UsagePartsDeps): readonly CounterPart[] {
  const gpu = createSums();
  const usage = createSums();
  for (const { atMs, totals: some } of totals)
    for (const total of some) addTotal(total, atMs, deps, { gpu: gpu.add, usage: usage.add });
  return [
    { counter: 'gpu', part, endMs, values: gpu.values() },
    { counter: 'usage', part, endMs, values: usage.values() },
  ];
}

function addTotal(
  total: UsageTotal,
  atMs: number,
  { directory, meters }: UsagePartsDeps,
  add: { gpu: Add; usage: Add },
): void {
  const meter = meters.find(({ name }) => name === total.meter);
  if (meter === undefined) return;
  const { cluster, state, share, sku } = total;
  const held = decimal(total.quantity).times(share.num).dividedBy(share.den);
  const owners = state === 'used' ? directory.attribute(total, atMs) : [{ tenant: '', share: { num: 1, den: 1 } }];
  for (const { tenant, share: own } of owners) {
    const quantity = held.times(own.num).dividedBy(own.den);
    // The base unit of GPU time is the millisecond.
    if (meter.kind === 'gpu') add.gpu({ cluster, tenant, ...modelAndProfile(sku), state }, quantity.dividedBy(1000));
    if (state === 'used') {
      const labels = { cluster, tenant, meter: meter.name, unit: meter.unit.priced };
      add.usage(labels, quantity.dividedBy(decimal(meter.unit.perPriced)));
    }
  }
}

function createSums() {
  const sums = new Map<string, { readonly labels: CounterLabels; sum: Decimal }>();
  return {
    add: (labels: CounterLabels, value: Decimal): void => {
      const key = labelText(labels);
      const found = sums.get(key) ?? { labels, sum: zero };
      found.sum = found.sum.plus(value);
      sums.set(key, found);
    },
    values: (): CounterPart['values'] =>
      [...sums.values()].map(({ labels, sum }) => ({ labels, value: decimalText(sum) })),
  };
}
