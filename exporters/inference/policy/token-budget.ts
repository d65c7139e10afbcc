export const budgetPeriods = ['day', 'month'] as const;
export type BudgetPeriod = (typeof budgetPeriods)[number];

/** What was used of a budget in one period. */
export interface BudgetUse {
  readonly period: BudgetPeriod;
  /** Start of the period, in Unix seconds. */
  readonly startedAt: number;
  readonly tokens: number;
}

/** Counts tokens by periods of UTC. */
export interface TokenBudget {
  readonly add: (tokens: number, nowSeconds: number) => void;
  readonly used: (nowSeconds: number) => number;
  /** Seconds until the next period begins. */
  readonly secondsLeft: (nowSeconds: number) => number;
  readonly save: () => BudgetUse;
}

/** `before` is what was saved; use of an earlier period is forgotten. */
export function createTokenBudget(period: BudgetPeriod, before?: BudgetUse): TokenBudget {
  let startedAt = before?.startedAt ?? Number.NEGATIVE_INFINITY;
  let tokens = before?.tokens ?? 0;

  function turn(nowSeconds: number): void {
    const start = periodStart(period, nowSeconds);
    // A clock that was set back stays in the period that it had reached, or the budget would be there twice.
    if (start <= startedAt) return;
    startedAt = start;
    tokens = 0;
  }

  return {
    add: (used, nowSeconds) => {
      turn(nowSeconds);
      tokens += used;
    },
    used: (nowSeconds) => {
      turn(nowSeconds);
      return tokens;
    },
    secondsLeft: (nowSeconds) => periodEnd(period, nowSeconds) - nowSeconds,
    save: () => ({ period, startedAt, tokens }),
  };
}

export function periodStart(period: BudgetPeriod, nowSeconds: number): number {
  const now = new Date(nowSeconds * 1000);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), period === 'day' ? now.getUTCDate() : 1) / 1000;
}

function periodEnd(period: BudgetPeriod, nowSeconds: number): number {
  const now = new Date(nowSeconds * 1000);
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return (period === 'day' ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1, 1)) / 1000;
}
