import { entityKinds } from '../entity.ts';
import type { Figures } from '../evaluation/figures.ts';
import { horizons } from '../horizon.ts';
import type { EmitPrediction, PredictionCollector } from './prediction-collector.ts';

/** How good the models were when they were made, and how good what was said turned out to be. */
export const evaluationCollector: PredictionCollector = {
  name: 'evaluation',
  collect: ({ models, outcomes }, { emit }) => {
    for (const kind of entityKinds) {
      for (const horizon of horizons) {
        const figures = models.kinds[kind]?.horizons[horizon].card.figures;
        if (figures !== undefined) emitFigures(figures, { source: 'prequential', kind, horizon }, emit);
      }
    }
    if (outcomes === undefined) return;
    for (const horizon of horizons) {
      const { all, hasDrifted } = outcomes[horizon];
      emitFigures(all, { source: 'said', kind: 'all', horizon }, emit);
      if (all.rows === 0) continue;
      emit('prediction_outcome_observed_failures', { horizon }, all.outcome.observed);
      emit('prediction_outcome_expected_failures', { horizon }, all.outcome.expected);
      emit('prediction_outcome_incidents', { horizon }, all.outcome.incidents);
      emit('prediction_outcome_drifted', { horizon }, hasDrifted ? 1 : 0);
    }
  },
};

interface Whose {
  readonly source: string;
  readonly kind: string;
  readonly horizon: string;
}

function emitFigures(figures: Figures, whose: Whose, emit: EmitPrediction): void {
  emit('prediction_evaluation_rows', whose, figures.rows);
  emit('prediction_evaluation_failed_ratio', whose, figures.baseRate);
  emit('prediction_evaluation_average_precision', whose, figures.averagePrecision);
  emit('prediction_evaluation_brier_score', whose, figures.brier);
  emit('prediction_evaluation_brier_skill', whose, figures.brierSkill);
  emit('prediction_evaluation_calibration_error', whose, figures.calibrationError);
  const [budget] = figures.budgets;
  if (budget === undefined) return;
  emit('prediction_evaluation_precision_ratio', whose, budget.precision);
  emit('prediction_evaluation_incident_recall_ratio', whose, budget.recall);
  emit('prediction_evaluation_lead_seconds', whose, secondsOf(budget.leadP50Ms));
  emit('prediction_evaluation_short_lead_seconds', whose, secondsOf(budget.leadP10Ms));
  emit('prediction_evaluation_false_episodes_per_thousand_days', whose, budget.falsePer1000);
}

function secondsOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
