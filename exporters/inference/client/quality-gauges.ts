import type { Clock } from '../../../kit/clock.ts';
import { type AnyRegistry, gaugeOf } from '../../../kit/exposition/prom-client.ts';
import { inference } from '../../../metrics/inference.ts';
import type { BoundedNames } from './bounded-names.ts';
import type { Trouble } from './trouble.ts';

export interface QualityDetails {
  /** Data that it was measured on. */
  readonly dataset?: string | undefined;
  /** Lowest quality that is good enough, from 0 to 1. */
  readonly threshold?: number | undefined;
}

export type SetModelAccuracy = (model: string, accuracy: number, details?: QualityDetails) => void;

interface QualityParts {
  readonly registry: AnyRegistry;
  readonly clock: Clock;
  readonly models: BoundedNames;
  readonly datasets: BoundedNames;
  readonly trouble: Trouble;
}

/** Shows the last quality of each model and data set. */
export function createQualityGauges({ registry, clock, models, datasets, trouble }: QualityParts): SetModelAccuracy {
  const accuracies = gaugeOf(registry, inference.model_accuracy);
  const thresholds = gaugeOf(registry, inference.model_accuracy_threshold);
  const times = gaugeOf(registry, inference.model_accuracy_timestamp_seconds);
  return (model, accuracy, { dataset = '', threshold } = {}) => {
    if (!isShare(accuracy) || !(threshold === undefined || isShare(threshold))) {
      trouble('accuracy', `a quality and its threshold must be from 0 to 1, got ${accuracy} and ${threshold}`);
      return;
    }
    const labels = { model_name: models.labelOf(model), dataset: dataset === '' ? '' : datasets.labelOf(dataset) };
    accuracies.set(labels, accuracy);
    times.set(labels, clock.now());
    if (threshold === undefined) thresholds.remove(labels);
    else thresholds.set(labels, threshold);
  };
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}
