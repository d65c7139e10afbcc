import type { Bill } from '../bills/bill.ts';
import type { UsageTotal } from '../ledger/ledger.ts';
import type { RatedLine } from '../pricing/rated.ts';
import type { TenantDirectory } from '../subjects/tenant-directory.ts';

/** Totals of one day, by its name, and the moment at which it is decided whose they are. */
export interface DayTotals {
  readonly day: string;
  readonly atMs: number;
  readonly totals: readonly UsageTotal[];
}

/** How much of what a line is about its tenant used on each day, to divide the line by: only the proportions matter. */
export function usageByDay(
  days: readonly DayTotals[],
  directory: Pick<TenantDirectory, 'attribute'>,
): (
  bill: Pick<Bill, 'tenant'>,
  line: Pick<RatedLine, 'cluster' | 'meter' | 'sku'>,
) => ReadonlyMap<string, number> | undefined {
  const used = new Map<string, Map<string, number>>();

  function add(key: string, day: string, amount: number): void {
    const ofDay = used.get(key) ?? new Map<string, number>();
    ofDay.set(day, (ofDay.get(day) ?? 0) + amount);
    used.set(key, ofDay);
  }

  for (const { day, atMs, totals } of days) {
    for (const total of totals.filter(({ state }) => state === 'used')) {
      const held = (Number(total.quantity) * total.share.num) / total.share.den;
      for (const { tenant, share } of directory.attribute(total, atMs))
        add(keyOf(tenant, total), day, (held * share.num) / share.den);
    }
  }
  return ({ tenant }, line) => used.get(keyOf(tenant, line));
}

function keyOf(tenant: string, { cluster, meter, sku }: Pick<RatedLine, 'cluster' | 'meter' | 'sku'>): string {
  return JSON.stringify([tenant, cluster, meter, sku]);
}
