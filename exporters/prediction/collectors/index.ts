import { anomaliesCollector } from './anomalies.ts';
import { driftCollector } from './drift.ts';
import { evaluationCollector } from './evaluation.ts';
import { fleetCollector } from './fleet.ts';
import { modelsCollector } from './models.ts';
import type { PredictionCollector } from './prediction-collector.ts';
import { risksCollector, rulesCollector } from './risks.ts';
import { runCollector } from './run.ts';
import { sourcesCollector } from './sources.ts';
import { trainingCollector } from './training.ts';

/** Every collector, in the order of the metrics reference. */
export const predictionCollectors: readonly PredictionCollector[] = [
  risksCollector,
  rulesCollector,
  fleetCollector,
  runCollector,
  modelsCollector,
  trainingCollector,
  driftCollector,
  evaluationCollector,
  sourcesCollector,
  anomaliesCollector,
];
