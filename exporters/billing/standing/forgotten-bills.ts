import { type QueryExecutorProvider, sql } from 'kysely';
import type { Bill } from '../bills/bill.ts';
import type { Rate } from '../bills/bill-book.ts';
import { type Period, periodAt, shiftPeriod } from '../bills/period.ts';
import { groupBy } from '../group-by.ts';
import { type PeriodGroup, periodGroups } from '../reckoning/period-groups.ts';
import type { Tenant } from '../subjects/tenant-directory.ts';
import type { CostsAsk } from './current-costs.ts';

export type ForgottenBill = Pick<Bill, 'tenant' | 'period'>;

export type ForgottenAsk = Pick<CostsAsk, 'tenants' | 'anchorDay' | 'nowMs' | 'position' | 'fromMs'>;

/** Periods back; what is older is nobody's bill any more. */
const mostPeriods = 13;
const dayMs = 86_400_000;
/** To reckon a month takes long, and what is so old hardly changes. */
const lookAgainMs = dayMs;

interface Looked {
  readonly atMs: number;
  readonly isOwed: boolean;
}

/** Finds bills that were not closed of periods before the last one, where something is owed. Each is reckoned once a day, and one period in a turn. */
export function createForgottenBills({ db, rate }: { readonly db: QueryExecutorProvider; readonly rate: Rate }) {
  let known = new Map<string, Looked>();

  return async (ask: ForgottenAsk): Promise<readonly ForgottenBill[]> => {
    const { nowMs, position, fromMs = nowMs } = ask;
    const closed = await closedPeriods(db, nowMs - (mostPeriods + 1) * 31 * dayMs);
    const open = pastPeriods(ask)
      .filter(({ period: { span } }) => span.endMs > fromMs)
      .map(({ period, tenants }) => ({ period, tenants: tenants.filter((each) => !isClosed(closed, each, period)) }));
    const isStale = (tenant: Tenant, period: Period) => !isFresh(known.get(keyOf(tenant, period)), nowMs);
    const next = open.find(({ period, tenants }) => tenants.some((tenant) => isStale(tenant, period)));
    if (next !== undefined) await look(next, { nowMs, position });
    const all = open.flatMap(({ period, tenants }) => tenants.map((tenant) => ({ tenant, period })));
    known = new Map(all.flatMap(({ tenant, period }) => entryOf(keyOf(tenant, period), known)));
    return all
      .filter(({ tenant, period }) => known.get(keyOf(tenant, period))?.isOwed === true)
      .map(({ tenant, period }) => ({ tenant: tenant.name, period: period.span }));
  };

  async function look({ period, tenants }: PeriodGroup, { nowMs, position }: Pick<ForgottenAsk, 'nowMs' | 'position'>) {
    const names = tenants.map(({ name }) => name);
    const rated = await rate({ period: period.span, tenants: names, until: position });
    for (const tenant of tenants) {
      const { lines = [] } = rated.get(tenant.name) ?? {};
      known.set(keyOf(tenant, period), { atMs: nowMs, isOwed: lines.length > 0 });
    }
  }
}

/** What is closed or gone is forgotten. */
function entryOf(key: string, known: ReadonlyMap<string, Looked>): readonly (readonly [string, Looked])[] {
  const looked = known.get(key);
  return looked === undefined ? [] : [[key, looked]];
}

function pastPeriods({ tenants, anchorDay, nowMs }: ForgottenAsk) {
  return Array.from({ length: mostPeriods - 1 }, (_, index) =>
    periodGroups(tenants, (timeZone) => shiftPeriod(periodAt(nowMs, timeZone, anchorDay), -2 - index)),
  ).flat();
}

type ClosedPeriods = ReadonlyMap<string, readonly { readonly startMs: number; readonly endMs: number }[]>;

async function closedPeriods(db: QueryExecutorProvider, endAfterMs: number): Promise<ClosedPeriods> {
  const { rows } = await sql<{ tenant: string; period_start: Date; period_end: Date }>`
    select tenant, period_start, period_end from bill
    where period_end > ${new Date(endAfterMs)}`.execute(db);
  return groupBy(
    rows.map((row) => ({
      tenant: row.tenant,
      startMs: row.period_start.getTime(),
      endMs: row.period_end.getTime(),
    })),
    ({ tenant }) => tenant,
  );
}

function isClosed(closed: ClosedPeriods, { name }: Tenant, { span }: Period): boolean {
  return closed.get(name)?.some(({ startMs, endMs }) => startMs < span.endMs && endMs > span.startMs) ?? false;
}

function isFresh(looked: Looked | undefined, nowMs: number): boolean {
  return looked !== undefined && nowMs - looked.atMs < lookAgainMs;
}

function keyOf({ name, timeZone }: Tenant, { span }: Period): string {
  return JSON.stringify([name, timeZone, span.startMs]);
}
