import type { Clock } from '../../../kit/clock.ts';
import type { TenantLimits } from '../gateway/gateway.ts';
import { createConcurrencyGate } from './concurrency-gate.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';
import {
  type BudgetPeriod,
  type BudgetUse,
  budgetPeriods,
  createTokenBudget,
  type TokenBudget,
} from './token-budget.ts';

export type Refusal = 'model_not_allowed' | 'rate_limit' | 'token_rate_limit' | 'concurrency' | 'token_budget';

export interface Refused {
  readonly refusal: Refusal;
  readonly message: string;
  /** When it makes sense to try again; undefined where waiting does not help. */
  readonly retryAfterSeconds: number | undefined;
}

/** A request that may go on. */
export interface Admitted {
  /** Called once, with the tokens that were used. */
  readonly leave: (tokens: number) => void;
}

export interface TenantBudget {
  readonly period: BudgetPeriod;
  readonly limit: number;
  readonly used: number;
}

/** Holds one tenant to its limits. */
export interface TenantPolicy {
  /** `model` is undefined where nobody could read which one is asked for. */
  readonly admit: (model: string | undefined, signal: AbortSignal) => Promise<Admitted | Refused>;
  readonly setLimits: (limits: TenantLimits) => void;
  readonly waiting: () => number;
  readonly budgets: () => readonly TenantBudget[];
  readonly save: () => readonly BudgetUse[];
}

/** How soon another request may have ended; nobody can know. */
const concurrencyRetrySeconds = 1;
/** A token bucket that anything is left of lets the next request in, whose tokens nobody knows yet. */
const anyToken = 1;

export function createTenantPolicy(
  startLimits: TenantLimits,
  clock: Clock,
  saved: readonly BudgetUse[] = [],
): TenantPolicy {
  let limits = startLimits;
  const requests = createLimitBucket(clock);
  const tokens = createLimitBucket(clock);
  const gate = createConcurrencyGate(placesOf(limits));
  const budgets: Readonly<Record<BudgetPeriod, TokenBudget>> = {
    day: budgetFrom('day', saved),
    month: budgetFrom('month', saved),
  };
  requests.setRate(limits.requestsPerMinute);
  tokens.setRate(limits.tokensPerMinute);

  function limitOf(period: BudgetPeriod): number | undefined {
    return period === 'day' ? limits.tokensPerDay : limits.tokensPerMonth;
  }

  function overBudget(): Refused | undefined {
    const now = clock.now();
    const period = budgetPeriods.find((each) => budgets[each].used(now) >= (limitOf(each) ?? Number.POSITIVE_INFINITY));
    if (period === undefined) return undefined;
    return {
      refusal: 'token_budget',
      message: `the budget of ${limitOf(period)} tokens for this ${period} is used up; it starts anew at the next ${period} in UTC`,
      retryAfterSeconds: budgets[period].secondsLeft(now),
    };
  }

  function tooFast(): Refused | undefined {
    const requestWait = requests.waitSeconds(1);
    if (requestWait > 0) {
      const message = `more than ${limits.requestsPerMinute} requests per minute`;
      return { refusal: 'rate_limit', message, retryAfterSeconds: requestWait };
    }
    const tokenWait = tokens.waitSeconds(anyToken);
    if (tokenWait === 0) return undefined;
    const message = `more than ${limits.tokensPerMinute} tokens per minute`;
    return { refusal: 'token_rate_limit', message, retryAfterSeconds: tokenWait };
  }

  function refuse(model: string | undefined): Refused | undefined {
    const isAllowed = limits.models === undefined || (model !== undefined && limits.models.includes(model));
    return isAllowed ? (overBudget() ?? tooFast()) : notAllowed(model);
  }

  return {
    admit: async (model, signal) => {
      const refused = refuse(model);
      if (refused !== undefined) return refused;
      // Taken before the wait, or those who wait would all come in at once afterwards.
      requests.take(1);
      if (!(await gate.enter(limits.queueSeconds, signal))) return tooMany(limits);
      return { leave: once((used) => leave(used)) };
    },
    setLimits: (next) => {
      limits = next;
      requests.setRate(next.requestsPerMinute);
      tokens.setRate(next.tokensPerMinute);
      gate.setPlaces(placesOf(next));
    },
    waiting: gate.waiting,
    budgets: () =>
      budgetPeriods.flatMap((period) => {
        const limit = limitOf(period);
        return limit === undefined ? [] : [{ period, limit, used: budgets[period].used(clock.now()) }];
      }),
    save: () => budgetPeriods.map((period) => budgets[period].save()).filter(({ tokens: used }) => used > 0),
  };

  function leave(used: number): void {
    gate.leave();
    tokens.take(used);
    for (const period of budgetPeriods) budgets[period].add(used, clock.now());
  }
}

function budgetFrom(period: BudgetPeriod, saved: readonly BudgetUse[]): TokenBudget {
  return createTokenBudget(
    period,
    saved.find((use) => use.period === period),
  );
}

function placesOf({ concurrency }: TenantLimits): number {
  return concurrency ?? Number.POSITIVE_INFINITY;
}

function notAllowed(model: string | undefined): Refused {
  const message =
    model === undefined
      ? 'the request does not say which model it is for, and only some are allowed'
      : 'this model is not allowed for this key';
  return { refusal: 'model_not_allowed', message, retryAfterSeconds: undefined };
}

function tooMany({ concurrency }: TenantLimits): Refused {
  return {
    refusal: 'concurrency',
    message: `more than ${concurrency} requests at once`,
    retryAfterSeconds: concurrencyRetrySeconds,
  };
}

function once(action: (used: number) => void): (used: number) => void {
  let isDone = false;
  return (used) => {
    if (isDone) return;
    isDone = true;
    action(used);
  };
}

/** A bucket that may come and go with its limit. */
function createLimitBucket(clock: Clock): Pick<TokenBucket, 'waitSeconds' | 'take'> & {
  readonly setRate: (perMinute: number | undefined) => void;
} {
  let bucket: TokenBucket | undefined;
  return {
    waitSeconds: (amount) => bucket?.waitSeconds(amount) ?? 0,
    take: (amount) => bucket?.take(amount),
    setRate: (perMinute) => {
      if (perMinute === undefined) bucket = undefined;
      else if (bucket === undefined) bucket = createTokenBucket(perMinute, clock);
      else bucket.setRate(perMinute);
    },
  };
}
