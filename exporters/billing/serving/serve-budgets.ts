import type { Budgets } from '../api/services.ts';
import type { State } from '../standing/standing.ts';

/** Budgets and quotas as the API has them, as of the last reckoning. */
export function serveBudgets(state: () => Pick<State, 'budgets' | 'quotas'>): Budgets {
  return {
    report: async (tenants) =>
      state().budgets.filter(
        ({ tenant }) => tenants === undefined || (tenant !== undefined && tenants.includes(tenant)),
      ),
    quotas: async (tenants) => state().quotas.filter(({ tenant }) => tenants === undefined || tenants.includes(tenant)),
  };
}
