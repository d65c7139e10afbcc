import type { UsageTotal } from '../ledger/ledger.ts';
import type { RatedLine } from '../pricing/rated.ts';
import type { TenantDirectory } from '../subjects/tenant-directory.ts';

/** Used amounts by tenant, cluster, meter and SKU. Only proportions matter, so floats are good enough. */
export type DayUsage = ReadonlyMap<string, number>;

export type UsageOf = Pick<RatedLine, 'cluster' | 'meter' | 'sku'>;

/** What each tenant used in the time that the totals are of; `atMs` decides whose it was. */
export function usageOfTotals(
  totals: readonly UsageTotal[],
  directory: Pick<TenantDirectory, 'attribute'>,
  atMs: number,
): DayUsage {
  const used = new Map<string, number>();
  for (const total of totals.filter(({ state }) => state === 'used')) {
    const held = (Number(total.quantity) * total.share.num) / total.share.den;
    for (const { tenant, share } of directory.attribute(total, atMs)) {
      const key = usageKey(tenant, total);
      used.set(key, (used.get(key) ?? 0) + (held * share.num) / share.den);
    }
  }
  return used;
}

export function usageKey(tenant: string, { cluster, meter, sku }: UsageOf): string {
  return JSON.stringify([tenant, cluster, meter, sku]);
}
