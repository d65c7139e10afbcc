import { type EntityKind, entityKinds } from '../entity.ts';
import { horizons } from '../horizon.ts';
import type { HorizonModels } from '../pipeline/model-set.ts';
import { swapOutcomes } from '../view.ts';
import type { EmitPrediction, PredictionCollector } from './prediction-collector.ts';

const layers = ['rate', 'learned'] as const;

/** Which models answer, how old they are, and why these. */
export const modelsCollector: PredictionCollector = {
  name: 'models',
  collect: ({ models, swaps }, { emit }) => {
    const kinds = entityKinds.flatMap((kind) => models.kinds[kind] ?? []);
    const trained = kinds.length > 0 || models.rate.ownFailures > 0;
    emit('prediction_model_info', { version: models.id }, 1);
    emit('prediction_model_trained_timestamp_seconds', {}, trained ? models.madeAtMs / 1000 : undefined);
    for (const outcome of swapOutcomes) emit('prediction_model_swaps_total', { outcome }, swaps[outcome]);
    for (const each of kinds) {
      for (const horizon of horizons) emitHorizon(each.kind, each.horizons[horizon], emit);
    }
  },
};

function emitHorizon(kind: EntityKind, { horizon, card, layer: chosen }: HorizonModels, emit: EmitPrediction): void {
  emit('prediction_model_training_rows', { kind, horizon }, card.model.rows);
  for (const layer of layers)
    emit('prediction_promotion_layer', { kind, horizon, layer }, isChosen(chosen, layer) ? 1 : 0);
  for (const { metric: figure, gain, lowerBound } of card.promotion?.comparisons ?? []) {
    const low = lowerBound === -Number.MAX_VALUE ? undefined : lowerBound;
    emit('prediction_promotion_gain', { kind, horizon, figure, estimate: 'mean' }, gain);
    emit('prediction_promotion_gain', { kind, horizon, figure, estimate: 'low' }, low);
  }
}

/** A prior is the rate model without failures of its own. */
function isChosen(chosen: HorizonModels['layer'], layer: (typeof layers)[number]): boolean {
  return (chosen === 'learned') === (layer === 'learned');
}
