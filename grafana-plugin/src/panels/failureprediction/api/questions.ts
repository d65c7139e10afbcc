import type { Question } from '../../../services/ask';
import type { Horizon } from '../horizon';
import { type Card, readCard } from './read-card';
import { type Explained, readExplained, readIncidents, type SaidIncident } from './read-explained';
import { readRisks, type SaidRisks } from './read-risk';

/** As many as people look at, the likeliest of a week; another horizon has hardly any others, and need not ask again. */
const mostRisks = 1000;

export const risksQuestion: Question<SaidRisks> = {
  service: 'prediction',
  path: '/api/v1/risk',
  params: { kind: 'gpu', limit: mostRisks },
  read: readRisks,
};

/** Undefined where the name has letters that no UUID has: they would be a path of their own. */
export function explainQuestion(uuid: string, cluster: string): Question<Explained> | undefined {
  if (!/^[\w-]{1,200}$/.test(uuid)) return undefined;
  return {
    service: 'prediction',
    path: `/api/v1/risk/${uuid}`,
    params: cluster === '' ? {} : { cluster },
    read: readExplained,
  };
}

export function cardQuestion(horizon: Horizon): Question<Card> {
  return { service: 'prediction', path: '/api/v1/card', params: { kind: 'gpu', horizon }, read: readCard };
}

export function incidentsQuestion(uuid: string, cluster: string, sinceMs: number): Question<readonly SaidIncident[]> {
  return {
    service: 'prediction',
    path: '/api/v1/incidents',
    params: {
      uuid,
      ...(cluster === '' ? {} : { cluster }),
      since: new Date(Math.floor(sinceMs / minuteMs) * minuteMs).toISOString(),
      limit: 100,
    },
    read: readIncidents,
  };
}

const minuteMs = 60_000;
