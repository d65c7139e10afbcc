import type { MonthKey } from './month.ts';

/** What a namespace may ask for, as a ResourceQuota says it. */
export interface SimulatedQuota {
  readonly namespace: string;
  readonly name: string;
  readonly resource: string;
  readonly hard: number;
}

/** Half of the GPUs for each: more than there are, as it is usual. */
export function simulatedQuotas({ nodes, gpus }: Pick<MonthKey, 'nodes' | 'gpus'>): readonly SimulatedQuota[] {
  const all = nodes * gpus;
  const parts = { 'team-a': all / 2, 'team-b': all / 2, research: all / 2 };
  return Object.entries(parts).map(([namespace, part]) => ({
    namespace,
    name: 'gpus',
    resource: 'nvidia.com/gpu',
    hard: Math.max(1, Math.ceil(part)),
  }));
}

const gib = 1024 ** 3;

export const simulatedVolumes = [
  { namespace: 'team-a', claim: 'datasets', storageClass: 'fast', bytes: 2048 * gib },
  { namespace: 'team-a', claim: 'checkpoints', storageClass: 'bulk', bytes: 8192 * gib },
  { namespace: 'team-b', claim: 'datasets', storageClass: 'fast', bytes: 1024 * gib },
  { namespace: 'research', claim: 'home', storageClass: 'bulk', bytes: 4096 * gib },
] as const;
