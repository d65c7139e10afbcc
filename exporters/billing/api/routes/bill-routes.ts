import { badField } from '../../../../kit/api/api-error.ts';
import { type Caller, type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import type { Bill } from '../../bills/bill.ts';
import { billAnswer, billFormats, formatParameter } from '../bill-answer.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { cursorParameter, limitParameter, type Page, pageOf } from '../page.ts';
import { periodIn, periodParameter } from '../period-of.ts';
import { nextPage, ref } from '../schemas.ts';
import { billFor, maySee, namesFor, tenantFor, tenantsFor } from '../scope.ts';
import type { BillingServices } from '../services.ts';
import { headingView, type View } from '../views.ts';

type BillServices = Pick<BillingServices, 'clock' | 'directory' | 'anchorDay' | 'bills' | 'statements'>;

const route = routeOf<BillServices>();
const tag = 'Bills';
export const numberParameter = { in: 'path', type: 'text', maxLength: 100, about: 'Number of the bill.' } as const;
export const tenantParameter = { in: 'path', type: 'text', maxLength: 200, about: 'Name of the tenant.' } as const;
const document = { about: 'The bill.', schema: ref('Bill'), types: Object.values(billFormats) };
/** Drafts of a page; each is reckoned anew. */
const maxDrafts = 50;

export const billRoutes: readonly Route<BillServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/bills',
    tag,
    id: 'listBills',
    access: 'reader',
    errors: ['not_found'],
    summary: 'Lists bills without their lines: closed ones with their corrections, the newest first, or drafts.',
    about: `Drafts are reckoned for this answer, ${maxDrafts} at most, and are those of the current period unless one is named.`,
    parameters: {
      tenant: { in: 'query', type: 'list', about: 'Only of these tenants.' },
      period: { ...periodParameter, about: 'Only of the period, such as 2026-03.' },
      state: { in: 'query', type: 'enum', values: ['closed', 'draft'], default: 'closed', about: 'Which bills.' },
      limit: limitParameter('Bills of a page.'),
      cursor: cursorParameter,
    },
    answers: { 200: { about: 'Bills.', schema: listSchema('bills', ref('BillHeading'), nextPage) } },
    handle: async ({ parameters, caller, signal }, services) => {
      const list = parameters.state === 'draft' ? draftPage : closedPage;
      const { page, next } = await list(parameters, { caller, services, signal });
      return { json: { bills: page, next } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/bills/{number}',
    tag,
    id: 'getBill',
    access: 'reader',
    errors: ['not_set_up'],
    summary: 'Tells a closed bill, as it was closed.',
    about: 'PDF is there where the daemon finds a Chromium to print with; else the answer is 501.',
    parameters: { number: numberParameter, format: formatParameter },
    answers: { 200: document },
    handle: async (call, { bills, statements }) => {
      const { number, format } = call.parameters;
      return billAnswer(await billFor(call.caller, number, bills), format, call, statements);
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/tenants/{tenant}/draft',
    tag,
    id: 'getDraft',
    access: 'reader',
    errors: ['not_set_up'],
    summary: 'Reckons what a tenant owes for a period, from what is metered so far.',
    parameters: { tenant: tenantParameter, period: periodParameter, format: formatParameter },
    answers: { 200: document },
    handle: async (call, services) => {
      const { parameters, caller, signal } = call;
      const tenant = tenantFor(caller, parameters.tenant, services.directory());
      const draft = await draftOf(tenant, parameters.period, { services, signal });
      return billAnswer(draft, parameters.format, call, services.statements);
    },
  }),
];

interface ListParameters {
  readonly tenant: readonly string[];
  readonly period: string | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
}

interface ListDeps {
  readonly caller: Caller;
  readonly services: BillServices;
  readonly signal: AbortSignal;
}

async function closedPage(
  { tenant, period, limit, cursor }: ListParameters,
  { caller, services }: ListDeps,
): Promise<Page<View>> {
  if (cursor !== undefined && !/^\d{1,18}$/.test(cursor))
    throw badField('cursor', 'it is damaged, or of another list: begin again without one');
  const tenants = namesFor(caller, tenant, services.directory());
  const { bills, next } = await services.bills.list({
    limit,
    ...(tenants === undefined ? {} : { tenants }),
    ...(period === undefined ? {} : { period }),
    ...(cursor === undefined ? {} : { before: cursor }),
  });
  return { page: bills.filter((bill) => maySee(caller, bill.tenant)).map(headingView), next };
}

async function draftPage(
  { tenant, period, limit, cursor }: ListParameters,
  { caller, services, signal }: ListDeps,
): Promise<Page<View>> {
  const tenants = tenantsFor(caller, tenant, services.directory());
  const { page, next } = pageOf(tenants, ({ name }) => [name], { limit: Math.min(limit, maxDrafts), cursor });
  const drafts: View[] = [];
  for (const each of page) drafts.push(headingView(await draftOf(each, period, { services, signal })));
  return { page: drafts, next };
}

function draftOf(
  { name, timeZone }: { readonly name: string; readonly timeZone: string },
  period: string | undefined,
  { services, signal }: Pick<ListDeps, 'services' | 'signal'>,
): Promise<Bill> {
  const named = periodIn(period, timeZone, services);
  return oneAtATime(services.bills, signal, () => services.bills.draft(name, named.name));
}
