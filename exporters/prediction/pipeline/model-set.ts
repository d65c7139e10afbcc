import type { EntityKind } from '../entity.ts';
import type { ModelCard } from '../evaluation/card/model-card.ts';
import type { Shape } from '../evaluation/drift/psi.ts';
import type { Figures } from '../evaluation/figures.ts';
import type { FeatureSchema } from '../features/feature-table.ts';
import type { Horizon } from '../horizon.ts';
import type { Incident } from '../labels/incident.ts';
import type { Model } from '../learning/model/model.ts';
import type { ModelKind } from '../learning/settings.ts';
import type { RateModel } from '../risk/rate/rate-model.ts';
import type { RiskLayer } from '../risk/risk.ts';

/** Grows when a reader of before would misread what is written now. */
export const modelSetVersion = 1;

/** All that answers for a fleet between two trainings. Plain data: it is stored, swapped and rolled back as a whole. */
export interface ModelSet {
  readonly version: typeof modelSetVersion;
  /** Day of the training and begin of a hash of what was learned, such as `2026-03-01-3f2a9c01`: what metrics and logs call it. */
  readonly id: string;
  readonly madeAtMs: number;
  readonly seed: number;
  /** Where rows and labels came from. */
  readonly provenance: Readonly<Record<string, string>>;
  /** Of both kinds. Answers wherever no learned model was promoted, and for entities without features. */
  readonly rate: RateModel;
  /** Only kinds that there were rows of. */
  readonly kinds: Readonly<Partial<Record<EntityKind, KindModels>>>;
  /** The newest of them, to compare with. */
  readonly past: readonly PastIncident[];
}

export interface KindModels {
  readonly kind: EntityKind;
  /** Which columns the rows had. Tables of another schema are refused. */
  readonly schema: FeatureSchema;
  /** Of each column, where the values of training lay: for `featureDrift`. */
  readonly shapes: readonly Shape[];
  readonly horizons: Readonly<Record<Horizon, HorizonModels>>;
}

export interface HorizonModels {
  readonly horizon: Horizon;
  /** Who answers: the learned model only where it was promoted. */
  readonly layer: RiskLayer;
  /** Why, in sentences; the first decided it. */
  readonly why: readonly string[];
  /** There exactly where the layer is `learned`. */
  readonly model?: Model | undefined;
  /** Share of the training rows that failed; undefined without a row whose horizon was over. */
  readonly baseRate?: number | undefined;
  /** With figures, promotion and limits, of whoever answers. */
  readonly card: ModelCard;
  /** How all that were tried did on the same stretches of time; empty where the history is too short. */
  readonly tried: readonly Tried[];
}

export interface Tried {
  readonly scorer: 'rate' | ModelKind;
  readonly figures: Figures;
}

/** An incident, and what was known of the entity before it. */
export interface PastIncident {
  readonly incident: Incident;
  /** What raised the risk a while before, by name: features with their share of it, and kinds of events with 1. */
  readonly signs: Readonly<Record<string, number>>;
}
