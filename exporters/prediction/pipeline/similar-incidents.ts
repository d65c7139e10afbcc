import type { Incident, RiskEvent } from '../labels/incident.ts';
import type { Risk } from '../risk/risk.ts';
import { averageFeature, restFeature } from './learned-answers.ts';
import type { ModelSet, PastIncident } from './model-set.ts';
import { eventSigns, sharesOf } from './past-incidents.ts';

export interface SimilarIncident {
  readonly incident: Incident;
  /** From 0 to 1: how much of what raises the risk now also did before that incident. */
  readonly similarity: number;
  /** Names of the features and kinds of events that both have, the strongest first. */
  readonly shared: readonly string[];
}

/**
 * Past incidents of the same kind of entity, the most similar first, of equal ones the newest; none that shares nothing. `events` are those of the entity.
 * Similarity: the sum over signs of the smaller weight by that of the larger one (weighted Jaccard).
 */
export function similarIncidents(
  { past }: Pick<ModelSet, 'past'>,
  risk: Risk,
  events: readonly RiskEvent[],
  most = 5,
): readonly SimilarIncident[] {
  const signs = { ...featuresOf(risk), ...eventSigns(events, risk.atMs) };
  return past
    .filter(({ incident }) => incident.entity.kind === risk.entity.kind && incident.startMs <= risk.atMs)
    .map((each) => compare(signs, each))
    .filter(({ similarity }) => similarity > 0)
    .sort((a, b) => b.similarity - a.similarity || b.incident.startMs - a.incident.startMs)
    .slice(0, most);
}

const noFeatures: readonly string[] = [restFeature, averageFeature];

/** Of a learned model; the rate model knows events alone. */
function featuresOf({ layer, reasons }: Risk): Readonly<Record<string, number>> {
  const horizon = (['7d', '24h', '30d'] as const).find((each) => layer[each] === 'learned');
  if (horizon === undefined) return {};
  return sharesOf(reasons[horizon].filter(({ feature }) => !noFeatures.includes(feature)));
}

function compare(signs: Readonly<Record<string, number>>, { incident, signs: others }: PastIncident): SimilarIncident {
  let [common, all] = [0, 0];
  const shared: { readonly name: string; readonly weight: number }[] = [];
  for (const name of new Set([...Object.keys(signs), ...Object.keys(others)])) {
    const [own = 0, other = 0] = [signs[name], others[name]];
    const weight = Math.min(own, other);
    common += weight;
    all += Math.max(own, other);
    if (weight > 0) shared.push({ name, weight });
  }
  return {
    incident,
    similarity: all === 0 ? 0 : common / all,
    shared: shared.sort((a, b) => b.weight - a.weight).map(({ name }) => name),
  };
}
