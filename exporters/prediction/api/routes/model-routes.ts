import { ApiError } from '../../../../kit/api/api-error.ts';
import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { type EntityKind, entityKinds } from '../../entity.ts';
import { cardMarkdown } from '../../evaluation/card/card-markdown.ts';
import { type Horizon, horizons } from '../../horizon.ts';
import { ref } from '../schemas.ts';
import type { PredictionServices } from '../services.ts';
import { modelsView } from '../views.ts';

type ModelServices = Pick<PredictionServices, 'models' | 'previousModels' | 'rollBack'>;

const route = routeOf<ModelServices>();
const tag = 'Models';

export const modelRoutes: readonly Route<ModelServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/models',
    tag,
    id: 'getModels',
    access: 'reader',
    summary: 'Tells which models answer, and why these.',
    parameters: {},
    answers: { 200: { about: 'The set in use.', schema: ref('Models') } },
    handle: (_call, { models, previousModels }) => ({ json: modelsView(models(), previousModels()) }),
  }),
  route({
    method: 'post',
    path: '/api/v1/models/rollback',
    tag,
    id: 'rollBackModels',
    access: 'editor',
    errors: ['conflict'],
    summary: 'Lets the models before answer again.',
    parameters: {},
    answers: { 200: { about: 'The set that answers now.', schema: ref('Models') } },
    handle: async ({ caller }, { rollBack, previousModels }) => {
      if (previousModels() === undefined)
        throw new ApiError('conflict', 'there are no models before those in use; wait for the second training');
      return { json: modelsView(await rollBack(caller.name), previousModels()) };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/card',
    tag,
    id: 'getCard',
    access: 'reader',
    errors: ['not_found'],
    summary: 'Tells what a model is made of, how good it was, and what it cannot know.',
    about: 'As Markdown where `Accept` asks for text/markdown.',
    parameters: {
      kind: { in: 'query', type: 'enum', values: entityKinds, default: 'gpu', about: 'Of GPUs or of nodes.' },
      horizon: { in: 'query', type: 'enum', values: horizons, default: '7d', about: 'Of which horizon.' },
    },
    answers: {
      200: { about: 'The card.', schema: { type: 'object' }, types: ['application/json', 'text/markdown'] },
    },
    handle: ({ parameters: given, accepted }, { models }) => {
      const card = models().kinds[kindOf(given.kind)]?.horizons[horizonOf(given.horizon)].card;
      if (card === undefined)
        throw new ApiError('not_found', 'nothing was trained yet, only the prior answers; see /api/v1/models');
      if (accepted(['application/json', 'text/markdown']) === 'text/markdown')
        return { text: cardMarkdown(card), type: 'text/markdown; charset=utf-8' };
      return { json: card };
    },
  }),
];

function kindOf(text: string): EntityKind {
  return entityKinds.find((each) => each === text) ?? 'gpu';
}

function horizonOf(text: string): Horizon {
  return horizons.find((each) => each === text) ?? '7d';
}
