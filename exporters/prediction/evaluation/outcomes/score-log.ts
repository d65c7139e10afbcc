import { byHorizon, type Horizon } from '../../horizon.ts';
import type { Incident } from '../../labels/incident.ts';
import { labelsOf } from '../../labels/labels-of.ts';
import type { OutOfService } from '../../labels/out-of-service.ts';
import { hasDrifted, interceptCorrection } from '../../risk/intercept-correction.ts';
import { type RiskLayer, riskLayers } from '../../risk/risk.ts';
import { type Figures, figuresOf } from '../figures.ts';
import { layerOfRow, type PredictionLog } from './prediction-log.ts';

export interface OutcomeInput {
  readonly log: PredictionLog;
  readonly incidents: readonly Incident[];
  readonly outOfService?: readonly OutOfService[] | undefined;
  /** Up to here incidents are known. */
  readonly nowMs: number;
  /** Alerts a day. */
  readonly budgets: readonly number[];
  /** Of the training rows of the model that is used, by horizon. */
  readonly trainingBaseRate?: Partial<Readonly<Record<Horizon, number>>> | undefined;
}

/** How what was said turned out. */
export interface HorizonOutcomes {
  readonly all: Figures;
  /** Of rows that a layer answered for; undefined for one that said nothing that is complete. */
  readonly byLayer: Readonly<Record<RiskLayer, Figures | undefined>>;
  /** To be added to the log-odds until the next fit. */
  readonly correction: number;
  readonly hasDrifted: boolean;
}

/** Scores everything that was said and whose horizon is over, as it was said at its time. */
export function scoreLog(input: OutcomeInput): Readonly<Record<Horizon, HorizonOutcomes>> {
  return byHorizon((horizon) => outcomesOf(input, horizon));
}

function outcomesOf(
  { log, incidents, outOfService, nowMs, budgets, trainingBaseRate }: OutcomeInput,
  horizon: Horizon,
): HorizonOutcomes {
  const labels = labelsOf(log, incidents, horizon, nowMs, outOfService);
  const options = { budgets, trainingBaseRate: trainingBaseRate?.[horizon] };
  const figures = (scores: Float64Array): Figures =>
    figuresOf({ moments: log, labels, scores, horizon, incidents }, options);
  const all = figures(log.probability[horizon]);
  const ofLayer = (layer: RiskLayer): Figures | undefined => {
    const own = log.probability[horizon].map((p, row) => (layerOfRow(log, horizon, row) === layer ? p : Number.NaN));
    const found = figures(own);
    return found.rows === 0 ? undefined : found;
  };
  const [prior, rate, learned] = riskLayers.map(ofLayer);
  return {
    all,
    byLayer: { prior, rate, learned },
    correction: interceptCorrection(all.outcome),
    hasDrifted: hasDrifted(all.outcome),
  };
}
