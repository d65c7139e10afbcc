import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import { cursorParameter, limitParameter, pageOf } from '../page.ts';
import { nextPage, ref } from '../schemas.ts';
import { maySee, namesFor } from '../scope.ts';
import type { BillingServices } from '../services.ts';
import { budgetView, quotaView } from '../views.ts';

type BudgetServices = Pick<BillingServices, 'budgets' | 'directory'>;

const route = routeOf<BudgetServices>();
const tag = 'Budgets and quotas';
const parameters = {
  tenant: { in: 'query', type: 'list', about: 'Only of these tenants.' },
  limit: limitParameter('Of a page.'),
  cursor: cursorParameter,
} as const;

export const budgetRoutes: readonly Route<BudgetServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/budgets',
    tag,
    id: 'listBudgets',
    access: 'reader',
    errors: ['not_found'],
    summary: 'Tells what is spent of the budgets, and what will be.',
    parameters,
    answers: { 200: { about: 'Budgets by tenant and name.', schema: listSchema('budgets', ref('Budget'), nextPage) } },
    handle: async ({ parameters: given, caller }, { budgets, directory }) => {
      const all = await budgets.report(namesFor(caller, given.tenant, directory()));
      // A budget of all is for those who may see all.
      const seen = all.filter(({ tenant }) =>
        tenant === undefined ? caller.scope === undefined : maySee(caller, tenant),
      );
      const { page, next } = pageOf(seen, ({ tenant = '', budget, period }) => [tenant, budget, period], given);
      return { json: { budgets: page.map(budgetView), next } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/quotas',
    tag,
    id: 'listQuotas',
    access: 'reader',
    errors: ['not_found'],
    summary: 'Tells how much of their quotas tenants use, in Kubernetes and Slurm.',
    parameters,
    answers: { 200: { about: 'Quotas by tenant.', schema: listSchema('quotas', ref('Quota'), nextPage) } },
    handle: async ({ parameters: given, caller }, { budgets, directory }) => {
      const all = await budgets.quotas(namesFor(caller, given.tenant, directory()));
      const seen = all.filter(({ tenant }) => maySee(caller, tenant));
      const keyOf = (one: (typeof seen)[number]) => [one.tenant, one.cluster, one.quota, one.resource];
      const { page, next } = pageOf(seen, keyOf, given);
      return { json: { quotas: page.map(quotaView), next } };
    },
  }),
];
