import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import { cursorParameter, limitParameter, pageOf } from '../page.ts';
import { nextPage, ref } from '../schemas.ts';
import { maySee } from '../scope.ts';
import type { BillingServices } from '../services.ts';
import { snakeCased, tenantView } from '../views.ts';

type TenantServices = Pick<BillingServices, 'directory' | 'prices'>;

const route = routeOf<TenantServices>();

export const tenantRoutes: readonly Route<TenantServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/tenants',
    tag: 'Tenants and prices',
    id: 'listTenants',
    access: 'reader',
    summary: 'Lists who is billed.',
    parameters: { limit: limitParameter('Tenants of a page.'), cursor: cursorParameter },
    answers: { 200: { about: 'Tenants by name.', schema: listSchema('tenants', ref('Tenant'), nextPage) } },
    handle: ({ parameters, caller }, { directory }) => {
      const seen = directory().tenants.filter(({ name }) => maySee(caller, name));
      const { page, next } = pageOf(seen, ({ name }) => [name], parameters);
      return { json: { tenants: page.map(tenantView), next } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/prices',
    tag: 'Tenants and prices',
    id: 'listPrices',
    access: 'reader',
    summary: 'Tells the price book as it is loaded.',
    about: 'Prices are told in the words of their file. Contracts are those of the tenants that the token may see.',
    parameters: {
      meter: { in: 'query', type: 'list', about: 'Only prices of these meters.' },
      limit: limitParameter('Prices of a page.'),
      cursor: cursorParameter,
    },
    answers: {
      200: {
        about: 'Prices, and all contracts on the first page.',
        schema: listSchema(
          'prices',
          { type: 'object' },
          {
            hash: { type: 'string', description: 'SHA-256 that bills name.' },
            currency: { type: 'string' },
            contracts: { type: 'array', items: { type: 'object' } },
            ...nextPage,
          },
        ),
      },
    },
    handle: ({ parameters, caller }, { prices }) => {
      const { meter: meters, cursor } = parameters;
      const book = prices();
      const wanted = book.prices.filter(({ meter }) => meters.length === 0 || meters.includes(meter));
      const { page, next } = pageOf(wanted, ({ id }) => [id], parameters);
      const contracts = book.contracts.filter(({ tenant }) => maySee(caller, tenant));
      return {
        json: {
          hash: book.hash,
          currency: book.currency,
          prices: page.map(snakeCased),
          ...(cursor === undefined ? { contracts: contracts.map(snakeCased) } : {}),
          next,
        },
      };
    },
  }),
];
