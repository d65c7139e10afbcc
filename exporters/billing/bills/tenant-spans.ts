import type { QueryExecutorProvider } from 'kysely';
import type { Span } from '../span.ts';
import type { Tenant } from '../subjects/tenant-directory.ts';
import type { BillRules } from './bill-book.ts';
import { BillError } from './bill-error.ts';
import { type BillSummary, selectOriginals } from './bill-rows.ts';
import { periodNamed, shiftPeriod } from './period.ts';

export interface TenantSpan {
  readonly tenant: Tenant;
  readonly span: Span;
  /** The bill that was closed for it. */
  readonly closed: BillSummary | undefined;
}

/**
 * What each tenant's period is. It begins where the closed bill of the period before ends, and ends where that of the period behind it
 * begins: so that a tenant whose zone or anchor was changed in between is billed for every moment, and once. Throws BillError.
 */
export async function tenantSpans(
  tenants: readonly Tenant[],
  periodName: string,
  { db, now }: { readonly db: QueryExecutorProvider; readonly now: BillRules },
): Promise<readonly TenantSpan[]> {
  const periods = tenants.map(({ timeZone }) => periodNamed(periodName, timeZone, now.settings.anchorDay));
  const [any] = periods;
  if (any === undefined) return [];
  const around = [shiftPeriod(any, -1).name, periodName, shiftPeriod(any, 1).name] as const;
  const closed = await selectOriginals(
    tenants.map(({ name }) => name),
    around,
    db,
  );
  const known = new Map(closed.map((bill) => [`${bill.periodName} ${bill.tenant}`, bill]));
  return tenants.map((tenant, index) => {
    const natural = periods[index]?.span ?? any.span;
    const [before, own, after] = around.map((name) => known.get(`${name} ${tenant.name}`));
    const span = own?.period ?? {
      startMs: before?.period.endMs ?? natural.startMs,
      endMs: after?.period.startMs ?? natural.endMs,
    };
    if (span.startMs >= span.endMs) throw nothingLeft(tenant, periodName, before, after);
    return { tenant, span, closed: own };
  });
}

function nothingLeft(
  { name }: Tenant,
  period: string,
  before: BillSummary | undefined,
  after: BillSummary | undefined,
): BillError {
  const numbers = [before, after].flatMap((bill) => (bill === undefined ? [] : [bill.number])).join(' and ');
  return new BillError('overlap', `all of ${period} is in bills of ${name} that are closed: ${numbers}`);
}
