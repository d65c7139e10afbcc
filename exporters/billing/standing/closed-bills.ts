import { type QueryExecutorProvider, sql } from 'kysely';
import type { Bill } from '../bills/bill.ts';
import { selectBill } from '../bills/bill-rows.ts';

/** Closed bills of periods that end after a moment. A closed bill never changes, so each is read once. */
export function createClosedBills(db: QueryExecutorProvider): (endAfterMs: number) => Promise<readonly Bill[]> {
  let known = new Map<string, Bill>();
  return async (endAfterMs) => {
    const { rows } = await sql<{ number: string }>`
      select number from bill where period_end > ${new Date(endAfterMs)} order by id`.execute(db);
    const bills = new Map<string, Bill>();
    for (const { number } of rows) {
      const bill = known.get(number) ?? (await selectBill(number, db));
      if (bill !== undefined) bills.set(number, bill);
    }
    known = bills;
    return [...bills.values()];
  };
}
