import type { Budgets, BudgetView, QuotaView } from '../api/services.ts';
import type { BudgetReport } from '../budgets/budget-report.ts';
import type { QuotaReading } from '../budgets/quota.ts';
import type { State } from '../standing/standing.ts';

/** Budgets and quotas as the API has them, as of the last reckoning. */
export function serveBudgets(state: () => Pick<State, 'budgets' | 'quotas'>): Budgets {
  const isWanted = (tenant: string, tenants: readonly string[] | undefined): boolean =>
    tenants === undefined || tenants.includes(tenant);
  return {
    report: async (tenants) => state().budgets.map(budgetView).filter(({ tenant }) => isWanted(tenant, tenants)),
    quotas: async (tenants) => state().quotas.map(quotaView).filter(({ tenant }) => isWanted(tenant, tenants)),
  };
}

function budgetView(report: BudgetReport): BudgetView {
  return {
    name: report.budget,
    tenant: report.tenant ?? '',
    currency: report.currency,
    period: report.span,
    amount: report.amount,
    spent: report.cost,
    ratio: Number.isFinite(report.usedRatio) ? report.usedRatio : undefined,
    forecasts: report.forecasts.map(({ method, expected }) => ({ method, amount: expected.toFixed(2) })),
    steps: report.steps.map(({ at, isReached }) => ({ ratio: at, isReached })),
  };
}

function quotaView({ tenant, cluster, quota, resource, used, limit }: QuotaReading): QuotaView {
  const ratio = limit > 0 ? used / limit : undefined;
  return { tenant, cluster, scope: quota, resource, used: String(used), limit: String(limit), ratio };
}
