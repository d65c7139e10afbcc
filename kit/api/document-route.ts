import { type DocumentAbout, openApi } from './openapi.ts';
import { type Route, routeOf } from './route.ts';

/** The document of the routes, itself among them. */
export function documentRoute(routes: readonly Route<never>[], about: DocumentAbout): Route<unknown> {
  const route: Route<unknown> = routeOf<unknown>()({
    method: 'get',
    path: '/api/v1/openapi.json',
    tag: 'Document',
    id: 'getDocument',
    access: 'open',
    summary: 'The document of this API.',
    parameters: {},
    answers: { 200: { about: 'OpenAPI 3.1.', schema: { type: 'object' } } },
    handle: () => ({ json: openApi([...routes, route], about) }),
  });
  return route;
}
