import type { Glob } from '../glob.ts';
import type { Validity } from './read-values.ts';

/** Who pays for GPUs that nobody had: nobody, all who used the pool in equal parts or by what they used, or the owner. */
export const idlePolicies = ['none', 'even', 'weighted', 'owner'] as const;

export interface IdlePolicy {
  /** Its place in the file, such as idle[0]. */
  readonly id: string;
  readonly meter: string;
  /** All of a cluster that the policy is for are one pool. */
  readonly cluster: Glob;
  readonly sku: Glob;
  readonly policy: (typeof idlePolicies)[number];
  /** Of what no rule of the tenants owns; only for policy owner. */
  readonly owner: { readonly tenant: string; readonly costCentre: string } | undefined;
  readonly validity: Validity;
}
