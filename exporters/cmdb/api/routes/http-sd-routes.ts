import { ApiError, notFound } from '../../../../kit/api/api-error.ts';
import { type Route, routeOf } from '../../../../kit/api/route.ts';
import type { ServiceDiscovery } from '../../service-discovery/service-discovery.ts';

export interface SdServices {
  readonly discovery: ServiceDiscovery;
}

const route = routeOf<SdServices>();
const tag = 'Service discovery';
const listParameter = {
  in: 'path',
  type: 'text',
  pattern: '^[a-z][a-z0-9_-]{0,49}$',
  form: 'the name of a list, such as gpu',
  about: 'Name of the list.',
} as const;
const targetGroups = {
  type: 'array',
  items: {
    type: 'object',
    required: ['targets', 'labels'],
    properties: {
      targets: { type: 'array', items: { type: 'string' }, description: 'host:port.' },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
    },
  },
} as const;

export const httpSdRoutes: readonly Route<SdServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/sd',
    tag,
    id: 'listTargetLists',
    access: 'reader',
    summary: 'Lists the target lists, with what they leave out and whether they are refused.',
    parameters: {},
    answers: { 200: { about: 'The lists.', schema: { type: 'object' } } },
    handle: (_call, { discovery }) => ({
      json: {
        lists: discovery.overview().map(({ withoutAddress, ...list }) => ({
          ...list,
          path: `/api/v1/sd/${list.name}`,
          without_address: withoutAddress,
        })),
      },
    }),
  }),
  route({
    method: 'get',
    path: '/api/v1/sd/{list}',
    tag,
    id: 'getTargets',
    access: 'reader',
    summary: 'Tells the targets of a list in the form of http_sd_configs of Prometheus.',
    about:
      'It is always the whole list. If too many targets are gone at once, or the database has not answered for long, it is 503, and Prometheus keeps what it has.',
    parameters: { list: listParameter },
    answers: { 200: { about: 'The whole list.', schema: targetGroups } },
    handle: async ({ parameters: { list } }, { discovery }) => {
      const answer = await discovery.answer(list);
      if (answer === undefined) throw unknownList(list, discovery);
      if (answer.kind === 'refused') throw new ApiError('unavailable', answer.reason);
      // Prometheus takes this content type alone.
      return { text: answer.list.text, type: 'application/json; charset=utf-8', etag: answer.list.etag };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/sd/{list}/accept',
    tag,
    id: 'acceptTargets',
    access: 'editor',
    summary: 'Takes a list that was refused because too many targets were gone as it is now.',
    parameters: { list: listParameter },
    answers: { 200: { about: 'How many targets it has.', schema: { type: 'object' } } },
    handle: async ({ parameters: { list } }, { discovery }) => {
      const accepted = await discovery.accept(list);
      if (accepted === undefined) throw unknownList(list, discovery);
      return { json: { name: list, targets: accepted.targets } };
    },
  }),
];

function unknownList(name: string, discovery: ServiceDiscovery): ApiError {
  const names = discovery.overview().map((list) => list.name);
  return notFound(`there is no list ${name}; there are ${names.join(', ')}`);
}
