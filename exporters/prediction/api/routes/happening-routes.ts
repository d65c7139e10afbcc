import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import { ref } from '../schemas.ts';
import type { PredictionServices } from '../services.ts';
import { anomalyView, incidentView } from '../views.ts';
import { present } from './risk-routes.ts';

type HappeningServices = Pick<PredictionServices, 'scored' | 'view' | 'anomalyEvents'>;

const route = routeOf<HappeningServices>();
const tag = 'Incidents and anomalies';
const parameters = {
  cluster: { in: 'query', type: 'text', maxLength: 500, about: 'Only of this cluster.' },
  node: { in: 'query', type: 'text', maxLength: 500, about: 'Only of this node and its GPUs.' },
  uuid: { in: 'query', type: 'text', maxLength: 500, about: 'Only of this GPU.' },
  since: { in: 'query', type: 'time', about: 'Only those from then on.' },
  limit: { in: 'query', type: 'integer', min: 1, max: 10_000, default: 100, about: 'At most so many.' },
} as const;

interface Asked {
  readonly cluster: string | undefined;
  readonly node: string | undefined;
  readonly uuid: string | undefined;
}

export const happeningRoutes: readonly Route<HappeningServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/incidents',
    tag,
    id: 'listIncidents',
    access: 'reader',
    summary:
      'Tells the failures that are known, the newest first, and the share that came without an XID of raised risk or an earlier incident.',
    parameters,
    answers: {
      200: {
        about: 'Incidents.',
        schema: listSchema('incidents', ref('Incident'), {
          total: { type: 'integer' },
          without_precursor: {
            type: 'number',
            description:
              'Share of all incidents, 0 to 1, with neither an XID of raised risk nor an earlier incident of the same entity in the 30 days before; trends of telemetry are not counted. Missing without an incident.',
          },
          left_out: { type: 'array', items: { type: 'string' }, description: 'What made no sense, in words.' },
        }),
      },
    },
    handle: ({ parameters: given }, { scored, view }) => {
      const { incidents, problems } = present(scored()).failures;
      const wanted = incidents.filter(
        ({ entity, startMs }) => isAsked(entity, given) && startMs >= (given.since ?? 0) * 1000,
      );
      const newest = wanted.toSorted((a, b) => b.startMs - a.startMs).slice(0, given.limit);
      return {
        json: {
          total: wanted.length,
          without_precursor: view().failures?.precursors.shareWithout,
          incidents: newest.map(incidentView),
          left_out: problems.slice(0, 100),
        },
      };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/anomalies',
    tag,
    id: 'listAnomalies',
    access: 'reader',
    summary: 'Tells who was unlike before, or unlike its peers; the newest first, since the start of the service.',
    parameters,
    answers: { 200: { about: 'Reports.', schema: listSchema('anomalies', ref('Anomaly')) } },
    handle: ({ parameters: given }, { anomalyEvents }) => {
      const wanted = anomalyEvents().filter(
        ({ entity, atMs }) => isAsked(entity, given) && atMs >= (given.since ?? 0) * 1000,
      );
      return { json: { anomalies: wanted.slice(0, given.limit).map(anomalyView) } };
    },
  }),
];

function isAsked(
  entity: { readonly cluster: string; readonly node: string; readonly uuid: string },
  { cluster, node, uuid }: Asked,
): boolean {
  return (
    (cluster ?? entity.cluster) === entity.cluster &&
    (node ?? entity.node) === entity.node &&
    (uuid ?? entity.uuid) === entity.uuid
  );
}
