import { type QueryExecutorProvider, sql } from 'kysely';
import { creditsUsedIn } from '../pricing/credits-used.ts';
import type { RatedLine } from '../pricing/rated.ts';
import type { CreditsUsed } from './rate-ledger.ts';

/** What closed bills and their corrections used of credits. A period before that is not closed has used nothing so far. */
export function creditsOfBills(db: QueryExecutorProvider): CreditsUsed {
  return async (beforeMs) => {
    const { rows } = await sql<{ tenant: string; line: RatedLine }>`
      select bill.tenant, bill_line.line from bill join bill_line using (number)
      where bill.period_start < ${new Date(beforeMs)}
        and (bill_line.line->>'kind' = 'credit' or bill_line.line->>'id' like '%credit|%')
      order by bill.tenant, bill.id, bill_line.ordinal`.execute(db);
    return creditsUsedIn(rows.map(({ tenant, line }) => ({ tenant, lines: [line] })));
  };
}
