import { type QueryExecutorProvider, sql } from 'kysely';
import type { BillBook as ServedBillBook, Explanation, BillRef, RowPage } from '../api/services.ts';
import type { BillBook } from '../bills/bill-book.ts';
import { BillError, type BillErrorKind } from '../bills/bill-error.ts';
import type { Acceptance } from '../bills/obstacles.ts';
import { acceptableKinds } from '../bills/obstacles.ts';
import { Refusal, type RefusalKind } from '../refusal.ts';

type Explain = (bill: BillRef, lineId: string, page: RowPage) => Promise<Explanation | undefined>;

const refusals: Readonly<Record<BillErrorKind, RefusalKind>> = {
  unknown_tenant: 'missing',
  obstacles: 'conflict',
  not_closed: 'missing',
  closed: 'conflict',
  rules_changed: 'conflict',
  overlap: 'conflict',
  busy: 'busy',
};

/** The bill book as the API has it. */
export function serveBills(book: BillBook, explain: Explain, db: QueryExecutorProvider): ServedBillBook {
  return {
    draft: (tenant, period) => told(book.draft(tenant, period)),
    close: (tenant, period, by, accept) => told(book.close({ tenant, period, by, accept: acceptanceOf(accept) })),
    closeAll: (ask) => told(book.closeAll({ ...ask, accept: acceptanceOf(ask.accept) })),
    bill: (number) => book.bill(number),
    list: async ({ before, ...filter }) => {
      const cursor = before === undefined ? undefined : await cursorOf(before, db);
      const { bills } = await book.list({ ...filter, ...(cursor === undefined ? {} : { before: cursor }) });
      return bills.map((summary) => ({ ...summary, problems: [] }));
    },
    correction: (tenant, period) =>
      told(book.correction({ tenant, period, by: '', isPreview: true, includeRuleChanges: false })),
    closeCorrection: (tenant, period, by) => told(book.correction({ tenant, period, by })),
    explain: (bill, lineId, page) => told(explain(bill, lineId, page)),
  };
}

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof BillError)) throw error;
    throw new Refusal(
      refusals[error.kind],
      error.message,
      error.obstacles.map(({ message }) => message),
    );
  }
}

function acceptanceOf(reasons: Readonly<Record<string, string>>): Acceptance {
  const unknown = Object.keys(reasons).find((kind) => !acceptableKinds.some((each) => each === kind));
  if (unknown === undefined) return reasons;
  throw new Refusal('invalid', `${unknown} cannot be accepted; ${acceptableKinds.join(', ')} can`);
}

async function cursorOf(number: string, db: QueryExecutorProvider): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`select id::text as id from bill where number = ${number}`.execute(db);
  return rows[0]?.id;
}
