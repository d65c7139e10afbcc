import type { Span } from '../../../exporters/billing/span.ts';
import type { Month, MonthPod } from './month.ts';

/** What a namespace may ask for, as a ResourceQuota says it. */
export interface SimulatedQuota {
  readonly namespace: string;
  readonly name: string;
  readonly resource: string;
  readonly hard: number;
}

/** A quota, and what was used of it when. */
export interface QuotaUse extends SimulatedQuota {
  readonly used: readonly { readonly value: number; readonly span: Span }[];
}

const tenants = ['team-a', 'team-b', 'research'] as const;
const resource = 'nvidia.com/gpu';
/** Kubernetes lets nobody have more than the quota, and a quota that is nearly used is an alert. */
const spare = 1.25;

/** Half of the GPUs for each, which is more than there are together, as it is usual; more for whoever had more at some time. */
export function quotaUses({ key, pods }: Pick<Month, 'key' | 'pods'>): readonly QuotaUse[] {
  return tenants.map((namespace) => {
    const used = usedOver(
      key.span,
      pods.filter((pod) => pod.namespace === namespace && pod.resource === resource),
    );
    const most = Math.max(...used.map(({ value }) => value));
    const hard = Math.max(1, Math.ceil((key.nodes * key.gpus) / 2), Math.ceil(most * spare));
    return { namespace, name: 'gpus', resource, hard, used };
  });
}

function usedOver(span: Span, pods: readonly MonthPod[]): QuotaUse['used'] {
  const changes = pods
    .flatMap((pod) => [
      { atMs: pod.span.startMs, by: pod.slots.length },
      { atMs: pod.span.endMs, by: -pod.slots.length },
    ])
    .toSorted((a, b) => a.atMs - b.atMs);
  const times = [...new Set([span.startMs, ...changes.map(({ atMs }) => atMs), span.endMs])].toSorted((a, b) => a - b);
  let value = 0;
  let next = 0;
  return times.slice(0, -1).map((startMs, index) => {
    for (let one = changes[next]; one !== undefined && one.atMs <= startMs; one = changes[++next]) value += one.by;
    return { value, span: { startMs, endMs: times[index + 1] ?? startMs } };
  });
}

const gib = 1024 ** 3;

export const simulatedVolumes = [
  { namespace: 'team-a', claim: 'datasets', storageClass: 'fast', bytes: 2048 * gib },
  { namespace: 'team-a', claim: 'checkpoints', storageClass: 'bulk', bytes: 8192 * gib },
  { namespace: 'team-b', claim: 'datasets', storageClass: 'fast', bytes: 1024 * gib },
  { namespace: 'research', claim: 'home', storageClass: 'bulk', bytes: 4096 * gib },
] as const;
