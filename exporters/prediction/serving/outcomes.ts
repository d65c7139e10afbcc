import { type HorizonOutcomes, scoreLog } from '../evaluation/outcomes/score-log.ts';
import { byHorizon, type Horizon } from '../horizon.ts';
import type { FailureHistory } from '../pipeline/failure-history.ts';
import type { ModelSet } from '../pipeline/model-set.ts';
import type { Corrections } from '../pipeline/score-fleet.ts';
import type { Steps } from '../steps.ts';
import { logOfDays, type SaidDay } from './said-days.ts';

export type Outcomes = Readonly<Record<Horizon, HorizonOutcomes>>;

export interface Judgement {
  readonly outcomes: Outcomes;
  readonly corrections: Corrections;
}

/** What was said against what came, and what follows for what is said next. Months of a large fleet take seconds. */
export function* judgeDays(
  days: readonly SaidDay[],
  { incidents, outOfService }: FailureHistory,
  { models, nowMs, budget }: { readonly models: ModelSet; readonly nowMs: number; readonly budget: number },
): Steps<Judgement> {
  const trained = models.kinds.gpu ?? models.kinds.node;
  const outcomes = yield* scoreLog({
    log: yield* logOfDays(days),
    incidents,
    outOfService,
    nowMs,
    budgets: [budget],
    model: models.id,
    trainingBaseRate:
      trained === undefined
        ? undefined
        : Object.fromEntries(
            Object.values(trained.horizons).flatMap(({ horizon, baseRate }) =>
              baseRate === undefined ? [] : [[horizon, baseRate]],
            ),
          ),
  });
  const { rate, prior } = outcomes['7d'].correction;
  return {
    outcomes,
    corrections: {
      rate: models.rate.ownFailures === 0 ? prior : rate,
      learned: byHorizon((horizon) => outcomes[horizon].correction.learned),
    },
  };
}
