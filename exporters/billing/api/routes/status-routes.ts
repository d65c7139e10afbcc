import { badField } from '../../../../kit/api/api-error.ts';
import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import type { Clock } from '../../../../kit/clock.ts';
import type { WindowFilter, WindowRecord } from '../../ledger/ledger.ts';
import type { Span } from '../../span.ts';
import { exactText } from '../exact-sum.ts';
import { joinGaps } from '../join-gaps.ts';
import { cursorParameter, limitParameter, numberKey, pageOf } from '../page.ts';
import { nextPage, ref } from '../schemas.ts';
import { requireAllTenants } from '../scope.ts';
import type { BillingServices } from '../services.ts';
import { gapView, meterStatusView, snakeCased, sourceStatusView, spanView, type View } from '../views.ts';

type StatusServices = Pick<BillingServices, 'clock' | 'ledger' | 'collection'>;

const route = routeOf<StatusServices>();
const tag = 'Metering';
const dayMs = 86_400_000;
const maxDays = 40;
const windowParameters = {
  from: { in: 'query', type: 'time', about: 'From then on; a day before `to` without it.' },
  to: { in: 'query', type: 'time', about: `Until then, at most ${maxDays} days; now without it.` },
  cluster: { in: 'query', type: 'text', maxLength: 200, about: 'Only of the cluster.' },
  meter: { in: 'query', type: 'text', maxLength: 100, about: 'Only of the meter.' },
} as const;

export const statusRoutes: readonly Route<StatusServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/status',
    tag,
    id: 'getStatus',
    access: 'reader',
    summary: 'Tells how far each meter is in each cluster, and what is wrong with it.',
    about: 'Sources, troubles and conservation are told to those only who may see all tenants.',
    parameters: { limit: limitParameter('Meters of a page.'), cursor: cursorParameter },
    answers: {
      200: {
        about: 'Meters by cluster and name.',
        schema: listSchema('meters', ref('MeterStatus'), {
          leader: { type: 'boolean', description: 'Whether this process meters.' },
          position: { type: 'string', description: 'Of the last row of the ledger.' },
          sources: { type: 'array', items: { type: 'object' } },
          ...nextPage,
        }),
      },
    },
    handle: async ({ parameters, caller }, { clock, ledger, collection }) => {
      const [status, position] = await Promise.all([collection.status(), ledger.position()]);
      const seesAll = caller.scope === undefined;
      const { page, next } = pageOf(status.meters, ({ cluster, meter }) => [cluster, meter], parameters);
      const told = page.map((meter) =>
        seesAll ? meter : { ...meter, conservationError: undefined, trouble: undefined, source: '' },
      );
      return {
        json: {
          leader: status.isLeader,
          position: String(position),
          meters: told.map((meter) => meterStatusView(meter, clock.now())),
          ...(seesAll ? { sources: status.sources.map(sourceStatusView) } : {}),
          next,
        },
      };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/conservation',
    tag,
    id: 'listConservationErrors',
    access: 'reader',
    summary: 'Lists windows in which used, idle, unavailable and system do not add up to what is installed.',
    parameters: { ...windowParameters, limit: limitParameter('Windows of a page.'), cursor: cursorParameter },
    answers: {
      200: {
        about: 'Windows with an error, oldest first, and how many were looked at.',
        schema: listSchema('windows', ref('Window'), { checked: { type: 'integer' }, ...nextPage }),
      },
    },
    handle: async ({ parameters, caller }, { clock, ledger }) => {
      requireAllTenants(caller);
      const windows = (await ledger.windows(filterOf(parameters, clock))).filter(
        ({ conservation }) => conservation !== undefined,
      );
      const wrong = windows.filter(({ conservation }) => conservation?.error.num !== 0n);
      const { page, next } = pageOf(wrong, windowKey, parameters);
      return { json: { windows: page.map(conservationView), checked: windows.length, next } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/gaps',
    tag,
    id: 'listGaps',
    access: 'reader',
    summary: 'Lists stretches in which nothing is known, and what was done about them.',
    about: 'Gaps of windows that follow each other are told as one.',
    parameters: { ...windowParameters, limit: limitParameter('Gaps of a page.'), cursor: cursorParameter },
    answers: {
      200: { about: 'Gaps, oldest first.', schema: listSchema('gaps', { type: 'object' }, nextPage) },
    },
    handle: async ({ parameters, caller }, { clock, ledger }) => {
      requireAllTenants(caller);
      const gaps = joinGaps(await ledger.windows(filterOf(parameters, clock)));
      const { page, next } = pageOf(
        gaps,
        ({ span, cluster, meter, where }) => [numberKey(span.startMs), cluster, meter, where],
        parameters,
      );
      return { json: { gaps: page.map(({ cluster, meter, ...gap }) => ({ cluster, meter, ...gapView(gap) })), next } };
    },
  }),
];

interface WindowParameters {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly cluster: string | undefined;
  readonly meter: string | undefined;
}

function filterOf({ from, to, cluster, meter }: WindowParameters, clock: Clock): WindowFilter {
  return {
    span: spanOf(from, to, clock),
    ...(cluster === undefined ? {} : { cluster }),
    ...(meter === undefined ? {} : { meter }),
  };
}

function spanOf(from: number | undefined, to: number | undefined, clock: Clock): Span {
  const endMs = Math.floor((to ?? clock.now()) * 1000);
  const startMs = from === undefined ? endMs - dayMs : Math.floor(from * 1000);
  if (startMs >= endMs) throw badField('from', 'it must be before `to`');
  if (endMs - startMs > maxDays * dayMs) throw badField('to', `at most ${maxDays} days can be asked for at once`);
  return { startMs, endMs };
}

function windowKey({ span, cluster, meter }: WindowRecord): readonly string[] {
  return [numberKey(span.startMs), cluster, meter];
}

function conservationView({ meter, cluster, span, revision, hash, conservation, evidence }: WindowRecord): View {
  const worst = (conservation?.worst ?? []).map(({ resource, error }) => ({ resource, error: exactText(error) }));
  return {
    meter,
    cluster,
    window: spanView(span),
    revision,
    hash,
    conservation:
      conservation === undefined
        ? undefined
        : {
            devices: conservation.devices,
            installed_ms: conservation.installedMs,
            error_ms: exactText(conservation.error),
            worst,
          },
    evidence: snakeCased(evidence),
  };
}
