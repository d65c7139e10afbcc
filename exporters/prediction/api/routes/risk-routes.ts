import { ApiError } from '../../../../kit/api/api-error.ts';
import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import { entityKinds, keyOfEntity } from '../../entity.ts';
import { type Horizon, horizons } from '../../horizon.ts';
import { similarIncidents } from '../../pipeline/similar-incidents.ts';
import { likeliestFirst } from '../../serving/rank.ts';
import type { Scored } from '../../serving/scorer.ts';
import { findRisk } from '../find-risk.ts';
import { ref } from '../schemas.ts';
import type { PredictionServices } from '../services.ts';
import { timeText } from '../time-text.ts';
import { explainedRiskView, riskView } from '../views.ts';

type RiskServices = Pick<PredictionServices, 'scored' | 'models'>;

const route = routeOf<RiskServices>();
const tag = 'Risk';
const cluster = { in: 'query', type: 'text', maxLength: 500, about: 'Only of this cluster.' } as const;

export const riskRoutes: readonly Route<RiskServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/risk',
    tag,
    id: 'listRisks',
    access: 'reader',
    summary: 'Tells how likely GPUs and nodes fail, the likeliest first.',
    parameters: {
      cluster,
      node: { in: 'query', type: 'text', maxLength: 500, about: 'Only this node and its GPUs.' },
      kind: { in: 'query', type: 'enum', values: entityKinds, about: 'Only of this kind.' },
      horizon: { in: 'query', type: 'enum', values: horizons, default: '7d', about: 'What is sorted by.' },
      limit: { in: 'query', type: 'integer', min: 1, max: 10_000, default: 100, about: 'At most so many.' },
    },
    answers: {
      200: {
        about: 'Risks.',
        schema: listSchema('risks', ref('Risk'), {
          at: { type: 'string', format: 'date-time' },
          models: { type: 'string' },
          total: { type: 'integer', description: 'How many there are in all.' },
        }),
      },
    },
    handle: ({ parameters: given }, { scored }) => {
      const { scores } = present(scored());
      const wanted = scores.risks.filter(
        ({ entity }) =>
          (given.cluster ?? entity.cluster) === entity.cluster &&
          (given.node ?? entity.node) === entity.node &&
          (given.kind ?? entity.kind) === entity.kind,
      );
      const sorted = likeliestFirst(wanted, horizonOf(given.horizon)).slice(0, given.limit);
      const { atMs, models } = scores;
      return { json: { at: timeText(atMs), models, total: wanted.length, risks: sorted.map(riskView) } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/risk/{entity}',
    tag,
    id: 'explainRisk',
    access: 'reader',
    errors: ['not_found', 'conflict'],
    summary: 'Tells why a GPU or node is as likely to fail as it is, what was similar, and what to do.',
    parameters: {
      entity: { in: 'path', type: 'text', maxLength: 500, about: 'UUID of a GPU, or name of a node.' },
      cluster,
    },
    answers: { 200: { about: 'The risk with its reasons.', schema: ref('ExplainedRisk') } },
    handle: ({ parameters: given }, { scored, models }) => {
      const { scores, failures } = present(scored());
      const risk = findRisk(scores.risks, given.entity, given.cluster);
      const key = keyOfEntity(risk.entity);
      const events = failures.events.filter(({ entity }) => keyOfEntity(entity) === key);
      const similar = similarIncidents(models(), risk, events, 5);
      return { json: explainedRiskView(risk, similar, scores.models) };
    },
  }),
];

export function present(scored: Scored | undefined): Scored {
  if (scored !== undefined) return scored;
  throw new ApiError('unavailable', 'the fleet was not scored yet; wait for the first answers of the sources');
}

function horizonOf(text: string): Horizon {
  return horizons.find((each) => each === text) ?? '7d';
}
