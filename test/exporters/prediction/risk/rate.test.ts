import fc from 'fast-check';
import { horizons } from '../../../../exporters/prediction/horizon.ts';
import type { RiskEvent } from '../../../../exporters/prediction/labels/incident.ts';
import { fitRates } from '../../../../exporters/prediction/risk/rate/fit-rate.ts';
import { decayDays, exposuresOf } from '../../../../exporters/prediction/risk/rate/kernel.ts';
import { compress, misfit } from '../../../../exporters/prediction/risk/rate/likelihood.ts';
import { minimise } from '../../../../exporters/prediction/risk/rate/minimise.ts';
import { defaultPriors, readPriors } from '../../../../exporters/prediction/risk/rate/priors.ts';
import { baseRateOf, rateModelOf } from '../../../../exporters/prediction/risk/rate/rate-model.ts';
import { rateRisk } from '../../../../exporters/prediction/risk/rate/rate-risk.ts';
import { recencyAt, recencySums } from '../../../../exporters/prediction/risk/rate/recency.ts';
import { dayMs, gpu, hourMs, momentsOf, seeded, startMs } from '../fleet.ts';

const event = (days: number, weight = 1, entity = gpu('a')): RiskEvent => ({
  entity,
  atMs: startMs + days * dayMs,
  kind: 'xid_79',
  weight,
});

describe('recency', () => {
  const anyEvent = fc
    .tuple(fc.integer({ min: 0, max: 100 }), fc.constantFrom(0.3, 1), fc.constantFrom(gpu('a'), gpu('b')))
    .map(([days, weight, entity]) => event(days, weight, entity));

  test('is the sum of what has faded, of the events of the entity up to the moment', () => {
    const moments = momentsOf(
      [gpu('a'), gpu('b')],
      [3, 10, 11, 60, 99].map((day) => startMs + day * dayMs),
    );
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 8 }), (events) => {
        const sums = recencySums(moments, events);
        for (const [row, t] of moments.atMs.entries()) {
          const { uuid } = moments.entities[moments.entity[row] ?? 0] ?? gpu('');
          for (const [k, decay] of decayDays.entries()) {
            const expected = events
              .filter((each) => each.entity.uuid === uuid && each.atMs <= t)
              .reduce((sum, { atMs, weight }) => sum + weight * Math.exp(-(t - atMs) / dayMs / decay), 0);
            expect(sums[row * decayDays.length + k]).toBeCloseTo(expected, 10);
          }
        }
      }),
    );
  });

  test('of an event of the future is nothing', () => {
    expect([...recencyAt([event(2)], startMs + dayMs)]).toEqual([0, 0, 0, 0]);
    expect([...recencyAt([event(2)], startMs + 2 * dayMs)]).toEqual([1, 1, 1, 1]);
  });
});

test('a decaying event is worth less than its horizon, never more than its decay, and more over a longer one', () => {
  const [day, week, month] = horizons.map((horizon) => exposuresOf(horizon, 'decaying'));
  expect(week?.[0]).toBe(7);
  expect(exposuresOf('7d', 'constant')).toEqual([7, 7, 7, 7, 7]);
  for (const [k, decay] of [Number.POSITIVE_INFINITY, ...decayDays].entries()) {
    expect(day?.[k]).toBeLessThanOrEqual(1);
    expect(week?.[k]).toBeGreaterThan(day?.[k] ?? 0);
    expect(month?.[k]).toBeGreaterThan(week?.[k] ?? 0);
    expect(month?.[k]).toBeLessThanOrEqual(decay);
  }
});

describe('minimise', () => {
  test('finds the valley of Rosenbrock', () => {
    const { point, hasConverged } = minimise(
      (at, gradient) => {
        const [x = 0, y = 0] = at;
        gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
        gradient[1] = 200 * (y - x * x);
        return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
      },
      Float64Array.from([-1.2, 1]),
    );
    expect(hasConverged).toBe(true);
    expect(point[0]).toBeCloseTo(1, 4);
    expect(point[1]).toBeCloseTo(1, 4);
  });

  test('steps back from where there is no number', () => {
    const { point } = minimise(
      (at, gradient) => {
        const x = at[0] ?? 0;
        gradient[0] = 1 - 0.1 / x;
        return x - 0.1 * Math.log(x);
      },
      Float64Array.from([1]),
    );
    expect(point[0]).toBeCloseTo(0.1, 4);
  });

  test('says when it has not come to an end', () => {
    const steep = minimise(
      (at, gradient) => {
        gradient[0] = -Math.exp(-(at[0] ?? 0));
        return Math.exp(-(at[0] ?? 0));
      },
      Float64Array.from([-50]),
      { maxSteps: 3 },
    );
    expect(steep).toMatchObject({ hasConverged: false, steps: 3 });
  });
});

describe('fit', () => {
  test('finds the rates that made the labels', () => {
    const random = seeded(7);
    const rows = 40_000;
    const sums = new Float64Array(rows * 4);
    const labels = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) {
      const age = random() < 0.5 ? random() * 30 : Number.POSITIVE_INFINITY;
      for (const [k, decay] of decayDays.entries()) sums[row * 4 + k] = Math.exp(-age / decay);
      const hazard = 7 * (0.01 + 0.05 * (sums[row * 4 + 1] ?? 0));
      labels[row] = random() < -Math.expm1(-hazard) ? 1 : 0;
    }
    const fit = fitRates({ sums, labels, horizon: '7d', hold: 'constant' });
    expect(fit?.hasConverged).toBe(true);
    expect(fit?.base).toBeCloseTo(0.01, 3);
    const added = decayDays.reduce((sum, decay, k) => sum + (fit?.excitation[k] ?? 0) * Math.exp(-5 / decay), 0);
    expect(added).toBeCloseTo(0.05 * Math.exp(-0.5), 2);
  });

  test('without events the base is the rate of the labels, whatever is unusable', () => {
    const labels = Uint8Array.from({ length: 1000 }, (_, row) => (row < 20 ? 1 : row < 800 ? 0 : 255));
    const fit = fitRates({ sums: new Float64Array(4000), labels, horizon: '7d', hold: 'decaying' });
    expect(fit).toMatchObject({ rows: 800, failed: 20 });
    expect(fit?.base).toBeCloseTo(-Math.log(1 - 20 / 800) / 7, 6);
  });

  test('nothing failed: no fit; all failed: no number is lost', () => {
    const sums = new Float64Array(40);
    expect(fitRates({ sums, labels: new Uint8Array(10), horizon: '7d', hold: 'decaying' })).toBeUndefined();
    expect(fitRates({ sums, labels: new Uint8Array(0), horizon: '7d', hold: 'decaying' })).toBeUndefined();
    const all = fitRates({ sums, labels: new Uint8Array(10).fill(1), horizon: '7d', hold: 'decaying' });
    expect(Number.isFinite(all?.base)).toBe(true);
  });
});

test('the gradient of the likelihood is its slope', () => {
  const random = seeded(3);
  const sums = Float64Array.from({ length: 80 * 4 }, (_, index) => (index < 160 ? 0 : random()));
  const labels = Uint8Array.from({ length: 80 }, () => (random() < 0.2 ? 1 : 0));
  for (const hold of ['constant', 'decaying'] as const) {
    const data = compress({ sums, labels, horizon: '7d', hold });
    const logs = Float64Array.from([-4, -3, -5, -4, -6]);
    const gradient = new Float64Array(5);
    misfit(data, logs, gradient);
    for (const index of logs.keys()) {
      const at = (step: number) => misfit(data, logs.with(index, (logs[index] ?? 0) + step), new Float64Array(5));
      expect(gradient[index]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 5);
    }
  }
});

describe('base rate', () => {
  const priors = { ...defaultPriors, products: new Map([['H100', 0.1]]) };
  const exposure = (failures: number, years: number, product = 'H100') => ({
    kind: 'gpu' as const,
    product,
    entityDays: years * 365.25,
    failures,
  });

  test('is the prior while nothing is known, with what follows events taken off', () => {
    const model = rateModelOf({ exposures: [], priors });
    expect(baseRateOf(model, 'gpu', 'H100') * 365.25).toBeCloseTo(0.08 * (1 - 0.2609), 6);
    expect(baseRateOf(model, 'node', 'any') * 365.25).toBeCloseTo(0.37 * (1 - 0.2609), 6);
    expect(model).toMatchObject({ ownFailures: 0, fitted: [], hold: 'decaying' });
  });

  test('goes to what was seen', () => {
    const of = (failures: number, years: number) =>
      baseRateOf(rateModelOf({ exposures: [exposure(failures, years)], priors }), 'gpu', 'H100') * 365.25;
    expect(of(0, 0)).toBeCloseTo(0.1 * 0.7391, 6);
    expect(of(0, 90)).toBeCloseTo((1 / 100) * 0.7391, 6);
    expect(of(29, 100)).toBeCloseTo((30 / 110) * 0.7391, 6);
  });

  test('with a fit it is the fitted one, times how a product differs', () => {
    const fit = {
      base: 0.001,
      excitation: [0.01, 0, 0, 0],
      hold: 'decaying' as const,
      rows: 1,
      failed: 1,
      logLikelihood: 0,
      hasConverged: true,
    };
    const exposures = [exposure(40, 100), exposure(10, 100, 'A100')];
    const model = rateModelOf({ exposures, priors, fits: { gpu: fit } });
    expect(baseRateOf(model, 'gpu', 'unknown')).toBe(0.001);
    expect(baseRateOf(model, 'gpu', 'H100')).toBeCloseTo((0.001 * 50) / 35, 9);
    expect(baseRateOf(model, 'gpu', 'A100')).toBeCloseTo((0.001 * 20) / 35, 9);
    expect(model.fitted).toEqual(['gpu']);
    expect(model.excitation.node).toEqual([0.0093, 0.0233, 0, 0]);
    expect(rateModelOf({ exposures: [exposure(29, 100)], priors, fits: { gpu: fit } }).fitted).toEqual([]);
    expect(rateModelOf({ exposures: [exposure(40, 0)], priors, fits: { gpu: fit } }).fitted).toEqual([]);
    expect(baseRateOf(model, 'gpu', 'constructor')).toBe(0.001);
  });

  test('priors come from a configuration', () => {
    const read = (value: unknown) => readPriors({ value, where: 'prediction.yaml: priors' });
    expect(read({})).toEqual(defaultPriors);
    expect(read({ gpu: 0.2, node: 1, products: { H100: 0.3 }, strength: 2 })).toEqual({
      gpu: 0.2,
      node: 1,
      products: new Map([['H100', 0.3]]),
      strength: 2,
    });
    expect(() => read({ gpu: 0 })).toThrow('prediction.yaml: priors.gpu must be a number above 0, got 0');
    expect(() => read({ node: 1e308 })).toThrow('priors.node must be a number above 0 and at most 1000, got 1e+308');
    expect(() => read({ products: { H100: 'much' } })).toThrow(
      'prediction.yaml: priors.products.H100 must be a number above 0, got "much"',
    );
    expect(() => read({ gpus: 1 })).toThrow('did you mean gpu?');
  });
});

describe('risk of the rate model', () => {
  const model = rateModelOf({ exposures: [], priors: defaultPriors });
  const own = { ...model, ownFailures: 1 };
  const anyRecency = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 4, maxLength: 4 });

  test('reasons add up to the log-odds, and a longer horizon is never less likely', () => {
    fc.assert(
      fc.property(anyRecency, fc.double({ min: -2, max: 2, noNaN: true }), (recency, correction) => {
        const answers = horizons.map((horizon) =>
          rateRisk(own, { kind: 'gpu', product: '', recency: Float64Array.from(recency), horizon, correction }),
        );
        for (const { probability, reasons } of answers) {
          const logOdds = reasons.reduce((sum, { contribution }) => sum + contribution, 0);
          expect(probability).toBeGreaterThan(0);
          if (probability < 1 - 1e-9) expect(Math.log(probability / (1 - probability))).toBeCloseTo(logOdds, 6);
        }
        const [day, week, month] = answers.map(({ probability }) => probability);
        expect(week).toBeGreaterThanOrEqual(day ?? 1);
        expect(month).toBeGreaterThanOrEqual(week ?? 1);
      }),
    );
  });

  test('is that of the formula', () => {
    const recency = recencyAt([event(0)], startMs + 5 * dayMs);
    const { probability, reasons } = rateRisk(own, { kind: 'gpu', product: '', recency, horizon: '7d' });
    const added =
      0.0093 * Math.exp(-5 / 3) * 3 * (1 - Math.exp(-7 / 3)) + 0.0233 * Math.exp(-0.5) * 10 * (1 - Math.exp(-0.7));
    const base = (7 * 0.08 * 0.7391) / 365.25;
    expect(probability).toBeCloseTo(1 - Math.exp(-base - added), 6);
    expect(reasons.map(({ feature }) => feature)).toEqual(['base_rate', 'recent_failures']);
    expect(reasons[0]?.value).toBeCloseTo(0.08 * 0.7391, 6);
    expect(reasons[1]?.contribution).toBeGreaterThan(4);
  });

  test('a correction is a reason of its own', () => {
    const question = { kind: 'gpu', product: '', recency: new Float64Array(4), horizon: '7d' } as const;
    const [plain, corrected] = [rateRisk(own, question), rateRisk(own, { ...question, correction: Math.log(2) })];
    expect(corrected.reasons.map(({ feature, value }) => [feature, value]).at(-1)).toEqual(['intercept_correction', 2]);
    expect(corrected.reasons.slice(0, 2)).toEqual(plain.reasons);
    expect(corrected.probability / (1 - corrected.probability)).toBeCloseTo(
      (2 * plain.probability) / (1 - plain.probability),
      12,
    );
  });

  test('is a prior until the fleet has a failure of its own', () => {
    const question = { kind: 'gpu', product: '', recency: new Float64Array(4), horizon: '24h' } as const;
    expect(rateRisk(model, question).layer).toBe('prior');
    expect(rateRisk(own, question).layer).toBe('rate');
    expect(rateRisk(own, question).reasons[1]).toMatchObject({ value: 0, contribution: 0 });
    expect(hourMs * 24).toBe(dayMs);
  });
});
