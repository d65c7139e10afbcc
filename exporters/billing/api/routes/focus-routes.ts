import { type Caller, type Route, routeOf } from '../../../../kit/api/route.ts';
import type { Bill } from '../../bills/bill.ts';
import type { BillSummary } from '../../bills/bill-rows.ts';
import type { Tenant } from '../../subjects/tenant-directory.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { periodIn, requiredPeriod } from '../period-of.ts';
import { maySee, namesFor, tenantsFor } from '../scope.ts';
import type { BillingServices } from '../services.ts';

type FocusServices = Pick<BillingServices, 'clock' | 'directory' | 'anchorDay' | 'bills' | 'focus'>;

const route = routeOf<FocusServices>();
const billsAtATime = 200;

export const focusRoutes: readonly Route<FocusServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/focus',
    tag: 'Bills',
    id: 'exportFocus',
    access: 'reader',
    errors: ['not_found'],
    summary: 'Exports the bills of a period in the FOCUS format, as CSV.',
    parameters: {
      period: requiredPeriod,
      tenant: { in: 'query', type: 'list', about: 'Only of these tenants.' },
      drafts: {
        in: 'query',
        type: 'boolean',
        default: false,
        about: 'Whether tenants without a closed bill are in it with their drafts.',
      },
      version: { in: 'query', type: 'enum', values: ['1.2'], default: '1.2', about: 'Version of FOCUS.' },
    },
    answers: { 200: { about: 'One row for each line of each bill.', schema: { type: 'string' }, types: ['text/csv'] } },
    handle: ({ parameters, caller, signal }, services) => {
      const { period, tenant, drafts } = parameters;
      // A wrong name is told before the first row.
      const names = namesFor(caller, tenant, services.directory());
      const withDrafts = drafts ? tenantsFor(caller, tenant, services.directory()) : [];
      periodIn(period, 'UTC', services);
      const bills = billsOf({ period, names, drafts: withDrafts, caller, signal }, services.bills);
      return {
        pieces: services.focus.csv(bills),
        type: 'text/csv',
        headers: { 'Content-Disposition': `attachment; filename="focus-${period}.csv"` },
      };
    },
  }),
];

interface Wanted {
  readonly period: string;
  /** Undefined for all. */
  readonly names: readonly string[] | undefined;
  /** Whose drafts are wanted where there is no closed bill. */
  readonly drafts: readonly Tenant[];
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** One bill at a time is in memory. */
async function* billsOf(wanted: Wanted, bills: FocusServices['bills']): AsyncGenerator<Bill> {
  const { period, drafts, caller, signal } = wanted;
  const closed = new Set<string>();
  for await (const heading of headingsOf(wanted, bills)) {
    signal.throwIfAborted();
    if (!maySee(caller, heading.tenant)) continue;
    closed.add(heading.tenant);
    const bill = await bills.bill(heading.number);
    if (bill !== undefined) yield bill;
  }
  for (const { name } of drafts) {
    if (!closed.has(name)) yield await oneAtATime(bills, signal, () => bills.draft(name, period));
  }
}

async function* headingsOf({ period, names }: Wanted, bills: FocusServices['bills']): AsyncGenerator<BillSummary> {
  let before: string | undefined;
  for (;;) {
    const filter = { period, limit: billsAtATime, ...(names === undefined ? {} : { tenants: names }) };
    const page = await bills.list({ ...filter, ...(before === undefined ? {} : { before }) });
    yield* page.bills;
    before = page.next;
    if (before === undefined) return;
  }
}
