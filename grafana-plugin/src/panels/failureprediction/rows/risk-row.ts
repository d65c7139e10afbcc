import type { ByHorizon } from '../horizon';
import type { ProbabilityRange } from '../uncertainty/probability-range';

export const LAYERS = ['prior', 'rate', 'learned'] as const;
/** Who made a probability: rates of elsewhere, the rate of this fleet, or a trained model that has proven better. */
export type Layer = (typeof LAYERS)[number];

export const SEVERITIES = ['act_now', 'next_window', 'raised_risk'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A rule of the maker's guidance that is met; a fact and no forecast. */
export interface RuleHit {
  readonly rule: string;
  readonly severity: Severity;
  /** In the words of the service; missing where Prometheus alone tells of it. */
  readonly sentence?: string;
  readonly action?: string;
}

export interface RiskRow {
  /** Cluster and UUID. */
  readonly key: string;
  readonly uuid: string;
  readonly cluster: string;
  readonly node: string;
  /** As nvidia-smi counts on the node. */
  readonly gpuIndex?: number;
  readonly model?: string;
  readonly rack?: string;
  readonly tenant?: string;
  readonly job?: string;
  readonly probability: ByHorizon<number>;
  readonly range: ByHorizon<ProbabilityRange>;
  /** Place in the whole fleet that was asked for, 1 for the likeliest. */
  readonly rank: ByHorizon<number>;
  /** Within the alert budget of the service. */
  readonly alertRank?: number;
  readonly layer: ByHorizon<Layer>;
  readonly rules: readonly RuleHit[];
  /** Not in service now: what is said holds for when it is back. */
  readonly isOut: boolean;
  /** When the forecast was made. */
  readonly atMs?: number;
}
