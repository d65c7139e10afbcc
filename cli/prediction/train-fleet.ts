import type { Replacement } from '../../exporters/prediction/evaluation/promotion/replacement.ts';
import type { ModelBody } from '../../exporters/prediction/learning/model-body.ts';
import { type TrainingInput, train } from '../../exporters/prediction/learning/train.ts';
import { mayReplaceSet } from '../../exporters/prediction/pipeline/may-replace-set.ts';
import type { ModelSet } from '../../exporters/prediction/pipeline/model-set.ts';
import {
  type TrainModelsDeps,
  type TrainModelsInput,
  trainModels,
} from '../../exporters/prediction/pipeline/train-models.ts';
import { trainInThreads } from '../../exporters/prediction/store/train-in-threads.ts';
import type { ProgressBar } from '../api-client/progress-bar.ts';
import type { FleetHistory } from './history/fleet-history.ts';

export interface FleetTraining {
  readonly seed: number;
  readonly alerts: number;
  readonly threads: number;
  readonly progress: ProgressBar;
  readonly signal: AbortSignal;
}

/** Fewer cells are learned from sooner than a thread starts. */
const cellsForThreads = 200_000;

export interface TrainedFleet {
  readonly set: ModelSet;
  /** Whether it does no worse than a running set on what came since that was made. */
  readonly mayReplace: (running: ModelSet) => Promise<Replacement>;
}

/** Models of a history, with progress. */
export async function trainFleet(
  { tables, origins, failures, products, provenance }: FleetHistory,
  { seed, alerts, threads, progress, signal }: FleetTraining,
  more: Pick<TrainModelsInput, 'candidates' | 'alwaysTry' | 'tryFor'> = {},
): Promise<TrainedFleet> {
  const budgets = [alerts, ...[1, 5, 10, 20].filter((each) => each !== alerts)];
  const input = { tables, origins, history: failures, products, provenance, seed, budgets, ...more };
  const deps: TrainModelsDeps = {
    train: (asked) => learn(asked, threads, signal),
    signal,
    onProgress: ({ step, done, total }) => progress.show(done, total, step),
  };
  const set = await trainModels(input, deps);
  return { set, mayReplace: (running) => mayReplaceSet(running, set, input, deps) };
}

function learn(input: TrainingInput, threads: number, signal: AbortSignal): Promise<ModelBody> {
  const { rows, columns } = input.matrix;
  return rows * columns < cellsForThreads ? Promise.resolve(train(input)) : trainInThreads(input, { threads, signal });
}
