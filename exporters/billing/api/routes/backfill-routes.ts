import { badField, notFound } from '../../../../kit/api/api-error.ts';
import { parseTime } from '../../../../kit/api/read-parameters.ts';
import { jsonBody, type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema, text } from '../../../../kit/api/schemas.ts';
import { cursorParameter, limitParameter, numberKey, pageOf } from '../page.ts';
import { nextPage, ref } from '../schemas.ts';
import { requireAllTenants } from '../scope.ts';
import type { BackfillJob, BillingServices } from '../services.ts';
import { jobView } from '../views.ts';

type BackfillServices = Pick<BillingServices, 'clock' | 'collection' | 'meters'>;

const route = routeOf<BackfillServices>();
const tag = 'Metering';
const id = { in: 'path', type: 'text', maxLength: 100, about: 'Id of the back-fill.' } as const;
const answer = { about: 'How far it is.', schema: ref('BackfillJob') };
const newest = Number.MAX_SAFE_INTEGER;

interface BackfillBody {
  readonly from: string;
  readonly to?: string;
  readonly clusters?: readonly string[];
  readonly meters?: readonly string[];
}

const names = { type: 'array', maxItems: 100, items: { ...text(200), minLength: 1 } } as const;
const body = jsonBody<BackfillBody>({
  about: 'The time that is metered, and of what. Times are RFC 3339; a day is one of UTC.',
  schema: {
    type: 'object',
    required: ['from'],
    additionalProperties: false,
    properties: { from: text(40), to: text(40, 'Now if it is left out.'), clusters: names, meters: names },
  },
  example: { from: '2026-03-01', to: '2026-04-01', clusters: ['fra1'] },
});

export const backfillRoutes: readonly Route<BackfillServices>[] = [
  route({
    method: 'post',
    path: '/api/v1/backfills',
    tag,
    id: 'startBackfill',
    access: 'admin',
    summary: 'Meters a stretch of time again, in the background.',
    about: 'What the ledger has already is not added again; what has changed since is added as signed rows.',
    parameters: {},
    body,
    answers: { 202: answer },
    handle: async ({ body: given, caller }, { clock, collection, meters }) => {
      const { from, to, clusters = [], meters: wanted = [] } = given;
      const nowMs = Math.floor(clock.now() * 1000);
      const span = { startMs: timeIn(from, 'from'), endMs: to === undefined ? nowMs : timeIn(to, 'to') };
      if (span.startMs >= span.endMs) throw badField('from', 'it must be before `to`');
      if (span.endMs > nowMs) throw badField('to', 'it is in the future');
      const known = meters().map(({ name }) => name);
      const wrong = wanted.find((name) => !known.includes(name));
      if (wrong !== undefined) throw badField('meters', `must be of ${known.join(', ')}, got ${JSON.stringify(wrong)}`);
      const job = await collection.backfill({ span, clusters, meters: wanted, by: caller.name });
      return {
        status: 202,
        json: jobView(job),
        headers: { Location: `/api/v1/backfills/${encodeURIComponent(job.id)}` },
      };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/backfills',
    tag,
    id: 'listBackfills',
    access: 'reader',
    summary: 'Lists back-fills: those under way and the last ones that ended, the newest first.',
    parameters: { limit: limitParameter('Back-fills of a page.'), cursor: cursorParameter },
    answers: { 200: { about: 'Back-fills.', schema: listSchema('backfills', ref('BackfillJob'), nextPage) } },
    handle: async ({ parameters, caller }, { collection }) => {
      requireAllTenants(caller);
      const keyOf = ({ startedAt, id: own }: BackfillJob) => [numberKey(newest - Math.round(startedAt * 1000)), own];
      const { page, next } = pageOf(await collection.jobs(), keyOf, parameters);
      return { json: { backfills: page.map(jobView), next } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/backfills/{id}',
    tag,
    id: 'getBackfill',
    access: 'reader',
    summary: 'Tells how far a back-fill is.',
    parameters: { id },
    answers: { 200: answer },
    handle: async ({ parameters, caller }, { collection }) => {
      requireAllTenants(caller);
      const job = (await collection.jobs()).find((each) => each.id === parameters.id);
      if (job === undefined) throw noJob(parameters.id);
      return { json: jobView(job) };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/backfills/{id}/cancel',
    tag,
    id: 'cancelBackfill',
    access: 'admin',
    summary: 'Ends a back-fill after the window that it is at. What is recorded stays.',
    parameters: { id },
    answers: { 200: answer },
    handle: async ({ parameters }, { collection }) => {
      const job = await collection.cancel(parameters.id);
      if (job === undefined) throw noJob(parameters.id);
      return { json: jobView(job) };
    },
  }),
];

function timeIn(given: string, field: string): number {
  const seconds = parseTime(given);
  if (seconds === undefined)
    throw badField(field, `must be a time such as 2026-01-31T08:00:00Z, or Unix seconds, got ${JSON.stringify(given)}`);
  return Math.floor(seconds * 1000);
}

function noJob(id: string) {
  return notFound(`there is no back-fill ${JSON.stringify(id)}; those that ended long ago are forgotten`);
}
