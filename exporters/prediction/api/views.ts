import type { AnomalyEvent } from '../anomaly/engine/events.ts';
import type { Entity } from '../entity.ts';
import { byHorizon, type Horizon } from '../horizon.ts';
import type { Incident } from '../labels/incident.ts';
import type { ModelSet } from '../pipeline/model-set.ts';
import type { SimilarIncident } from '../pipeline/similar-incidents.ts';
import type { Reason, Risk } from '../risk/risk.ts';
import type { SourceView } from '../view.ts';
import { timeText } from './time-text.ts';

export function entityView({ kind, cluster, node, uuid }: Entity) {
  return { kind, cluster, node, ...(uuid === '' ? {} : { uuid }) };
}

export function riskView(risk: Risk) {
  return {
    ...entityView(risk.entity),
    at: timeText(risk.atMs),
    probability: risk.probability,
    layer: risk.layer,
    ...(risk.isOut === true ? { out_of_service: true } : {}),
    rules: risk.rules,
    recommended_action: recommendedAction(risk),
  };
}

/** With what speaks for it and against it, of all horizons; the strongest first. */
export function explainedRiskView(risk: Risk, similar: readonly SimilarIncident[], models: string) {
  return {
    ...riskView(risk),
    models,
    contributions: byHorizon((horizon) => contributionsOf(risk, horizon)),
    similar_incidents: similar.map(({ incident, similarity, shared }) => ({
      ...incidentView(incident),
      similarity,
      shared,
    })),
  };
}

const mostContributions = 20;

function contributionsOf(risk: Risk, horizon: Horizon) {
  const strength = ({ contribution }: Reason): number => Math.abs(contribution);
  return risk.reasons[horizon]
    .toSorted((a, b) => strength(b) - strength(a))
    .slice(0, mostContributions)
    .map(({ feature, value, peerMedian, contribution }) => ({
      feature,
      value: known(value),
      peer_median: known(peerMedian),
      contribution,
      direction: contribution > 0 ? 'raises' : 'lowers',
    }));
}

/** JSON has no NaN. */
function known(value: number | undefined): number | undefined {
  return value === undefined || !Number.isFinite(value) ? undefined : value;
}

/** That of the gravest rule that asks for one. A probability alone asks for nothing but attention. */
export function recommendedAction({ rules }: Risk) {
  const rule = rules.find(({ action }) => action !== 'none');
  if (rule === undefined)
    return {
      action: 'none',
      reason: 'No rule is met. Put work that must not stop elsewhere first if the probability stands out.',
    };
  return { action: rule.action, reason: rule.sentence, source: rule.source, when: rule.severity };
}

export function incidentView({ entity, startMs, endMs, isOpen, kind, sources }: Incident) {
  return {
    ...entityView(entity),
    started: timeText(startMs),
    ended: timeText(endMs),
    is_open: isOpen === true,
    what: kind,
    told_by: sources,
  };
}

export function anomalyView(event: AnomalyEvent) {
  const { entity, atMs, detector, signals, score, threshold, isStrong, isConfirmed } = event;
  return {
    ...entityView(entity),
    at: timeText(atMs),
    detector,
    signals,
    score,
    threshold,
    is_strong: isStrong,
    is_confirmed: isConfirmed,
  };
}

export function sourceView({ name, isUp, lastSuccessMs, problem, backfill }: SourceView) {
  return {
    name,
    is_up: isUp,
    last_success: lastSuccessMs === undefined ? undefined : timeText(lastSuccessMs),
    problem,
    history: {
      is_active: backfill.isActive,
      progress: backfill.progress,
      until: backfill.untilMs === undefined ? undefined : timeText(backfill.untilMs),
      problem: backfill.problem,
      remarks: backfill.remarks,
    },
  };
}

export function modelsView(set: ModelSet, previous: string | undefined) {
  return {
    version: set.id,
    made: set.madeAtMs === 0 ? undefined : timeText(set.madeAtMs),
    previous,
    seed: set.seed,
    provenance: set.provenance,
    own_failures: set.rate.ownFailures,
    kinds: Object.values(set.kinds).map(({ kind, horizons, schema }) => ({
      kind,
      features: schema.names.length,
      horizons: byHorizon((horizon) => {
        const { layer, why, baseRate, card } = horizons[horizon];
        return {
          layer,
          base_rate: baseRate,
          trained_until: timeText(card.model.trainedUntilMs),
          rows: card.model.rows,
          why,
          comparisons: card.promotion?.comparisons ?? [],
        };
      }),
    })),
  };
}
