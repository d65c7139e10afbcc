import type { DataFrame } from '@grafana/data';
import { type Sample, samplesOf } from '../../../scenes/samples';
import type { Figure } from '../figures';
import { moneyText, roundedMoneyText } from '../money';
import type { BudgetAnswer } from './read-budgets';

/** One budget as it is shown, from billing or from Prometheus. */
export interface BudgetRow {
  readonly name: string;
  readonly amount: string;
  readonly spent: string;
  readonly used: number | undefined;
  readonly elapsed: number | undefined;
  /** Share that will be used at the end of the period. */
  readonly expected: number | undefined;
  /** What will have been spent then, in words. */
  readonly expectedText: string | undefined;
  /** When all of it will be used, if that comes before the period ends. */
  readonly spentAtMs: number | undefined;
}

/** Exact, as billing tells. */
export function budgetRowsOfAnswer(budgets: readonly BudgetAnswer[]): readonly BudgetRow[] {
  return budgets.map((budget) => {
    const forecast = budget.forecasts.find(({ method }) => method === 'weekday') ?? budget.forecasts[0];
    return {
      name: budget.name,
      amount: moneyText(budget.amount, budget.currency),
      spent: moneyText(budget.spent, budget.currency),
      used: budget.ratio,
      elapsed: budget.elapsed_ratio,
      expected: undefined,
      expectedText: forecast === undefined ? undefined : forecastText(forecast, budget.currency),
      spentAtMs: budget.spent_at === undefined ? undefined : Date.parse(budget.spent_at),
    };
  });
}

function forecastText({ expected, low, high }: BudgetAnswer['forecasts'][number], currency: string): string {
  const bounds =
    low === undefined || high === undefined ? '' : ` (${moneyText(low, currency)} – ${moneyText(high, currency)})`;
  return `${moneyText(expected, currency)}${bounds}`;
}

/** Rounded, as Prometheus has it. */
export function budgetRowsOfFigures(frames: readonly DataFrame[], tenant: string, nowMs: number): readonly BudgetRow[] {
  const of = (figure: Figure) => samplesOf(frames, figure);
  const [costs, used, elapsed] = [
    byBudget(of('budgetCost')),
    byBudget(of('budgetUsed')),
    byBudget(of('budgetElapsed')),
  ];
  const [expected, left] = [byBudget(of('budgetExpected')), byBudget(of('budgetLeft'))];
  const end = of('periodEnd').find(({ labels }) => labels.tenant === tenant)?.value;
  return of('budgetAmount')
    .filter(({ labels }) => labels.tenant === tenant)
    .map(({ labels: { budget: name = '', currency = '' }, value }) => {
      const cost = costs.get(name);
      return {
        name,
        amount: roundedMoneyText(value, currency),
        spent: cost === undefined ? '' : roundedMoneyText(cost, currency),
        used: used.get(name),
        elapsed: elapsed.get(name),
        expected: expected.get(name),
        expectedText: undefined,
        spentAtMs: spentAt(left.get(name), end, nowMs),
      };
    });
}

/** Beyond the end of the period the budget begins anew. */
function spentAt(leftSeconds: number | undefined, endSeconds: number | undefined, nowMs: number): number | undefined {
  if (leftSeconds === undefined) return undefined;
  const at = nowMs + Math.max(0, leftSeconds) * 1000;
  return endSeconds !== undefined && at > endSeconds * 1000 ? undefined : at;
}

function byBudget(samples: readonly Sample[]): ReadonlyMap<string, number> {
  return new Map(samples.map(({ labels, value }) => [labels.budget ?? '', value]));
}
