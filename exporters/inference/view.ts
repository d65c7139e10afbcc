import type { TenantBudget } from './policy/tenant-policy.ts';
import type { PooledUpstream } from './routing/upstream-pool.ts';

/** What the proxy shows of itself beside what it counts. */
export interface ProxyView {
  readonly upstreams: readonly PooledUpstream[];
  readonly tenants: readonly TenantView[];
  readonly connections: number;
  readonly keys: number;
}

export interface TenantView {
  readonly tenant: string;
  readonly waiting: number;
  readonly budgets: readonly TenantBudget[];
}

/** The last quality that was pushed for a model and data set. */
export interface Quality {
  readonly modelName: string;
  readonly dataset: string;
  readonly accuracy: number;
  readonly threshold: number | undefined;
  /** Unix seconds. */
  readonly pushedAt: number;
}

/** All that the collectors look at. */
export interface InferenceView {
  /** Undefined without a proxy. */
  readonly proxy: ProxyView | undefined;
  readonly qualities: readonly Quality[];
}
