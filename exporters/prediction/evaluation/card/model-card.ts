import type { Horizon } from '../../horizon.ts';
import type { IncidentSource } from '../../labels/incident.ts';
import type { FeatureDrift } from '../drift/feature-drift.ts';
import type { Figures } from '../figures.ts';
import type { Precursors } from '../precursors.ts';
import type { PromotionDecision } from '../promotion/promotion.ts';

export const cardVersion = 1;

export interface CardModel {
  readonly name: string;
  readonly version: string;
  readonly madeAtMs: number;
  readonly horizon: Horizon;
  /** Moments of the first and the last row that it was made from; undefined for a prior. */
  readonly trainedFromMs?: number | undefined;
  readonly trainedUntilMs?: number | undefined;
  readonly rows: number;
  readonly failedRows: number;
  readonly features: readonly string[];
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly seed?: number | undefined;
}

export interface CardData {
  /** How many of a kind. */
  readonly gpus: number;
  readonly nodes: number;
  readonly incidents: number;
  readonly bySource: Readonly<Partial<Record<IncidentSource, number>>>;
  /** Share of feature values that are missing, 0 to 1. */
  readonly missingValues?: number | undefined;
  /** What was left out of the labels, and why. */
  readonly problems: readonly string[];
}

export interface CardEvidence {
  readonly model: CardModel;
  readonly data: CardData;
  /** Of predictions for times that the model did not know, prequentially or of the log of what was said. */
  readonly figures: Figures;
  readonly precursors: Precursors;
  /** Undefined where no learned model was tried. */
  readonly promotion?: PromotionDecision | undefined;
  readonly drift?: readonly FeatureDrift[] | undefined;
}

/** All that a person needs to judge a model. Plain data: JSON.stringify gives the card for machines. */
export interface ModelCard extends CardEvidence {
  readonly version: typeof cardVersion;
  readonly labels: readonly string[];
  readonly limits: readonly string[];
}
