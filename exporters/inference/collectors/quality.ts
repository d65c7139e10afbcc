import type { InferenceCollector } from './inference-collector.ts';

export const qualityCollector: InferenceCollector = {
  name: 'quality',
  collect: ({ qualities }, { emit }) => {
    for (const { modelName, dataset, accuracy, threshold, pushedAt } of qualities) {
      const labels = { model_name: modelName, dataset };
      emit('model_accuracy', labels, accuracy);
      emit('model_accuracy_threshold', labels, threshold);
      emit('model_accuracy_timestamp_seconds', labels, pushedAt);
    }
  },
};
