import { badField } from '../../../../kit/api/api-error.ts';
import { type Answer, type Caller, type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import { csvLine } from '../../../../kit/csv/csv-line.ts';
import { daysOf } from '../../bills/period.ts';
import { guarded } from '../../formula-guard.ts';
import type { Meter } from '../../meters/meter.ts';
import type { Span } from '../../span.ts';
import type { Tenant } from '../../subjects/tenant-directory.ts';
import { usageStates } from '../../usage.ts';
import { exactText, quantityText } from '../exact-sum.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { cursorParameter, limitParameter, pageOf } from '../page.ts';
import { periodIn, periodParameter } from '../period-of.ts';
import { nextPage, ref } from '../schemas.ts';
import { tenantsFor } from '../scope.ts';
import type { BillingServices } from '../services.ts';
import { type Dimension, dimensions, type UsageRow, usageReport } from '../usage-report.ts';
import { spanView, type View } from '../views.ts';

type UsageServices = Pick<BillingServices, 'clock' | 'ledger' | 'directory' | 'meters' | 'anchorDay'>;

const route = routeOf<UsageServices>();
const maxDays = 400;
const maxRows = 200_000;
const dayMs = 86_400_000;

export const usageRoutes: readonly Route<UsageServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/usage',
    tag: 'Usage',
    id: 'listUsage',
    access: 'reader',
    errors: ['not_found'],
    summary: 'Sums up what was metered, by whose it is now said to be.',
    about:
      'Quantities are those of the ledger with all corrections, so they may differ from a closed bill until that is corrected. CSV holds all rows at once.',
    parameters: {
      from: { in: 'query', type: 'time', about: 'From then on.' },
      to: { in: 'query', type: 'time', about: `Until then, at most ${maxDays} days; now without it.` },
      period: {
        ...periodParameter,
        about: 'A month such as 2026-03 instead of `from` and `to`; the current one without all of them.',
      },
      time_zone: {
        in: 'query',
        type: 'text',
        maxLength: 100,
        about: 'IANA name, for days and months. That of the tenant if there is one only, else UTC.',
      },
      by: {
        in: 'query',
        type: 'list',
        maxItems: dimensions.length,
        about: `What is told apart, beside meters: ${dimensions.join(', ')}. Only tenants without it.`,
      },
      tenant: { in: 'query', type: 'list', about: 'Only of these tenants.' },
      meter: { in: 'query', type: 'list', about: 'Only of these meters.' },
      sku: { in: 'query', type: 'texts', about: 'Only of these SKUs.' },
      cluster: { in: 'query', type: 'list', about: 'Only of these clusters.' },
      state: { in: 'query', type: 'list', about: `Only in these states: ${usageStates.join(', ')}.` },
      format: { in: 'query', type: 'enum', values: ['json', 'csv'], about: 'Without it the header Accept decides.' },
      limit: limitParameter('Rows of a page.'),
      cursor: cursorParameter,
    },
    answers: {
      200: {
        about: 'Sums in the order of what they are told apart by.',
        schema: listSchema('usage', ref('Usage'), { from: { type: 'string' }, to: { type: 'string' }, ...nextPage }),
        types: ['application/json', 'text/csv'],
      },
    },
    handle: async ({ parameters, caller, accepted, signal }, services) => {
      const { limit, cursor, tenant, meter, sku, cluster, state } = parameters;
      const by = dimensionsOf(parameters.by);
      known('state', state, usageStates);
      known(
        'meter',
        meter,
        services.meters().map(({ name }) => name),
      );
      const tenants = tenantsFor(caller, tenant, services.directory());
      const zone = parameters.time_zone ?? (tenants.length === 1 ? tenants[0]?.timeZone : undefined) ?? 'UTC';
      const span = spanOf(parameters, zone, services);
      const parts = by.includes('day') ? daysOf({ span, timeZone: zone }) : [{ date: '', span }];
      const names = narrowed(tenants, tenant, caller);
      const question = {
        parts,
        by,
        meters: meter,
        clusters: cluster,
        skus: sku,
        states: state,
        tenants: names,
        maxRows,
      };
      const directory = services.directory();
      const rows = await oneAtATime(services.ledger, signal, () =>
        usageReport(question, { ledger: services.ledger, directory, signal }),
      );
      if (rows === undefined)
        throw badField('by', `there are more than ${maxRows} rows; tell less apart, or ask for less time`);
      const keyOf = (row: UsageRow) => [...by.map((each) => row.values[each] ?? ''), row.meter];
      const units = new Map(services.meters().map((each) => [each.name, each]));
      const type = parameters.format === undefined ? accepted(['application/json', 'text/csv']) : parameters.format;
      if (type === 'csv' || type === 'text/csv') return csvAnswer(rows, by, { keyOf, units });
      const { page, next } = pageOf(rows, keyOf, { limit, cursor });
      return { json: { ...spanView(span), usage: page.map((row) => usageView(row, units.get(row.meter))), next } };
    },
  }),
];

function dimensionsOf(given: readonly string[]): readonly Dimension[] {
  known('by', given, dimensions);
  const wanted: readonly Dimension[] =
    given.length === 0 ? ['tenant'] : dimensions.filter((each) => given.includes(each));
  return wanted;
}

function known(field: string, given: readonly string[], allowed: readonly string[]): void {
  const wrong = given.find((each) => !allowed.includes(each));
  if (wrong !== undefined) throw badField(field, `must be of ${allowed.join(', ')}, got ${JSON.stringify(wrong)}`);
}

/** Undefined for everything, also what belongs to tenants that are no more. */
function narrowed(
  tenants: readonly Tenant[],
  wanted: readonly string[],
  { scope }: Caller,
): ReadonlySet<string> | undefined {
  return wanted.length === 0 && scope === undefined ? undefined : new Set(tenants.map(({ name }) => name));
}

interface SpanParameters {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly period: string | undefined;
}

function spanOf(
  { from, to, period }: SpanParameters,
  zone: string,
  services: Pick<UsageServices, 'clock' | 'anchorDay'>,
): Span {
  const nowMs = Math.floor(services.clock.now() * 1000);
  const { span: named } = periodIn(period, zone, services);
  if (period !== undefined && (from !== undefined || to !== undefined))
    throw badField('period', 'it can be given only without `from` and `to`');
  if (from === undefined && to === undefined) return named;
  if (from === undefined) throw badField('from', 'it is missing, and `to` is there');
  const span = { startMs: Math.floor(from * 1000), endMs: to === undefined ? nowMs : Math.floor(to * 1000) };
  if (span.startMs >= span.endMs) throw badField('from', 'it must be before `to`');
  if (span.endMs - span.startMs > maxDays * dayMs)
    throw badField('to', `at most ${maxDays} days can be asked for at once`);
  return span;
}

function usageView({ meter, values, quantity, isDivided }: UsageRow, unit: Meter | undefined): View {
  return {
    ...values,
    meter,
    quantity: pricedText(quantity, unit),
    unit: unit?.unit.priced ?? '',
    base_quantity: exactText(quantity),
    base_unit: unit?.unit.base ?? '',
    divided: isDivided,
  };
}

function pricedText({ num, den }: UsageRow['quantity'], unit: Meter | undefined): string {
  return quantityText({ num, den: den * (unit?.unit.perPriced ?? 1n) });
}

function csvAnswer(
  rows: readonly UsageRow[],
  by: readonly Dimension[],
  {
    keyOf,
    units,
  }: { readonly keyOf: (row: UsageRow) => readonly string[]; readonly units: ReadonlyMap<string, Meter> },
): Answer {
  const { page } = pageOf(rows, keyOf, { limit: rows.length, cursor: undefined });
  function* lines(): Generator<string> {
    yield csvLine([...by, 'meter', 'quantity', 'unit', 'base_quantity', 'base_unit']);
    for (const { meter, values, quantity } of page) {
      const unit = units.get(meter);
      const given = by.map((each) => values[each] ?? '');
      const quantities = [
        pricedText(quantity, unit),
        unit?.unit.priced ?? '',
        exactText(quantity),
        unit?.unit.base ?? '',
      ];
      yield csvLine([...given, meter, ...quantities].map(guarded));
    }
  }
  return { pieces: lines(), type: 'text/csv', headers: { 'Content-Disposition': 'attachment; filename="usage.csv"' } };
}
