import type { LabelNames } from '../sources/prometheus/series-labels.ts';

/** One Prometheus, or a store like it. */
export interface PredictionSource {
  /** Label value of metrics; unique. */
  readonly name: string;
  /** Up to, and without, /api/v1. */
  readonly url: string;
  /** What series without the cluster label are of; undefined where all have it. */
  readonly cluster: string | undefined;
  readonly labels: LabelNames;
  /** Added to every selector. */
  readonly match: readonly string[];
  readonly tokenFile: string | undefined;
  readonly user: { readonly name: string; readonly passwordFile: string } | undefined;
  /** Such as X-Scope-OrgID for Mimir. */
  readonly headers: Readonly<Record<string, string>>;
  /** For one answer. */
  readonly timeoutMs: number;
}
