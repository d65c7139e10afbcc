import type { AnomalyView } from './anomaly/engine/view.ts';
import type { EntityKind } from './entity.ts';
import type { FeatureDrift } from './evaluation/drift/feature-drift.ts';
import type { HorizonOutcomes } from './evaluation/outcomes/score-log.ts';
import type { Precursors } from './evaluation/precursors.ts';
import type { Horizon } from './horizon.ts';
import type { Incident } from './labels/incident.ts';
import type { ModelSet } from './pipeline/model-set.ts';
import type { SeriesSettings } from './prediction-file/series-settings.ts';
import type { Risk } from './risk/risk.ts';

/** All that metrics tell, as it is now. */
export interface PredictionView {
  /** Undefined before the first scoring. */
  readonly run: RunView | undefined;
  readonly alertBudget: number;
  readonly models: ModelSet;
  readonly swaps: Readonly<Record<SwapOutcome, number>>;
  readonly training: TrainingView;
  /** Undefined before what was said could be judged. */
  readonly outcomes: Readonly<Record<Horizon, HorizonOutcomes>> | undefined;
  readonly drift: Readonly<Partial<Record<EntityKind, readonly FeatureDrift[]>>>;
  readonly failures: FailuresView | undefined;
  readonly sources: readonly SourceView[];
  readonly anomaly: AnomalyView | undefined;
  readonly series: SeriesSettings;
}

export interface RunView {
  readonly atMs: number;
  readonly seconds: number;
  /** Whether every source answered. */
  readonly isComplete: boolean;
  readonly risks: readonly Risk[];
}

export const swapOutcomes = ['swapped', 'kept', 'rolled_back'] as const;
export type SwapOutcome = (typeof swapOutcomes)[number];

export interface TrainingView {
  readonly isActive: boolean;
  /** From 0 to 1; undefined while there is no training. */
  readonly progress: number | undefined;
  readonly succeeded: number;
  readonly failed: number;
  /** End of the last one. */
  readonly lastMs: number | undefined;
  readonly lastSeconds: number | undefined;
  /** Undefined where nothing is trained. */
  readonly nextMs: number | undefined;
  /** Why the last one failed, or will not be; undefined if all is well. */
  readonly problem: string | undefined;
}

export interface FailuresView {
  readonly incidents: readonly Incident[];
  readonly precursors: Precursors;
}

export interface SourceView {
  readonly name: string;
  /** Undefined before it was asked. */
  readonly isUp: boolean | undefined;
  readonly lastSuccessMs: number | undefined;
  readonly seconds: number | undefined;
  readonly failures: number;
  /** Of the last failure; undefined while it is up. */
  readonly problem: string | undefined;
  readonly backfill: BackfillView;
}

export interface BackfillView {
  readonly isActive: boolean;
  /** From 0 to 1; undefined before it began. */
  readonly progress: number | undefined;
  /** Up to here history is read. */
  readonly untilMs: number | undefined;
  /** Why it was not read to its end the last time, or why features are not used; undefined if all is well. */
  readonly problem: string | undefined;
  /** Where features of other settings are, and what became of them, in words. */
  readonly remarks: readonly string[];
}
