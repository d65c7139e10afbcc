import { entityKinds } from '../entity.ts';
import type { PredictionCollector } from './prediction-collector.ts';

/** Features that have drifted most come first where there are too many. */
export const driftCollector: PredictionCollector = {
  name: 'drift',
  collect: ({ drift, series }, { emit }) => {
    const all = entityKinds.flatMap((kind) =>
      (drift[kind] ?? []).flatMap(({ feature, psi }) => (psi === undefined ? [] : [{ kind, feature, psi }])),
    );
    const shown = all.length <= series.features ? all : all.toSorted((a, b) => b.psi - a.psi).slice(0, series.features);
    for (const { kind, feature, psi } of shown) emit('prediction_feature_drift_psi', { kind, feature }, psi);
    emit('prediction_dropped_series', { metric: 'prediction_feature_drift_psi' }, all.length - shown.length);
  },
};
