import type { Entity } from '../entity.ts';
import type { Horizon } from '../horizon.ts';

/**
 * Who made a probability. `prior`: the base rate of the fleet, or of others before it has one. `rate`: the base rate and what happened to the entity
 * before. `learned`: a trained model that has proven better than the rate. Rules are told beside it and never make one.
 */
export const riskLayers = ['prior', 'rate', 'learned'] as const;
export type RiskLayer = (typeof riskLayers)[number];

export interface Reason {
  /** A feature's name, or `base_rate`, `recent_failures`. */
  readonly feature: string;
  readonly value: number | undefined;
  /** Of those of the same model and job; undefined where it has none. */
  readonly peerMedian: number | undefined;
  /** How much it adds to the log-odds; all of an entity add up to the log-odds of its probability. */
  readonly contribution: number;
}

/** A rule of NVIDIA's guidance that is met now. */
export interface RuleHit {
  readonly rule: string;
  readonly severity: 'act_now' | 'next_window' | 'raised_risk';
  readonly sentence: string;
  readonly action: string;
  readonly source: string;
}

export interface Risk {
  readonly entity: Entity;
  readonly atMs: number;
  readonly probability: Readonly<Record<Horizon, number>>;
  readonly layer: Readonly<Record<Horizon, RiskLayer>>;
  readonly reasons: Readonly<Record<Horizon, readonly Reason[]>>;
  readonly rules: readonly RuleHit[];
  /** It is not in service now: what is said holds for when it is back, and nobody is to be alerted. */
  readonly isOut?: boolean | undefined;
}
