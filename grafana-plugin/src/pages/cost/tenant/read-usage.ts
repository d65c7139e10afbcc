import type { Question } from '../../../services/ask';

/** By what usage may be told apart; billing knows owners by the rule that names them. */
export const usageDimensions = ['day', 'sku', 'node', 'rule'] as const;
export type UsageDimension = (typeof usageDimensions)[number];

export interface UsageRow {
  readonly meter: string;
  /** In the unit that prices are for, exact, as text. */
  readonly quantity: string;
  readonly unit: string;
  readonly day?: string;
  readonly sku?: string;
  readonly node?: string;
  readonly rule?: string;
}

export interface UsagePage {
  readonly usage: readonly UsageRow[];
  readonly next?: string;
}

/** Of the current period of the tenant. */
export function usageQuestion(tenant: string, by: UsageDimension): Question<UsagePage> {
  return { service: 'billing', path: '/api/v1/usage', params: { tenant, by, limit: 200 }, read: readUsage };
}

export function readUsage(answer: unknown): UsagePage {
  const { usage } = (answer ?? {}) as { usage?: unknown };
  if (!Array.isArray(usage)) throw new Error('the answer has no list of usage');
  for (const { meter, quantity, unit } of usage) {
    if (![meter, quantity, unit].every((each) => typeof each === 'string'))
      throw new Error('a line of usage has no meter, quantity or unit');
  }
  return answer as UsagePage;
}
