import type { EntityKind } from '../../entity.ts';
import type { Horizon } from '../../horizon.ts';
import { probabilityOf } from '../../learning/matrix.ts';
import { correctionReasons } from '../intercept-correction.ts';
import { logOddsOfHazard } from '../log-odds.ts';
import type { Reason, RiskLayer } from '../risk.ts';
import { exposuresOf } from './kernel.ts';
import { baseRateOf, type RateModel } from './rate-model.ts';

export interface RateQuestion {
  readonly kind: EntityKind;
  readonly product: string;
  /** Of `recencyAt`. */
  readonly recency: Float64Array;
  readonly horizon: Horizon;
  /** Of `interceptCorrection`; 0 while there is none. */
  readonly correction?: number | undefined;
}

export interface RateAnswer {
  readonly probability: number;
  readonly layer: RiskLayer;
  /** `base_rate`: failures per year. `recent_failures`: by how many times the hazard of now is above the base. */
  readonly reasons: readonly Reason[];
}

/** The reasons add up to the log-odds of the probability. */
export function rateRisk(
  model: RateModel,
  { kind, product, recency, horizon, correction = 0 }: RateQuestion,
): RateAnswer {
  const [days = 0, ...exposures] = exposuresOf(horizon, model.hold);
  const perDay = baseRateOf(model, kind, product);
  const added = sumOver(model.excitation[kind], recency, exposures);
  const base = logOddsOfHazard(perDay * days);
  const recent = added === 0 ? 0 : logOddsOfHazard(perDay * days + added) - base;
  return {
    probability: probabilityOf(base + recent + correction),
    layer: model.ownFailures === 0 ? 'prior' : 'rate',
    reasons: [
      { feature: 'base_rate', value: perDay * 365.25, peerMedian: undefined, contribution: base },
      {
        feature: 'recent_failures',
        value: sumOver(model.excitation[kind], recency) / perDay,
        peerMedian: 0,
        contribution: recent,
      },
      ...correctionReasons(correction),
    ],
  };
}

function sumOver(excitation: readonly number[], recency: Float64Array, exposures?: readonly number[]): number {
  let sum = 0;
  for (const [k, each] of excitation.entries()) sum += each * (recency[k] ?? 0) * (exposures?.[k] ?? 1);
  return sum;
}
