import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import { ref } from '../schemas.ts';
import type { PredictionServices } from '../services.ts';
import { sourceView } from '../views.ts';

type SourceServices = Pick<PredictionServices, 'view'>;

const route = routeOf<SourceServices>();

export const sourceRoutes: readonly Route<SourceServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/sources',
    tag: 'Sources',
    id: 'listSources',
    access: 'reader',
    summary: 'Tells which sources answer, how far their history is read, and what stands in the way.',
    parameters: {},
    answers: { 200: { about: 'Sources.', schema: listSchema('sources', ref('Source')) } },
    handle: (_, { view }) => ({ json: { sources: view().sources.map(sourceView) } }),
  }),
];
