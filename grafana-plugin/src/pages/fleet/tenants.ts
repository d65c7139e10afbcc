import type { Row } from '../../scenes/rows';

/** Who has a GPU: a pod, and the tenant that pays for it. */
export interface Holder {
  readonly namespace: string;
  readonly pod: string;
  readonly tenant: string;
}

/**
 * Holders out of rows with namespace and pod. The inventory names applications `namespace/workload` and their tenants; a namespace
 * that it does not know counts as the tenant of that name.
 */
export function holdersOf(pods: readonly Row[], applications: readonly Row[]): readonly Holder[] {
  const tenants = new Map(applications.map(({ labels }) => [labels.name?.split('/')[0], labels.tenant] as const));
  const holders = pods.flatMap(({ labels: { namespace, pod } }) =>
    namespace === undefined || pod === undefined
      ? []
      : [{ namespace, pod, tenant: tenants.get(namespace) ?? namespace }],
  );
  return [...new Map(holders.map((holder) => [`${holder.namespace}/${holder.pod}`, holder])).values()];
}

export function tenantsOf(holders: readonly Holder[]): readonly string[] {
  return [...new Set(holders.map(({ tenant }) => tenant))];
}
