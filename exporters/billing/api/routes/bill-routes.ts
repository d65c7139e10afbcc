import { ApiError } from '../../../../kit/api/api-error.ts';
import { type Call, jsonBody, type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema, namePattern, text } from '../../../../kit/api/schemas.ts';
import type { Bill } from '../../bills/bill.ts';
import { billAnswer, billFormats, formatParameter } from '../bill-answer.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { cursorParameter, limitParameter, pageOf } from '../page.ts';
import { periodIn, periodParameter, periodSchema } from '../period-of.ts';
import { nextPage, ref } from '../schemas.ts';
import { billFor, namesFor, seenBy, tenantFor, tenantsFor } from '../scope.ts';
import type { Acceptance, BillingServices } from '../services.ts';
import { billView, headingView } from '../views.ts';

type BillServices = Pick<BillingServices, 'clock' | 'directory' | 'periods' | 'bills' | 'statements'>;

const route = routeOf<BillServices>();
const tag = 'Bills';
export const numberParameter = { in: 'path', type: 'text', maxLength: 100, about: 'Number of the bill.' } as const;
export const tenantParameter = { in: 'path', type: 'text', maxLength: 200, about: 'Name of the tenant.' } as const;
const document = { about: 'The bill.', schema: ref('Bill'), types: Object.values(billFormats) };
/** Drafts of a page; each is reckoned anew. */
const maxDrafts = 50;

interface CloseBody {
  readonly period: string;
  readonly accept?: Acceptance;
}

const closeBody = jsonBody<CloseBody>({
  about: 'The period, and what is accepted although it stands in the way.',
  schema: {
    type: 'object',
    required: ['period'],
    additionalProperties: false,
    properties: {
      period: periodSchema,
      accept: {
        type: 'object',
        maxProperties: 10,
        propertyNames: { pattern: namePattern },
        additionalProperties: { ...text(500), minLength: 1 },
        description: 'Reasons by the kind of obstacle, such as coverage. They stay on the bill.',
      },
    },
  },
  example: { period: '2026-03' },
});

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
      const { tenant, period, state, limit, cursor } = parameters;
      if (state === 'draft') {
        const tenants = tenantsFor(caller, tenant, services.directory());
        const bounds = { limit: Math.min(limit, maxDrafts), cursor };
        const { page, next } = pageOf(tenants, ({ name }) => [name], bounds);
        const drafts = await draftsOf(page, period, { services, signal });
        return { json: { bills: drafts.map(headingView), next } };
      }
      // Whose configuration is gone has bills all the same.
      const tenants = namesFor(caller, tenant, services.directory());
      const filter = {
        limit: limit + 1,
        ...(tenants === undefined ? {} : { tenants }),
        ...(period === undefined ? {} : { period }),
        ...(cursor === undefined ? {} : { before: cursor }),
      };
      const found = await services.bills.list(filter);
      const page = found.slice(0, limit);
      const next = found.length > limit ? page.at(-1)?.number : undefined;
      return { json: { bills: seenBy(caller, page).map(headingView), next } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/bills/{number}',
    tag,
    id: 'getBill',
    access: 'reader',
    summary: 'Tells a closed bill, as it was closed.',
    about: 'PDF is there where the daemon finds a Chromium to print with.',
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
    summary: 'Reckons what a tenant owes for a period, from what is metered so far.',
    parameters: { tenant: tenantParameter, period: periodParameter, format: formatParameter },
    answers: { 200: document },
    handle: async (call, services) => {
      const { parameters, caller, signal } = call;
      const tenant = tenantFor(caller, parameters.tenant, services.directory());
      const [draft] = await draftsOf([tenant], parameters.period, { services, signal });
      if (draft === undefined) throw new ApiError('internal', 'there is no draft');
      return billAnswer(draft, parameters.format, call, services.statements);
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/tenants/{tenant}/close',
    tag,
    id: 'closeBill',
    access: 'admin',
    summary: 'Closes the bill of a tenant for a period that is over. It is never changed again.',
    about:
      'Whatever stands in the way is named in `problems`, and nothing is closed then. Closing what is closed answers the same bill.',
    parameters: { tenant: tenantParameter },
    body: closeBody,
    answers: {
      200: { about: 'It was closed before.', schema: ref('BillHeading') },
      201: { about: 'It is closed now.', schema: ref('BillHeading') },
    },
    handle: async ({ parameters, body, caller }, { directory, bills, periods, clock }) => {
      const tenant = tenantFor(caller, parameters.tenant, directory());
      const { name } = periodIn(body.period, tenant.timeZone, { periods, nowMs: clock.now() * 1000 });
      const before = await bills.list({ tenants: [tenant.name], period: name, limit: 1 });
      const bill = await bills.close(tenant.name, name, caller.name, body.accept ?? {});
      return { status: before.length === 0 ? 201 : 200, json: headingOf(bill) };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/bills/{number}/corrections',
    tag,
    id: 'listCorrections',
    access: 'reader',
    summary: 'Tells how a closed bill was corrected, and what a correction would say now.',
    parameters: { number: numberParameter },
    answers: {
      200: {
        about: 'Corrections, the newest first; `pending` is null if nothing has changed since.',
        schema: listSchema('corrections', ref('BillHeading'), { pending: { anyOf: [ref('Bill'), { type: 'null' }] } }),
      },
    },
    handle: async ({ parameters, caller }, { bills, periods }) => {
      const bill = await corrected(parameters.number, caller, bills);
      const { name } = periods.at(bill.period.startMs, bill.timeZone);
      const corrections = await bills.list({ corrects: parameters.number, limit: 1000 });
      const pending = await bills.correction(bill.tenant, name);
      return {
        json: {
          corrections: seenBy(caller, corrections).map(headingView),
          pending: pending === undefined ? null : billView(pending),
        },
      };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/bills/{number}/corrections',
    tag,
    id: 'correctBill',
    access: 'admin',
    summary: 'Closes a correction of a bill: a bill of its own with the differences, signed.',
    parameters: { number: numberParameter },
    answers: {
      200: { about: 'Nothing has changed, so there is no correction.', schema: { type: 'object' } },
      201: { about: 'The correction.', schema: ref('BillHeading') },
    },
    handle: async ({ parameters, caller }, { bills, periods }) => {
      const bill = await corrected(parameters.number, caller, bills);
      const { name } = periods.at(bill.period.startMs, bill.timeZone);
      const correction = await bills.closeCorrection(bill.tenant, name, caller.name);
      if (correction === undefined) return { json: { correction: null } };
      return { status: 201, json: headingOf(correction) };
    },
  }),
];

function headingOf({ lines: _, ...heading }: Bill) {
  return headingView(heading);
}

async function corrected(
  number: string,
  caller: Call<Record<never, never>, unknown>['caller'],
  bills: BillServices['bills'],
): Promise<Bill> {
  const bill = await billFor(caller, number, bills);
  if (bill.corrects === undefined) return bill;
  throw new ApiError('conflict', `the bill ${number} is a correction of ${bill.corrects}; ask for that one`);
}

async function draftsOf(
  tenants: readonly { readonly name: string; readonly timeZone: string }[],
  period: string | undefined,
  { services, signal }: { readonly services: BillServices; readonly signal: AbortSignal },
): Promise<readonly Bill[]> {
  const { periods, clock, bills } = services;
  const drafts: Bill[] = [];
  for (const { name, timeZone } of tenants) {
    const named = periodIn(period, timeZone, { periods, nowMs: clock.now() * 1000 });
    drafts.push(await oneAtATime(bills, signal, () => bills.draft(name, named.name)));
  }
  return drafts;
}
