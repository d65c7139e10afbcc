import type { Period } from '../bills/period.ts';
import type { Tenant } from '../subjects/tenant-directory.ts';

/** Tenants whose period is the same stretch of time: they are reckoned from the same sums. */
export interface PeriodGroup {
  readonly period: Period;
  readonly tenants: readonly Tenant[];
}

export function periodGroups(
  tenants: readonly Tenant[],
  periodOf: (timeZone: string) => Period,
): readonly PeriodGroup[] {
  const groups = new Map<string, { period: Period; tenants: Tenant[] }>();
  for (const tenant of tenants) {
    const period = periodOf(tenant.timeZone);
    const key = `${period.span.startMs} ${period.span.endMs}`;
    const group = groups.get(key) ?? { period, tenants: [] };
    groups.set(key, group);
    group.tenants.push(tenant);
  }
  return [...groups.values()];
}
