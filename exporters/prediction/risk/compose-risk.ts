import { type Entity, keyOfEntity } from '../entity.ts';
import { byHorizon, type Horizon, horizons } from '../horizon.ts';
import type { RiskEvent } from '../labels/incident.ts';
import { probabilityOf } from '../learning/matrix.ts';
import { correctionReasons } from './intercept-correction.ts';
import type { RateModel } from './rate/rate-model.ts';
import { rateRisk } from './rate/rate-risk.ts';
import { recencyAt } from './rate/recency.ts';
import type { Reason, Risk, RiskLayer, RuleHit } from './risk.ts';

/** What a learned model says; its reasons add up to its log-odds. */
export interface LearnedAnswer {
  readonly reasons: readonly Reason[];
  /** Of `interceptCorrection`, on what the learned model said itself. */
  readonly correction?: number | undefined;
}

export interface RiskInput {
  readonly entity: Entity;
  readonly product: string;
  readonly atMs: number;
  readonly model: RateModel;
  /** Of the entity, up to `atMs`. */
  readonly events: readonly RiskEvent[];
  readonly rules: readonly RuleHit[];
  /** Of the rate model. */
  readonly correction?: number | undefined;
  /** Where one was promoted. */
  readonly learned?: Partial<Readonly<Record<Horizon, LearnedAnswer>>> | undefined;
}

interface Answer {
  readonly logOdds: number;
  readonly layer: RiskLayer;
  readonly reasons: readonly Reason[];
}

/**
 * The risk of an entity: of each horizon by the learned model where there is one, else by the rate model. Where a longer horizon would come out as less
 * likely than a shorter one, because models differ, it is raised to it, and `shorter_horizon` tells by how much.
 */
export function composeRisk(input: RiskInput): Risk {
  const { entity, atMs, rules } = input;
  if (input.events.some((event) => keyOfEntity(event.entity) !== keyOfEntity(entity)))
    throw new RangeError(`events of others than ${keyOfEntity(entity)}`);
  const recency = recencyAt(input.events, atMs);
  const answers = new Map<Horizon, Answer>();
  let before = Number.NEGATIVE_INFINITY;
  for (const horizon of horizons) {
    const answer = notBelow(before, answerOf(input, recency, horizon));
    answers.set(horizon, answer);
    before = answer.logOdds;
  }
  const told = (horizon: Horizon): Answer => answers.get(horizon) ?? { logOdds: 0, layer: 'prior', reasons: [] };
  return {
    entity,
    atMs,
    probability: byHorizon((horizon) => probabilityOf(told(horizon).logOdds)),
    layer: byHorizon((horizon) => told(horizon).layer),
    reasons: byHorizon((horizon) => told(horizon).reasons),
    rules,
  };
}

function answerOf(
  { entity, product, model, correction, learned }: RiskInput,
  recency: Float64Array,
  horizon: Horizon,
): Answer {
  const own = learned?.[horizon];
  if (own !== undefined) {
    const told = [...own.reasons, ...correctionReasons(own.correction ?? 0)];
    return { logOdds: sumOf(told), layer: 'learned', reasons: told };
  }
  const { layer, reasons } = rateRisk(model, { kind: entity.kind, product, recency, horizon, correction });
  return { logOdds: sumOf(reasons), layer, reasons };
}

function notBelow(least: number, answer: Answer): Answer {
  if (answer.logOdds >= least) return answer;
  const raised = {
    feature: 'shorter_horizon',
    value: undefined,
    peerMedian: undefined,
    contribution: least - answer.logOdds,
  };
  return { ...answer, logOdds: least, reasons: [...answer.reasons, raised] };
}

function sumOf(reasons: readonly Reason[]): number {
  return reasons.reduce((sum, { contribution }) => sum + contribution, 0);
}
