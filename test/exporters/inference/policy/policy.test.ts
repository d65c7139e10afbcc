import { noLimits, type TenantLimits } from '../../../../exporters/inference/gateway/gateway.ts';
import { createConcurrencyGate } from '../../../../exporters/inference/policy/concurrency-gate.ts';
import { parseSavedTenants, writeSavedTenants } from '../../../../exporters/inference/policy/saved-tenants.ts';
import {
  type Admitted,
  createTenantPolicy,
  type Refused,
} from '../../../../exporters/inference/policy/tenant-policy.ts';
import { createTenants } from '../../../../exporters/inference/policy/tenants.ts';
import { createTokenBucket } from '../../../../exporters/inference/policy/token-bucket.ts';
import { createTokenBudget } from '../../../../exporters/inference/policy/token-budget.ts';

const time = { now: 0 };
const clock = { now: () => time.now, monotonic: () => time.now };
const never = new AbortController().signal;

beforeEach(() => {
  time.now = Date.UTC(2026, 10, 28, 23, 0, 0) / 1000;
});

describe('token bucket', () => {
  test('holds one minute at most and fills evenly', () => {
    const bucket = createTokenBucket(60, clock);
    expect(bucket.waitSeconds(60)).toBe(0);
    bucket.take(60);
    expect(bucket.waitSeconds(1)).toBeCloseTo(1);
    time.now += 10;
    expect(bucket.waitSeconds(10)).toBeCloseTo(0);
    expect(bucket.waitSeconds(11)).toBeCloseTo(1);
    time.now += 10_000;
    expect(bucket.waitSeconds(60)).toBe(0);
    expect(bucket.waitSeconds(1000)).toBe(0);
    bucket.take(60);
    expect(bucket.waitSeconds(1)).toBeCloseTo(1);
  });

  test('what was taken beyond is paid off first', () => {
    const bucket = createTokenBucket(60, clock);
    bucket.take(120);
    expect(bucket.waitSeconds(1)).toBeCloseTo(61);
  });

  test('another rate keeps no more than it would hold', () => {
    const bucket = createTokenBucket(600, clock);
    bucket.setRate(60);
    bucket.take(60);
    expect(bucket.waitSeconds(1)).toBeCloseTo(1);
  });
});

describe('budget', () => {
  const hour = 3600;

  test('begins anew at midnight in UTC', () => {
    const budget = createTokenBudget('day');
    budget.add(10, time.now);
    expect([budget.used(time.now), budget.secondsLeft(time.now)]).toEqual([10, hour]);
    expect(budget.used(time.now + hour - 1)).toBe(10);
    expect(budget.used(time.now + hour)).toBe(0);
    expect(budget.secondsLeft(time.now + hour)).toBe(24 * hour);
  });

  test('of a month begins anew with the next', () => {
    const budget = createTokenBudget('month');
    budget.add(10, time.now);
    expect(budget.used(time.now + 48 * hour)).toBe(10);
    expect(budget.used(time.now + 49 * hour)).toBe(0);
    expect(budget.secondsLeft(Date.UTC(2026, 11, 31, 23) / 1000)).toBe(hour);
  });

  test('is not there twice when a clock is set back', () => {
    const budget = createTokenBudget('day');
    budget.add(10, time.now + hour);
    expect(budget.used(time.now)).toBe(10);
    expect(budget.used(time.now + hour)).toBe(10);
  });

  test('goes on from what was saved, unless it is of an earlier period', () => {
    const budget = createTokenBudget('day');
    budget.add(10, time.now);
    expect(createTokenBudget('day', budget.save()).used(time.now)).toBe(10);
    expect(createTokenBudget('day', budget.save()).used(time.now + 2 * hour)).toBe(0);
  });
});

describe('gate', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('lets in those who wait in their order', async () => {
    const gate = createConcurrencyGate(1);
    const order: string[] = [];
    expect(await gate.enter(10, never)).toBe(true);
    const waits = ['a', 'b'].map((name) => gate.enter(10, never).then((isIn) => order.push(`${name} ${isIn}`)));
    expect(gate.waiting()).toBe(2);
    gate.leave();
    await waits[0];
    expect(order).toEqual(['a true']);
    gate.leave();
    await waits[1];
    expect(order).toEqual(['a true', 'b true']);
    gate.leave();
    expect(await gate.enter(0, never)).toBe(true);
  });

  test('nobody overtakes those who wait', async () => {
    const gate = createConcurrencyGate(1);
    await gate.enter(0, never);
    const waiting = gate.enter(10, never);
    gate.setPlaces(2);
    expect(await waiting).toBe(true);
    const next = gate.enter(10, never);
    expect(await gate.enter(0, never)).toBe(false);
    gate.leave();
    expect(await next).toBe(true);
  });

  test('whoever waits too long or goes away is not let in, and leaves no place taken', async () => {
    const gate = createConcurrencyGate(1);
    await gate.enter(0, never);
    const late = gate.enter(5, never);
    const controller = new AbortController();
    const gone = gate.enter(50, controller.signal);
    jest.advanceTimersByTime(5000);
    expect(await late).toBe(false);
    controller.abort();
    expect(await gone).toBe(false);
    expect(await gate.enter(5, controller.signal)).toBe(false);
    expect(gate.waiting()).toBe(0);
    gate.leave();
    expect(await gate.enter(0, never)).toBe(true);
  });
});

describe('policy of a tenant', () => {
  function policy(limits: Partial<TenantLimits>) {
    return createTenantPolicy({ ...noLimits, ...limits }, clock);
  }

  function refusal(admission: Admitted | Refused): string | undefined {
    return 'refusal' in admission ? admission.refusal : undefined;
  }

  test('a request that is refused uses up nothing', async () => {
    const held = policy({ requestsPerMinute: 2, models: ['m1'] });
    for (let index = 0; index < 5; index++) expect(refusal(await held.admit('m2', never))).toBe('model_not_allowed');
    expect(refusal(await held.admit('m1', never))).toBeUndefined();
    expect(refusal(await held.admit('m1', never))).toBeUndefined();
    expect(await held.admit('m1', never)).toMatchObject({ refusal: 'rate_limit', retryAfterSeconds: 30 });
  });

  test('a place is left once, however often it is said', async () => {
    const held = policy({ concurrency: 1, tokensPerDay: 100 });
    const first = await held.admit('m', never);
    expect(refusal(await held.admit('m', never))).toBe('concurrency');
    if ('leave' in first) {
      first.leave(10);
      first.leave(10);
    }
    expect(held.budgets()).toEqual([{ period: 'day', limit: 100, used: 10 }]);
    expect(refusal(await held.admit('m', never))).toBeUndefined();
    expect(refusal(await held.admit('m', never))).toBe('concurrency');
  });

  test('limits that come and go', async () => {
    const held = policy({});
    for (let index = 0; index < 100; index++) expect(refusal(await held.admit('m', never))).toBeUndefined();
    held.setLimits({ ...noLimits, requestsPerMinute: 1 });
    expect(refusal(await held.admit('m', never))).toBeUndefined();
    expect(refusal(await held.admit('m', never))).toBe('rate_limit');
    held.setLimits(noLimits);
    expect(refusal(await held.admit('m', never))).toBeUndefined();
  });
});

describe('what is kept over a restart', () => {
  test('is what it was', () => {
    const tenants = createTenants(
      { tenants: new Map([['a', { ...noLimits, tokensPerDay: 5 }]]), defaultLimits: noLimits },
      clock,
    );
    void tenants
      .policyOf('b')
      .admit('m', never)
      .then((admission) => 'leave' in admission && admission.leave(7));
    const saved = new Map([['x', [{ period: 'day', startedAt: 1000, tokens: 3 } as const]]]);
    expect(parseSavedTenants(writeSavedTenants(saved))).toEqual(saved);
    expect(tenants.save().size).toBe(0);
  });

  test.each([
    '',
    '{}',
    writeSavedTenants(new Map()).slice(0, -5),
    writeSavedTenants(new Map([['x', [{ period: 'day', startedAt: 1, tokens: 3 }]]])).replace('"day"', '"year"'),
    writeSavedTenants(new Map([['x', [{ period: 'day', startedAt: 1, tokens: 3 }]]])).replace('3', '-3'),
  ])('%s is not used', (text) => {
    expect(parseSavedTenants(text)).toBeUndefined();
  });
});
