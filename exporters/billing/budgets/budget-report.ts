import { Decimal, decimal, decimalText, sumOf } from '../pricing/decimal.ts';
import type { DecimalText } from '../pricing/rated.ts';
import type { Span } from '../span.ts';
import type { Budget, BudgetScope } from './budget.ts';
import { dayAt, periodAt } from './calendar.ts';
import { type DailyCost, fixedKinds } from './daily-costs.ts';
import { type Forecast, type ForecastInput, forecast } from './forecast.ts';
import { spentAt } from './spent-at.ts';

export interface BudgetReport {
  readonly budget: string;
  readonly tenant: string | undefined;
  readonly costCentre: string | undefined;
  readonly clusters: readonly string[] | undefined;
  readonly meters: readonly string[] | undefined;
  /** 2026-11, 2026-Q4 or 2026. */
  readonly period: string;
  readonly span: Span;
  readonly timeZone: string;
  readonly currency: string;
  readonly amount: DecimalText;
  readonly cost: DecimalText;
  /** Below 0 where the budget is exceeded. */
  readonly remaining: DecimalText;
  readonly usedRatio: number;
  readonly elapsedRatio: number;
  readonly steps: readonly { readonly at: number; readonly isReached: boolean }[];
  readonly forecasts: readonly Forecast[];
  /** The same as shares of the budget. */
  readonly forecastRatios: readonly Omit<Forecast, 'days'>[];
  /** When it will be spent, in ms; undefined where it will last, is spent, or nobody can tell. */
  readonly spentAtMs: number | undefined;
  /** What is left out, such as costs in another currency. */
  readonly problems: readonly string[];
}

export interface BudgetState {
  /** Of the periods of all budgets, and of eight weeks before now. */
  readonly costs: readonly DailyCost[];
  readonly nowMs: number;
  /** The ledger begins here. */
  readonly fromMs?: number | undefined;
  /** Up to here everything is metered. */
  readonly untilMs: number;
}

export interface Budgets {
  /** All of them, or those of a tenant alone. */
  readonly report: (state: BudgetState, tenant?: string) => readonly BudgetReport[];
}

export function createBudgets({ budgets }: { readonly budgets: readonly Budget[] }): Budgets {
  return {
    report: (state, tenant) =>
      budgets
        .filter(({ scope }) => tenant === undefined || scope.tenant === tenant)
        .map((budget) => reportOf(budget, state)),
  };
}

function reportOf(budget: Budget, { costs, nowMs, fromMs, untilMs }: BudgetState): BudgetReport {
  const { name, scope, amount, currency, timeZone } = budget;
  const period = periodAt(nowMs, budget.period, timeZone);
  const { startMs, endMs } = period.span;
  const inScope = costs.filter((cost) => isInScope(cost, scope));
  const own = inScope.filter((cost) => cost.currency === currency);
  const inPeriod = own.filter(({ day }) => day >= period.firstDay && day <= period.lastDay);
  const cost = sumOf(inPeriod.map((each) => each.amount));
  const limit = decimal(amount);
  const input = forecastInput({ own, inPeriod, span: period.span, timeZone, fromMs, untilMs });
  const forecasts = forecast(input);
  const usedRatio = cost.dividedBy(limit).toNumber();
  const toRatio = (value: number | undefined): number | undefined =>
    value === undefined ? undefined : value / limit.toNumber();
  return {
    budget: name,
    ...scope,
    period: period.name,
    span: period.span,
    timeZone,
    currency,
    amount,
    cost: decimalText(cost),
    remaining: decimalText(limit.minus(cost)),
    usedRatio,
    elapsedRatio: Math.min(1, Math.max(0, (nowMs - startMs) / (endMs - startMs))),
    steps: budget.steps.map((at) => ({
      at,
      isReached: cost.greaterThanOrEqualTo(limit.times(new Decimal(String(at)))),
    })),
    forecasts,
    forecastRatios: forecasts.map(({ method, expected, low, high }) => ({
      method,
      expected: expected / limit.toNumber(),
      low: toRatio(low),
      high: toRatio(high),
    })),
    spentAtMs: usedRatio >= 1 ? undefined : spentAt(input, limit.toNumber()),
    problems: otherCurrencies(inScope, currency),
  };
}

function isInScope(cost: DailyCost, { tenant, costCentre, clusters, meters }: BudgetScope): boolean {
  return (
    (tenant === undefined || cost.tenant === tenant) &&
    (costCentre === undefined || cost.costCentre === costCentre) &&
    (clusters === undefined || clusters.includes(cost.cluster)) &&
    (meters === undefined || meters.includes(cost.meter))
  );
}

interface Selected {
  readonly own: readonly DailyCost[];
  readonly inPeriod: readonly DailyCost[];
  readonly span: Span;
  readonly timeZone: string;
  readonly fromMs?: number | undefined;
  readonly untilMs: number;
}

/** Days that are not over, or of which only the end is known, would pass for cheap ones. */
export function forecastInput({ own, inPeriod, span, timeZone, fromMs, untilMs }: Selected): ForecastInput {
  const today = dayAt(untilMs, timeZone);
  const cutOff = fromMs === undefined ? '' : dayAt(fromMs - 1, timeZone);
  const varying = (costs: readonly DailyCost[]) => costs.filter(({ kind }) => !fixedKinds.includes(kind));
  const history = new Map<string, number>();
  for (const { day, amount } of varying(own)) {
    if (day > cutOff && day < today) history.set(day, (history.get(day) ?? 0) + Number(amount));
  }
  const soFar = sumOf(varying(inPeriod).map(({ amount }) => amount)).toNumber();
  const all = sumOf(inPeriod.map(({ amount }) => amount)).toNumber();
  return {
    period: span,
    timeZone,
    fromMs,
    untilMs: Math.min(untilMs, span.endMs),
    fixed: all - soFar,
    soFar,
    history: withoutHoles(history, today),
  };
}

/** A day on which nothing was charged, between others on which something was, is a day of 0. */
function withoutHoles(history: ReadonlyMap<string, number>, today: string): ReadonlyMap<string, number> {
  const [first] = [...history.keys()].sort();
  if (first === undefined) return history;
  const filled = new Map(history);
  for (let day = first; day < today; day = nextDay(day)) filled.set(day, history.get(day) ?? 0);
  return filled;
}

function nextDay(day: string): string {
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

function otherCurrencies(costs: readonly DailyCost[], currency: string): readonly string[] {
  const others = [...new Set(costs.map((cost) => cost.currency))].filter((each) => each !== currency).sort();
  return others.map((other) => `costs in ${other} are not counted; the budget is in ${currency}`);
}
