import type { Month } from '../billing/month.ts';
import { type QuotaUse, quotaUses } from '../billing/simulated-quotas.ts';
import { columnsOf, familyOf, pageOf } from './page.ts';

/** What the controller of Kueue would show: a queue for each namespace with a quota, in which nothing waits. */
export function kueuePage(month: Month): string {
  const quotas = quotaUses(month);
  const queues = quotas.map((quota) => [{ cluster_queue: quota.namespace }, quota] as const);
  const flavors = quotas.map((quota) => {
    const { namespace, resource } = quota;
    return [{ cohort: 'gpus', cluster_queue: namespace, flavor: 'h100', resource }, quota] as const;
  });
  const statuses = ['pending', 'active', 'terminating'] as const;
  return pageOf([
    familyOf(
      'kueue_pending_workloads',
      'gauge',
      queues.flatMap(([queue]) => ['active', 'inadmissible'].map((status) => [{ ...queue, status }, 0] as const)),
    ),
    familyOf(
      'kueue_cluster_queue_status',
      'gauge',
      queues.flatMap(([queue]) =>
        statuses.map((status) => [{ ...queue, status }, status === 'active' ? 1 : 0] as const),
      ),
    ),
    ...columnsOf(queues, [
      ['kueue_admitted_workloads_total', 'counter', ({ namespace }) => startedIn(month, namespace)],
    ]),
    ...columnsOf(flavors, [
      ['kueue_cluster_queue_nominal_quota', 'gauge', ({ hard }) => hard],
      ['kueue_cluster_queue_resource_reservation', 'gauge', usedNow],
    ]),
  ]);
}

function usedNow({ used }: QuotaUse): number {
  return used.at(-1)?.value ?? 0;
}

function startedIn({ pods }: Month, namespace: string): number {
  return pods.filter((pod) => pod.namespace === namespace).length;
}
