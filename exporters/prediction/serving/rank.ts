import { keyOfEntity } from '../entity.ts';
import type { Horizon } from '../horizon.ts';
import type { Risk } from '../risk/risk.ts';
import { medianOf } from './median.ts';

/** Those in service first, by the probability of a horizon; of equals, by key of the entity. */
export function likeliestFirst(risks: readonly Risk[], horizon: Horizon = '7d'): readonly Risk[] {
  const keyed = risks.map((risk) => ({
    risk,
    out: Number(risk.isOut === true),
    p: risk.probability[horizon],
    key: keyOfEntity(risk.entity),
  }));
  return keyed.sort((a, b) => a.out - b.out || b.p - a.p || (a.key < b.key ? -1 : 1)).map(({ risk }) => risk);
}

/** GPUs in service within the budget of alerts of a day, the likeliest first. Where none stands out there is none: an alert that could be any GPU is noise. */
export function alertedRisks(risks: readonly Risk[], budget: number): readonly Risk[] {
  const gpus = risks.filter(({ entity, isOut }) => entity.kind === 'gpu' && isOut !== true);
  const median = medianOf(gpus.map(({ probability }) => probability['7d'])) ?? 1;
  return likeliestFirst(gpus.filter(({ probability }) => probability['7d'] > median)).slice(0, budget);
}
