import { notFound } from '../../../../kit/api/api-error.ts';
import { type Answer, type Route, routeOf } from '../../../../kit/api/route.ts';
import type { BillRef } from '../../bills/explain.ts';
import { periodIn, periodParameter } from '../period-of.ts';
import { ref } from '../schemas.ts';
import { billFor, tenantFor } from '../scope.ts';
import type { BillingServices } from '../services.ts';
import { explanationView } from '../views.ts';
import { numberParameter, tenantParameter } from './bill-routes.ts';

type ExplainServices = Pick<BillingServices, 'clock' | 'directory' | 'anchorDay' | 'bills' | 'explain'>;

const route = routeOf<ExplainServices>();
const tag = 'Bills';
const pageParameters = {
  line: { in: 'query', type: 'text', maxLength: 1000, required: true, about: '`id` of the line.' },
  limit: { in: 'query', type: 'integer', min: 1, max: 1000, default: 100, about: 'Rows of a page.' },
  cursor: { in: 'query', type: 'integer', min: 0, max: 999_999_999_999_999, about: '`next` of the page before.' },
} as const;
const answers = {
  200: {
    about:
      'The line, a page of the rows that it is made of, what all rows add up to, and the windows and queries that those of the page come from.',
    schema: {
      type: 'object',
      required: ['line', 'rows', 'windows', 'queries', 'base_unit'],
      properties: {
        line: ref('Line'),
        base_unit: { type: 'string', description: 'Unit of the quantities of rows; empty for lines without rows.' },
        rows: { type: 'array', items: ref('LedgerRow') },
        sum: ref('LineSum'),
        windows: { type: 'array', items: ref('Window') },
        queries: { type: 'array', items: ref('SampleQuery') },
        next: { type: 'integer', description: '`cursor` of the next page; missing on the last.' },
      },
    },
  },
} as const;

export const explainRoutes: readonly Route<ExplainServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/bills/{number}/explain',
    tag,
    id: 'explainLine',
    access: 'reader',
    summary: 'Tells where a line of a closed bill comes from: how it was reckoned, rows of the ledger, queries.',
    parameters: { number: numberParameter, ...pageParameters },
    answers,
    handle: async ({ parameters, caller }, { bills, explain }) => {
      const { number } = await billFor(caller, parameters.number, bills);
      return explained({ number: number ?? parameters.number }, parameters, explain);
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/tenants/{tenant}/draft/explain',
    tag,
    id: 'explainDraftLine',
    access: 'reader',
    summary: 'Tells the same of a line of a draft.',
    parameters: { tenant: tenantParameter, period: periodParameter, ...pageParameters },
    answers,
    handle: async ({ parameters, caller }, services) => {
      const tenant = tenantFor(caller, parameters.tenant, services.directory());
      const { name } = periodIn(parameters.period, tenant.timeZone, services);
      return explained({ tenant: tenant.name, period: name }, parameters, services.explain);
    },
  }),
];

async function explained(
  bill: BillRef,
  { line, limit, cursor = 0 }: { readonly line: string; readonly limit: number; readonly cursor: number | undefined },
  explain: BillingServices['explain'],
): Promise<Answer> {
  const explanation = await explain(bill, line, { after: BigInt(cursor), limit });
  if (explanation === undefined)
    throw notFound(`the bill has no line ${JSON.stringify(line)}; the bill tells the id of each`);
  return { json: explanationView(explanation) };
}
