/** Where use and limit of a quota are read. */
export type Quota = KubernetesQuota | SeriesQuota;

interface QuotaPlace {
  /** Unique. */
  readonly name: string;
  /** Name of one of `sources`: the Prometheus that is asked. */
  readonly source: string;
  /** Label of the series that names the cluster, and what it is called where they have none. */
  readonly clusterLabel: string;
  readonly cluster: string;
}

/** ResourceQuota of Kubernetes, as kube-state-metrics tells it. */
export interface KubernetesQuota extends QuotaPlace {
  readonly type: 'kubernetes';
  /** Matchers that are added, without braces. */
  readonly match: string;
  /** As Kubernetes names them: requests.nvidia.com/gpu, requests.cpu. */
  readonly resources: readonly string[];
}

/** Limits of anything else, such as Slurm, whose exporters differ: two expressions, joined by the label of the account. */
export interface SeriesQuota extends QuotaPlace {
  readonly type: 'series';
  /** PromQL: what is used, and what may be. */
  readonly used: string;
  readonly limit: string;
  readonly accountLabel: string;
  /** Which label of a holder the account is: account for Slurm, namespace, user_id. */
  readonly holder: string;
  readonly resource: string;
}

export interface QuotaReading {
  readonly cluster: string;
  readonly tenant: string;
  /** `namespace/name` of a ResourceQuota, or the account. */
  readonly quota: string;
  readonly resource: string;
  /** Both in the unit of the resource: GPUs, cores, bytes. */
  readonly used: number;
  readonly limit: number;
}

export const defaultResources: readonly string[] = [
  'requests.nvidia.com/gpu',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
];
