import type { AnomalyEvent } from '../anomaly/engine/events.ts';
import type { ModelSet } from '../pipeline/model-set.ts';
import type { Scored } from '../serving/scorer.ts';
import type { PredictionView } from '../view.ts';

/** What the routes of the API need of the daemon. */
export interface PredictionServices {
  readonly view: () => PredictionView;
  /** Undefined before the first scoring. */
  readonly scored: () => Scored | undefined;
  readonly anomalyEvents: () => readonly AnomalyEvent[];
  readonly models: () => ModelSet;
  /** Id of the set that a roll-back would bring back. */
  readonly previousModels: () => string | undefined;
  /** Rejects with SourceError where there is nothing to go back to. */
  readonly rollBack: (caller: string) => Promise<ModelSet>;
}
