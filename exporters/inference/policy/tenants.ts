import type { Clock } from '../../../kit/clock.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { createTenantPolicy, type TenantPolicy } from './tenant-policy.ts';
import type { BudgetUse } from './token-budget.ts';

/** What is kept of tenants over a restart: what they used of their budgets. */
export type SavedTenants = ReadonlyMap<string, readonly BudgetUse[]>;

/** The policies of all tenants that have asked for anything. Their number is bounded by those of the key file. */
export interface Tenants {
  readonly policyOf: (tenant: string) => TenantPolicy;
  /** What was counted so far goes on to count. */
  readonly setLimits: (limits: TenantRules) => void;
  readonly all: () => Iterable<readonly [tenant: string, policy: TenantPolicy]>;
  readonly save: () => SavedTenants;
}

export type TenantRules = Pick<Gateway, 'tenants' | 'defaultLimits'>;

export function createTenants(startRules: TenantRules, clock: Clock, saved: SavedTenants = new Map()): Tenants {
  let rules = startRules;
  const policies = new Map<string, TenantPolicy>();

  function limitsOf(tenant: string) {
    return rules.tenants.get(tenant) ?? rules.defaultLimits;
  }

  function policyOf(tenant: string): TenantPolicy {
    const known = policies.get(tenant);
    if (known !== undefined) return known;
    const policy = createTenantPolicy(limitsOf(tenant), clock, saved.get(tenant));
    policies.set(tenant, policy);
    return policy;
  }

  // Budgets of tenants are shown before they ask for anything, and kept even if they never do again.
  for (const tenant of [...rules.tenants.keys(), ...saved.keys()]) policyOf(tenant);

  return {
    policyOf,
    setLimits: (next) => {
      rules = next;
      for (const [tenant, policy] of policies) policy.setLimits(limitsOf(tenant));
      for (const tenant of rules.tenants.keys()) policyOf(tenant);
    },
    all: () => policies,
    save: () =>
      new Map(
        [...policies].map(([tenant, policy]) => [tenant, policy.save()] as const).filter(([, uses]) => uses.length > 0),
      ),
  };
}
