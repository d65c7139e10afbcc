import type { Question } from '../../../services/ask';

/** What billing tells of a budget; money is exact, as text. */
export interface BudgetAnswer {
  readonly name: string;
  /** Missing for a budget of a cost centre or of all. */
  readonly tenant?: string;
  readonly currency: string;
  readonly amount: string;
  readonly spent: string;
  readonly ratio?: number;
  readonly elapsed_ratio?: number;
  /** When it will be spent, if it will. */
  readonly spent_at?: string;
  readonly forecasts: ReadonlyArray<{
    readonly method: string;
    readonly expected: string;
    readonly low?: string;
    readonly high?: string;
  }>;
}

export function budgetsQuestion(tenant: string): Question<readonly BudgetAnswer[]> {
  return { service: 'billing', path: '/api/v1/budgets', params: { tenant }, read: readBudgets };
}

export function readBudgets(answer: unknown): readonly BudgetAnswer[] {
  const { budgets } = (answer ?? {}) as { budgets?: unknown };
  if (!Array.isArray(budgets)) throw new Error('the answer has no list of budgets');
  for (const { name, amount, spent, currency, forecasts } of budgets) {
    if (![name, amount, spent, currency].every((each) => typeof each === 'string') || !Array.isArray(forecasts))
      throw new Error('a budget has no name, amount, currency or forecasts');
  }
  return budgets;
}
