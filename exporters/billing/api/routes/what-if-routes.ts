import { ApiError, badField } from '../../../../kit/api/api-error.ts';
import { bodyText, boundedBody } from '../../../../kit/api/body-text.ts';
import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import { ConfigError } from '../../../../kit/errors.ts';
import { moneyText } from '../../pricing/currency.ts';
import { decimal, sumOf } from '../../pricing/decimal.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { periodIn, requiredPeriod } from '../period-of.ts';
import { decimalText as decimalSchema } from '../schemas.ts';
import { tenantsFor } from '../scope.ts';
import type { BillingServices, WhatIfTenant } from '../services.ts';
import { spanView, type View } from '../views.ts';

type WhatIfServices = Pick<BillingServices, 'clock' | 'directory' | 'anchorDay' | 'bills' | 'whatIf'>;

const route = routeOf<WhatIfServices>();
const maxBytes = 1024 * 1024;
const difference = { type: 'object', required: ['before', 'after', 'difference'], properties: {} } as const;
const money = { before: decimalSchema, after: decimalSchema, difference: decimalSchema };

export const whatIfRoutes: readonly Route<WhatIfServices>[] = [
  route({
    method: 'post',
    path: '/api/v1/what-if',
    tag: 'Tenants and prices',
    id: 'askWhatIf',
    access: 'reader',
    errors: ['not_found'],
    summary: 'Reckons what a period would cost with another price book. Nothing is changed.',
    about: `The body has prices, contracts, idle and currency in the form of the file, at most ${maxBytes / 1024 / 1024} MiB; what is left out stays as it is. Lines are told if one tenant is asked for; of several, those with the largest differences come first.`,
    parameters: {
      period: requiredPeriod,
      tenant: {
        in: 'query',
        type: 'list',
        about: 'Only for these tenants; for all that the token may see without it.',
      },
      limit: {
        in: 'query',
        type: 'integer',
        min: 1,
        max: 10_000,
        default: 1000,
        about: 'Tenants that are told; sums are of all.',
      },
    },
    body: {
      kind: 'stream',
      about: 'A price book.',
      types: ['application/yaml', 'text/yaml', 'application/json'],
    },
    answers: {
      200: {
        about: 'Costs with the prices as they are and with those of the book.',
        schema: listSchema(
          'tenants',
          { ...difference, properties: money },
          {
            price_book_hash: { type: 'string' },
            totals: { type: 'array', items: { ...difference, properties: money } },
          },
        ),
      },
    },
    handle: async ({ parameters, caller, stream, signal }, services) => {
      const { whatIf, directory } = services;
      const isAll = parameters.tenant.length === 0 && caller.scope === undefined;
      const tenants = isAll ? undefined : tenantsFor(caller, parameters.tenant, directory()).map(({ name }) => name);
      periodIn(parameters.period, 'UTC', services);
      const tooLarge = () => new ApiError('too_large', `a price book has at most ${maxBytes} bytes`);
      const priceBook = await bodyText(boundedBody(stream, maxBytes, tooLarge));
      if (priceBook.trim() === '') throw badField('body', 'it is empty; send a price book');
      const question = { tenants, visible: caller.scope, period: parameters.period, priceBook, signal };
      const report = await oneAtATime(services.bills, signal, () => whatIf(question)).catch((error: unknown) => {
        if (error instanceof ConfigError) throw badField('body', error.message);
        throw error;
      });
      // Whatever was reckoned beside: nobody is told of others.
      const seen = report.tenants.filter(({ tenant }) => tenants === undefined || tenants.includes(tenant));
      const sorted = [...seen].sort((a, b) => sizeOf(b).comparedTo(sizeOf(a)) || (a.tenant < b.tenant ? -1 : 1));
      const shown = sorted.slice(0, parameters.limit);
      return {
        json: {
          price_book_hash: report.priceBookHash,
          tenants: shown.map((each) => tenantView(each, seen.length === 1)),
          totals: totalsOf(seen),
        },
      };
    },
  }),
];

function sizeOf({ before, after }: WhatIfTenant) {
  return decimal(after).minus(decimal(before)).abs();
}

function changeView(before: string, after: string, currency: string): View {
  return { before, after, difference: moneyText(decimal(after).minus(decimal(before)), currency) };
}

function tenantView(
  { tenant, title, currency, period, before, after, problems, lines }: WhatIfTenant,
  withLines: boolean,
): View {
  const shown = lines.map((line) => ({
    id: line.id,
    description: line.description,
    ...changeView(line.before, line.after, currency),
  }));
  return {
    tenant,
    title,
    currency,
    period: spanView(period),
    ...changeView(before, after, currency),
    problems,
    ...(withLines ? { lines: shown } : {}),
  };
}

function totalsOf(tenants: readonly WhatIfTenant[]): readonly View[] {
  const currencies = [...new Set(tenants.map(({ currency }) => currency))].sort();
  return currencies.map((currency) => {
    const own = tenants.filter((each) => each.currency === currency);
    const before = moneyText(sumOf(own.map((each) => each.before)), currency);
    const after = moneyText(sumOf(own.map((each) => each.after)), currency);
    return { currency, tenants: own.length, ...changeView(before, after, currency) };
  });
}
