import { type ForecastInput, forecast } from '../../../../exporters/billing/budgets/forecast.ts';
import { spentAt } from '../../../../exporters/billing/budgets/spent-at.ts';

const november = { startMs: Date.UTC(2026, 10, 1), endMs: Date.UTC(2026, 11, 1) };
const dayMs = 86_400_000;

function dayNamed(index: number): string {
  return new Date(november.startMs + index * dayMs).toISOString().slice(0, 10);
}

/** Costs of days from `first`, counted from 1 November, up to and without `until`. */
function history(first: number, until: number, costOf: (day: string, weekday: number, index: number) => number) {
  return new Map(
    Array.from({ length: until - first }, (_, offset) => {
      const day = dayNamed(first + offset);
      return [day, costOf(day, new Date(day).getUTCDay(), first + offset)] as const;
    }),
  );
}

function input(more: Partial<ForecastInput>): ForecastInput {
  return {
    period: november,
    timeZone: 'UTC',
    untilMs: november.startMs + 15 * dayMs,
    fixed: 0,
    soFar: 0,
    history: new Map(),
    ...more,
  };
}

function of(method: string, given: ForecastInput) {
  return forecast(given).find((each) => each.method === method);
}

test('the pace so far goes on, and what is fixed does not grow', () => {
  expect(of('pace', input({ soFar: 1500, fixed: 200 }))).toEqual({
    method: 'pace',
    expected: 3200,
    low: undefined,
    high: undefined,
    days: 0,
  });
});

test('the first day says nothing of the month', () => {
  expect(of('pace', input({ soFar: 100, untilMs: november.startMs + dayMs - 1 }))).toBeUndefined();
  expect(of('pace', input({ soFar: 100, untilMs: november.startMs + dayMs }))?.expected).toBe(3000);
});

test('the pace is that of the time that is metered, not of the days before the ledger began', () => {
  const fromMs = november.startMs + 12 * dayMs;
  expect(of('pace', input({ soFar: 300, fixed: 200, fromMs }))?.expected).toBe(200 + 300 * 6);
  expect(of('pace', input({ soFar: 300, fromMs: november.startMs - 40 * dayMs }))?.expected).toBe(600);
  expect(of('pace', input({ soFar: 300, fromMs: november.startMs + 14.1 * dayMs }))).toBeUndefined();
});

const weekdayCost = (_: string, weekday: number): number => (weekday === 0 || weekday === 6 ? 10 : 100);

test('each day to come costs what its weekday did: weekends are cheap', () => {
  // 15 days are over; 16 to 30 November are 11 working days and 4 of weekends.
  const soFar = [...history(0, 15, weekdayCost).values()].reduce((sum, each) => sum + each, 0);
  const result = of('weekday', input({ soFar, history: history(-28, 15, weekdayCost) }));
  expect(result?.expected).toBeCloseTo(soFar + 11 * 100 + 4 * 10, 6);
  expect(result?.low).toBeCloseTo(result?.expected ?? 0, 6);
  expect(of('pace', input({ soFar }))?.expected).not.toBeCloseTo(result?.expected ?? 0, 0);
});

test('a day that is half over counts by half', () => {
  const flat = history(-14, 29, () => 50);
  const given = input({ soFar: 1475, untilMs: november.startMs + 29.5 * dayMs, history: flat });
  expect(of('weekday', given)?.expected).toBeCloseTo(1500, 6);
});

test.each([
  [6, false, false],
  [7, true, false],
  [13, true, false],
  [14, true, true],
])('with %i days there is a forecast by weekday: %p, with bounds: %p', (days, is, bounds) => {
  const result = of(
    'weekday',
    input({ soFar: 100, history: history(15 - days, 15, (_day, _weekday, index) => index % 3) }),
  );
  expect(result !== undefined).toBe(is);
  expect(result?.low !== undefined).toBe(bounds);
  expect(result?.high !== undefined).toBe(bounds);
});

test('only the last eight weeks count', () => {
  const old = history(-200, -41, () => 1_000_000);
  const recent = history(-41, 15, () => 10);
  expect(of('weekday', input({ history: new Map([...old, ...recent]) }))?.expected).toBeCloseTo(150, 6);
});

test('what is spent already is the least that it can be', () => {
  const wild = history(-14, 15, (_day, _weekday, index) => (index % 5 === 0 ? 500 : 0));
  const result = of('weekday', input({ soFar: 1000, history: wild }));
  expect(result?.low).toBeGreaterThanOrEqual(1000);
});

/** Deterministic and evenly spread over 0 to 1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('about four of five months end between the bounds', () => {
  const random = createRandom(7);
  const noise = (): number => Array.from({ length: 12 }, random).reduce((sum, each) => sum + each, -6);
  let within = 0;
  const months = 400;
  for (let month = 0; month < months; month++) {
    const all = history(-41, 30, (_day, weekday) => weekdayCost('', weekday) + 20 * noise());
    const known = new Map([...all].filter(([day]) => day < dayNamed(15)));
    const sum = (from: number, to: number): number =>
      [...all]
        .filter(([day]) => day >= dayNamed(from) && day < dayNamed(to))
        .reduce((total, [, each]) => total + each, 0);
    const result = of('weekday', input({ soFar: sum(0, 15), history: known }));
    const truth = sum(0, 30);
    if (truth >= (result?.low ?? 0) && truth <= (result?.high ?? 0)) within++;
  }
  expect(within / months).toBeGreaterThan(0.74);
  expect(within / months).toBeLessThan(0.86);
});

test('a budget is spent on the day on which the costs of the weekdays reach it', () => {
  const given = input({ soFar: 1000, fixed: 100, history: history(-14, 15, () => 100) });
  expect(spentAt(given, 1350)).toBe(november.startMs + 17.5 * dayMs);
  expect(spentAt(given, 2600)).toBe(november.endMs);
  expect(spentAt(given, 2601)).toBeUndefined();
  expect(spentAt(input({ soFar: 1000 }), 1350)).toBeUndefined();
});
