import type { Horizon } from '../../horizon.ts';
import type { Incident } from '../../labels/incident.ts';
import { labelsOf } from '../../labels/labels-of.ts';
import type { OutOfService } from '../../labels/out-of-service.ts';
import { probabilityOf } from '../../learning/matrix.ts';
import { hasDrifted, interceptCorrection } from '../../risk/intercept-correction.ts';
import { logOddsOf } from '../../risk/log-odds.ts';
import { type RiskLayer, riskLayers } from '../../risk/risk.ts';
import type { Steps } from '../../steps.ts';
import { type Figures, figureSteps, outcomeOf } from '../figures.ts';
import { judgedRows, type Scored } from '../scored.ts';
import { layerOfRow, type PredictionLog } from './prediction-log.ts';

export interface OutcomeInput {
  readonly log: PredictionLog;
  readonly incidents: readonly Incident[];
  readonly outOfService?: readonly OutOfService[] | undefined;
  /** Up to here incidents are known. */
  readonly nowMs: number;
  /** Alerts a day. */
  readonly budgets: readonly number[];
  /** The one in use, whose corrections are wanted; all that ever spoke where it is left out. */
  readonly model?: string | undefined;
  /** Of the training rows of the model that is used, by horizon. */
  readonly trainingBaseRate?: Partial<Readonly<Record<Horizon, number>>> | undefined;
}

/** How what was said turned out. */
export interface HorizonOutcomes {
  readonly all: Figures;
  /** Of rows that a layer answered for; undefined for one that said nothing that is complete. */
  readonly byLayer: Readonly<Record<RiskLayer, Figures | undefined>>;
  /**
   * To be added to the log-odds of a layer until the next fit. From what the model in use said without its corrections so far, so that they do not add up.
   */
  readonly correction: Readonly<Record<RiskLayer, number>>;
  readonly hasDrifted: boolean;
}

/** Scores everything that was said and whose horizon is over, as it was said at its time. */
export function* scoreLog(input: OutcomeInput): Steps<Readonly<Record<Horizon, HorizonOutcomes>>> {
  return {
    '24h': yield* outcomesOf(input, '24h'),
    '7d': yield* outcomesOf(input, '7d'),
    '30d': yield* outcomesOf(input, '30d'),
  };
}

function* outcomesOf(input: OutcomeInput, horizon: Horizon): Steps<HorizonOutcomes> {
  const { log, incidents, outOfService, nowMs, budgets, trainingBaseRate } = input;
  const labels = labelsOf(log, incidents, horizon, nowMs, outOfService);
  const options = { budgets, trainingBaseRate: trainingBaseRate?.[horizon] };
  const scored = (scores: Float64Array): Scored => ({ moments: log, labels, scores, horizon, incidents });
  yield;
  const all = yield* figureSteps(scored(log.probability[horizon]), options);
  const figures: Partial<Record<RiskLayer, Figures>> = {};
  const corrections: Partial<Record<RiskLayer, number>> = {};
  for (const layer of new Set(log.layer[horizon])) {
    const name = riskLayers[layer] ?? 'prior';
    const said = log.probability[horizon].map((p, row) => (log.layer[horizon][row] === layer ? p : Number.NaN));
    const own = judgedRows({ labels, scores: said }).length;
    if (own === 0) continue;
    figures[name] = own === all.rows ? all : yield* figureSteps(scored(said), options);
    corrections[name] = interceptCorrection(outcomeOf(scored(uncorrected(input, horizon, name))));
    yield;
  }
  return {
    all,
    byLayer: byLayer((layer) => figures[layer]),
    correction: byLayer((layer) => corrections[layer] ?? 0),
    hasDrifted: hasDrifted(all.outcome),
  };
}

/** What a layer of the model in use would have said without correction; NaN for all else. */
function uncorrected({ log, model }: OutcomeInput, horizon: Horizon, layer: RiskLayer): Float64Array {
  const wanted = model === undefined ? undefined : log.models.indexOf(model);
  return log.probability[horizon].map((p, row) => {
    if (layerOfRow(log, horizon, row) !== layer || (wanted !== undefined && log.model[row] !== wanted))
      return Number.NaN;
    const correction = log.correction[horizon][row] ?? 0;
    return correction === 0 ? p : probabilityOf(logOddsOf(p) - correction);
  });
}

function byLayer<T>(of: (layer: RiskLayer) => T): Readonly<Record<RiskLayer, T>> {
  return { prior: of('prior'), rate: of('rate'), learned: of('learned') };
}
