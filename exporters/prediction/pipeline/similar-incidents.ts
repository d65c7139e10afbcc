import type { Incident, RiskEvent } from '../labels/incident.ts';
import type { Risk } from '../risk/risk.ts';
import type { ModelSet } from './model-set.ts';

export interface SimilarIncident {
  readonly incident: Incident;
  /** From 0 to 1: how much of what raises the risk now also did before that incident. */
  readonly similarity: number;
  /** Names of the features and kinds of events that both have, the strongest first. */
  readonly shared: readonly string[];
}

/** The most similar first; none that shares nothing. `events` are those of the entity, of any time. */
export declare function similarIncidents(
  models: ModelSet,
  risk: Risk,
  events: readonly RiskEvent[],
  most?: number,
): readonly SimilarIncident[];
