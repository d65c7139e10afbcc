import type { EntityKind } from '../entity.ts';
import type { PromotionRule } from '../evaluation/promotion/promotion.ts';
import type { ColumnOrigin } from '../labels/label-signals.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import type { Horizon } from '../horizon.ts';
import type { ModelBody } from '../learning/model-body.ts';
import type { ModelKind } from '../learning/settings.ts';
import type { TrainingInput } from '../learning/train.ts';
import type { RatePriors } from '../risk/rate/priors.ts';
import type { FailureHistory } from './failure-history.ts';
import type { ModelSet } from './model-set.ts';

export interface TrainModelsInput {
  /** Rows of features by kind; a kind without a table has the rate model alone. */
  readonly tables: Readonly<Partial<Record<EntityKind, FeatureTable>>>;
  /** What columns are made of, where it is known: `seriesOfColumns` of the spec. Those that may know the label are refused. */
  readonly origins?: Readonly<Partial<Record<EntityKind, readonly ColumnOrigin[]>>> | undefined;
  readonly history: FailureHistory;
  /** Model of a GPU or kind of server, by key of the entity. */
  readonly products?: ReadonlyMap<string, string> | undefined;
  readonly priors?: RatePriors | undefined;
  readonly rule?: PromotionRule | undefined;
  /** Alerts a day that figures are told for; the first counts in the card. */
  readonly budgets?: readonly number[] | undefined;
  readonly seed: number;
  readonly provenance?: Readonly<Record<string, string>> | undefined;
  /** Learned models that are tried beside the rate model. Only `boosted` can be promoted, the others are for comparison. */
  readonly candidates?: readonly ModelKind[] | undefined;
  /** True to try them even where there are too few incidents for a promotion. */
  readonly alwaysTry?: boolean | undefined;
  /** More rows are thinned out to every second day, every third, and so on. */
  readonly mostRows?: number | undefined;
}

export interface TrainingProgress {
  /** What it is at, such as `gpu, 7d: boosted`. */
  readonly step: string;
  readonly done: number;
  readonly total: number;
}

export interface TrainModelsDeps {
  /** `trainInThreads`, or `train` in this thread. */
  readonly train: (input: TrainingInput, signal: AbortSignal | undefined) => Promise<ModelBody>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
}

/**
 * Models of a fleet from what is known of it: the same input gives the same set, byte by byte. Rejects with ConfigError for columns or labels that leak,
 * with the reason of the signal when it is stopped.
 */
export declare function trainModels(input: TrainModelsInput, deps: TrainModelsDeps): Promise<ModelSet>;
export type { Horizon };
