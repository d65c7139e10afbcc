import type { Bill } from '../bills/bill.ts';
import type { Rate } from '../bills/bill-book.ts';
import { draftBill } from '../bills/draft-bill.ts';
import { type Period, periodAt, shiftPeriod } from '../bills/period.ts';
import { decimal, decimalText } from '../pricing/decimal.ts';
import type { LineKind } from '../pricing/rated.ts';
import { periodGroups } from '../reckoning/period-groups.ts';
import type { Tenant } from '../subjects/tenant-directory.ts';

export interface CostsAsk {
  readonly tenants: readonly Tenant[];
  readonly anchorDay: number;
  readonly nowMs: number;
  /** Rows of the ledger up to here. */
  readonly position: bigint;
  /** The ledger begins here; undefined while it is empty. */
  readonly fromMs: number | undefined;
  /** Closed bills, for periods that need no draft any more. */
  readonly closed: readonly Bill[];
  readonly priceBookHash: string;
}

export interface CurrentCosts {
  /** One for each tenant. */
  readonly current: readonly Bill[];
  /** Of the periods before, where they are not closed and something is owed. */
  readonly open: readonly Bill[];
}

/** What everybody owes: for the current period so far, and for the one before while its bill is not closed. */
export async function currentCosts(ask: CostsAsk, rate: Rate): Promise<CurrentCosts> {
  const { tenants, anchorDay, nowMs, fromMs, closed } = ask;
  const now = (timeZone: string): Period => periodAt(nowMs, timeZone, anchorDay);
  const before = (timeZone: string): Period => shiftPeriod(now(timeZone), -1);
  const isClosed = (tenant: Tenant): boolean => {
    const { span } = before(tenant.timeZone);
    return closed.some(
      (bill) => bill.tenant === tenant.name && bill.period.startMs < span.endMs && bill.period.endMs > span.startMs,
    );
  };
  const unclosed = tenants.filter(
    (tenant) => fromMs !== undefined && fromMs < before(tenant.timeZone).span.endMs && !isClosed(tenant),
  );
  const open = await draftsOf(unclosed, before, ask, rate);
  return { current: await draftsOf(tenants, now, ask, rate), open: open.filter(({ lines }) => lines.length > 0) };
}

async function draftsOf(
  tenants: readonly Tenant[],
  periodOf: (timeZone: string) => Period,
  ask: CostsAsk,
  rate: Rate,
): Promise<readonly Bill[]> {
  const drafts: Bill[] = [];
  for (const { period, tenants: own } of periodGroups(tenants, periodOf)) {
    const names = own.map(({ name }) => name);
    const rated = await rate({ period: period.span, tenants: names, until: ask.position });
    const given = {
      period: period.span,
      ledgerPosition: ask.position,
      priceBookHash: ask.priceBookHash,
      coverage: undefined,
      createdAt: ask.nowMs / 1000,
    };
    drafts.push(...own.map((tenant) => draftBill(tenant, rated.get(tenant.name), given)));
  }
  return drafts;
}

/** Amounts of the lines of a bill by their kind. */
export function costsByKind({ lines }: Pick<Bill, 'lines'>): ReadonlyMap<LineKind, string> {
  const sums = new Map<LineKind, string>();
  for (const { kind, amount } of lines) {
    sums.set(kind, decimalText(decimal(sums.get(kind) ?? '0').plus(decimal(amount))));
  }
  return sums;
}
