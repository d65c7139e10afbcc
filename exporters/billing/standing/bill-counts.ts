import { type QueryExecutorProvider, sql } from 'kysely';
import type { Bill } from '../bills/bill.ts';
import { type Tenant, unattributedTenant } from '../subjects/tenant-directory.ts';
import type { BillCounts } from '../view.ts';

export type ClosedCounts = Omit<BillCounts, 'overdueSince'>;

/** What was billed to each tenant since there are bills. */
export async function countBills(db: QueryExecutorProvider): Promise<readonly ClosedCounts[]> {
  const { rows } = await sql<{
    tenant: string;
    currency: string;
    closed: number;
    charged: string;
    refunded: string;
  }>`select tenant, currency, count(*) filter (where corrects is null)::int as closed,
      coalesce(sum(total) filter (where corrects is not null and total > 0), 0)::text as charged,
      coalesce(-sum(total) filter (where corrects is not null and total < 0), 0)::text as refunded
    from bill group by tenant, currency order by tenant, currency`.execute(db);
  const tenants = [...new Set(rows.map(({ tenant }) => tenant))];
  return tenants.map((tenant) => {
    const own = rows.filter((row) => row.tenant === tenant);
    return {
      tenant,
      closed: own.reduce((sum, { closed }) => sum + closed, 0),
      corrections: own.map(({ currency, charged, refunded }) => ({ currency, charged, refunded })),
    };
  });
}

export interface BillsKnown {
  readonly counts: readonly ClosedCounts[];
  /** Bills of past periods that are not closed. */
  readonly open: readonly Pick<Bill, 'tenant' | 'period'>[];
  readonly tenants: readonly Pick<Tenant, 'name' | 'currency'>[];
}

/** Those who have no bill yet are there with 0, or their first bill would be no increase. */
export function billCounts({ counts, open, tenants }: BillsKnown): readonly BillCounts[] {
  const names = [...counts.map(({ tenant }) => tenant), ...tenants.map(({ name }) => name)];
  const currencyOf = new Map(tenants.map(({ name, currency }) => [name, currency]));
  return [...new Set(names)].map((tenant) => {
    const known = counts.find((each) => each.tenant === tenant);
    // Nobody closes the bill of nobody.
    const owed = tenant === unattributedTenant ? [] : open.filter((bill) => bill.tenant === tenant);
    const ends = owed.map(({ period }) => period.endMs / 1000);
    return {
      tenant,
      closed: known?.closed ?? 0,
      corrections: withCurrency(known?.corrections ?? [], currencyOf.get(tenant)),
      overdueSince: ends.length === 0 ? undefined : Math.min(...ends),
    };
  });
}

function withCurrency(corrections: BillCounts['corrections'], currency: string | undefined): BillCounts['corrections'] {
  if (currency === undefined || corrections.some((each) => each.currency === currency)) return corrections;
  return [...corrections, { currency, charged: '0', refunded: '0' }];
}
