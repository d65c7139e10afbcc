import type { Collector } from '../../../kit/collector.ts';
import type { billing } from '../../../metrics/billing.ts';
import type { BillingView } from '../view.ts';

export type BillingCollector = Collector<BillingView, typeof billing>;

/** The first so many, and how many are left out. */
export function bounded<T>(all: readonly T[], max: number): { readonly shown: readonly T[]; readonly dropped: number } {
  return { shown: all.slice(0, max), dropped: Math.max(0, all.length - max) };
}
