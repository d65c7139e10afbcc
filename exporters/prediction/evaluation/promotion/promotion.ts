import type { Horizon } from '../../horizon.ts';
import type { RiskLayer } from '../../risk/risk.ts';

export const comparedMetrics = ['average_precision', 'brier', 'precision_at_k'] as const;
export type ComparedMetric = (typeof comparedMetrics)[number];

/** What is asked of a learned model before it is used. */
export interface PromotionRule {
  readonly incidents: number;
  /** Stretches in which something failed. */
  readonly stretches: number;
  /** Alerts a day, for precision. */
  readonly perDay: number;
  /**
   * By how much the lower bound of the mean gain may be below 0, in the unit of the metric. With 0 the gain must be more than chance.
   */
  readonly margins: Readonly<Record<ComparedMetric, number>>;
}

/**
 * Ours. The gains in average precision and in Brier score must each be more than chance at 95 %: a model of noise ranks better by luck now and then, but
 * hardly is better calibrated too. Precision must gain, and be certain to lose no more than little. As all have to hold, noise is promoted more rarely than
 * once in twenty times.
 */
export const defaultPromotionRule: PromotionRule = {
  incidents: 100,
  stretches: 6,
  perDay: 10,
  margins: { average_precision: 0, brier: 0, precision_at_k: 0.02 },
};

export interface Comparison {
  readonly metric: ComparedMetric;
  /** Means over the stretches that both scored. */
  readonly rate: number;
  readonly learned: number;
  /** Mean gain of the learned model; above 0 is better, also for Brier. */
  readonly gain: number;
  /** In 19 of 20 cases the true gain is above. -Number.MAX_VALUE where there are fewer than two stretches, since JSON has no infinity. */
  readonly lowerBound: number;
  /** The lower bound must not be below. */
  readonly floor: number;
  readonly isBetter: boolean;
}

export interface StretchEvidence {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly rows: number;
  readonly failed: number;
  readonly rate: Readonly<Record<ComparedMetric, number | null>>;
  readonly learned: Readonly<Record<ComparedMetric, number | null>>;
}

/** Which layer is used for a horizon, and why. Plain data, to be stored and shown; it survives JSON. */
export interface PromotionDecision {
  readonly horizon: Horizon;
  readonly chosen: Extract<RiskLayer, 'rate' | 'learned'>;
  readonly candidate: string;
  readonly incidents: number;
  readonly rule: PromotionRule;
  readonly comparisons: readonly Comparison[];
  readonly stretches: readonly StretchEvidence[];
  /** In sentences; first what decided it. */
  readonly reasons: readonly string[];
}
