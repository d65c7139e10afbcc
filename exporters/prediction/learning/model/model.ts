import type { FeatureSchema } from '../../features/feature-table.ts';
import type { Horizon } from '../../horizon.ts';
import type { ModelBody } from '../model-body.ts';
import type { LearnerSettings } from '../settings.ts';

/** What a model was learned from, and how: enough to learn it again, bit by bit, from the same rows. */
export interface ModelCard {
  readonly schema: FeatureSchema;
  readonly horizon: Horizon;
  readonly settings: LearnerSettings;
  readonly seed: number;
  /** Share of the training rows that failed, before any was left out. */
  readonly baseRate: number;
  /** Of the moments of the training rows; ms since 1970. */
  readonly trainingWindow: { readonly fromMs: number; readonly toMs: number };
  /** What counts as a failure, in words. */
  readonly labelDefinition: string;
  readonly counts: { readonly rows: number; readonly failures: number; readonly entities: number };
  /** Where rows and labels came from, such as the Prometheus and the version of the program. */
  readonly provenance: Readonly<Record<string, string>>;
}

export interface Model {
  readonly card: ModelCard;
  readonly body: ModelBody;
  /** SHA-256 of the canonical content, in hex: two models with the same hash are the same. */
  readonly hash: string;
}
