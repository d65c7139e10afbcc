import type { MigShares } from '../../metering/mig-share.ts';
import type { Join } from './joins.ts';

/** One Prometheus, or a store like it, as the configuration describes it. */
export interface BillingSource {
  readonly name: string;
  /** Where it stands in the file, for messages. */
  readonly where: string;
  /** Addresses up to /api/v1. Several are an HA pair: each has all samples, scraped at other moments. */
  readonly urls: readonly string[];
  readonly tokenFile: string | undefined;
  readonly user: { readonly name: string; readonly passwordFile: string } | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly clusters: Clusters;
  /** Label that tells replicas of Prometheus apart within one store; undefined where there is one or the store takes it away. */
  readonly replicaLabel: string | undefined;
  readonly nodeLabel: string;
  /** Added to every selector; empty for none. */
  readonly match: string;
  /** Reads what the rules of the group billing-long-term recorded, where they record it, in place of raw samples. */
  readonly recorded: boolean;
  /** Undefined: taken from the distances between scrapes. */
  readonly scrapeIntervalMs: number | undefined;
  readonly limits: SourceLimits;
  readonly joins: readonly Join[];
  readonly gpus: GpuSourceSettings;
}

/** one: all series are of this cluster. labelled: a label tells it; without `names` those that are found are taken. */
export type Clusters =
  | { readonly kind: 'one'; readonly name: string }
  | { readonly kind: 'labelled'; readonly label: string; readonly names: readonly string[] };

export interface SourceLimits {
  readonly timeoutMs: number;
  /** Of one answer; a larger one is asked for in halves. */
  readonly maxResponseBytes: number;
  /** Of all answers for one call. */
  readonly maxSamples: number;
  /** How far its clock and newest samples may be ahead of ours, or its clock behind. */
  readonly maxClockSkewMs: number;
  /** Targets asked for at once. */
  readonly targetsPerRequest: number;
}

export interface GpuSourceSettings {
  /** Of a GPU that is not seen any more, until it does not count as installed. */
  readonly forgetAfterMs: number;
  /** Whether cmdb_ci_info decides what is installed where it knows the GPU. */
  readonly cmdb: boolean;
  /** Replicas of a shared GPU by name of the node; * for all others. */
  readonly replicas: Readonly<Record<string, number>>;
  /** Parts of a GPU by `model/profile` or `profile`, before those that follow from the slices. */
  readonly migShares: MigShares;
  /** Kubernetes resource of kube-state-metrics, as it writes it. */
  readonly resource: string;
  /** Names of series of dcgm-exporter that each GPU or MIG instance has; any of them shows that it is there. */
  readonly dcgmSeries: readonly string[];
}
