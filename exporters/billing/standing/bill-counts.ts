import { type QueryExecutorProvider, sql } from 'kysely';
import type { BillCounts } from '../view.ts';

/** What was billed to each tenant since there are bills; `overdueSince` is the caller's to add. */
export async function countBills(db: QueryExecutorProvider): Promise<readonly Omit<BillCounts, 'overdueSince'>[]> {
  const { rows } = await sql<{
    tenant: string;
    currency: string;
    closed: number;
    charged: string;
    refunded: string;
    corrections: number;
  }>`select tenant, currency, count(*) filter (where corrects is null)::int as closed,
      coalesce(sum(total) filter (where corrects is not null and total > 0), 0)::text as charged,
      coalesce(-sum(total) filter (where corrects is not null and total < 0), 0)::text as refunded,
      count(*) filter (where corrects is not null)::int as corrections
    from bill group by tenant, currency order by tenant, currency`.execute(db);
  const tenants = [...new Set(rows.map(({ tenant }) => tenant))];
  return tenants.map((tenant) => {
    const own = rows.filter((row) => row.tenant === tenant);
    return {
      tenant,
      closed: own.reduce((sum, { closed }) => sum + closed, 0),
      corrections: own
        .filter(({ corrections }) => corrections > 0)
        .map(({ currency, charged, refunded }) => ({ currency, charged, refunded })),
    };
  });
}
