import type { EntityFacts } from '../facts.ts';
import type { RuleHit } from '../risk.ts';

/** A rule of guidance. `sentence` tells why it is met; undefined while it is not. */
export interface Rule extends Omit<RuleHit, 'sentence'> {
  readonly sentence: (facts: EntityFacts) => string | undefined;
}

export const sources = {
  memory: 'NVIDIA GPU memory error management guide',
  nvml: 'NVIDIA NVML documentation',
  dcgm: 'NVIDIA DCGM 4.6.0, health checks',
  xid: 'NVIDIA XID catalogue',
  ours: 'FleetLens: how the loss of a GPU shows in its telemetry',
} as const;
