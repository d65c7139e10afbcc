import fc from 'fast-check';
import { byHorizon, horizons } from '../../../../exporters/prediction/horizon.ts';
import { composeRisk } from '../../../../exporters/prediction/risk/compose-risk.ts';
import { expectedFailures } from '../../../../exporters/prediction/risk/expected-failures.ts';
import { hasDrifted, interceptCorrection } from '../../../../exporters/prediction/risk/intercept-correction.ts';
import { logOddsOf, logOddsOfHazard } from '../../../../exporters/prediction/risk/log-odds.ts';
import { nodeProbability, nodeRisk } from '../../../../exporters/prediction/risk/node-risk.ts';
import { poissonInterval } from '../../../../exporters/prediction/risk/poisson-interval.ts';
import { defaultPriors } from '../../../../exporters/prediction/risk/rate/priors.ts';
import { rateModelOf } from '../../../../exporters/prediction/risk/rate/rate-model.ts';
import type { Risk, RiskLayer } from '../../../../exporters/prediction/risk/risk.ts';
import { dayMs, gpu, node, startMs } from '../fleet.ts';

const model = { ...rateModelOf({ exposures: [], priors: defaultPriors }), ownFailures: 1 };
const ask = (more: Partial<Parameters<typeof composeRisk>[0]> = {}) =>
  composeRisk({ entity: gpu('a'), product: '', atMs: startMs, model, events: [], rules: [], ...more });
const sumOf = (risk: Risk, horizon: '24h' | '7d' | '30d') =>
  risk.reasons[horizon].reduce((sum, { contribution }) => sum + contribution, 0);
const learned = (contribution: number) => ({
  reasons: [{ feature: 'temperature', value: 80, peerMedian: 60, contribution }],
});

test('log-odds of a hazard', () => {
  for (const hazard of [1e-9, 0.01, 1, 20]) {
    expect(logOddsOfHazard(hazard)).toBeCloseTo(logOddsOf(-Math.expm1(-hazard)), 6);
  }
  expect(logOddsOfHazard(1000)).toBe(1000);
});

describe('of an entity', () => {
  test('rules stand beside it and change no probability', () => {
    const rule = { rule: 'xid_79', severity: 'act_now', sentence: 'S.', action: 'restart_node', source: 'x' } as const;
    expect(ask({ rules: [rule] })).toEqual({ ...ask(), rules: [rule] });
  });

  test('a learned model answers for the horizons that it was promoted for', () => {
    const risk = ask({ learned: { '7d': learned(-3) } });
    expect(risk.layer).toEqual({ '24h': 'rate', '7d': 'learned', '30d': 'rate' });
    expect(risk.probability['7d']).toBeCloseTo(1 / (1 + Math.exp(3)), 12);
  });

  test('the learned model has a correction of its own', () => {
    const risk = ask({ correction: 1, learned: { '7d': { ...learned(-3), correction: 0.5 } } });
    expect(logOddsOf(risk.probability['7d'])).toBeCloseTo(-2.5, 12);
    expect(risk.reasons['7d'].map(({ contribution }) => contribution)).toEqual([-3, 0.5]);
    expect(risk.reasons['24h'].at(-1)).toMatchObject({ feature: 'intercept_correction', contribution: 1 });
  });

  test('a longer horizon that would be less likely is raised, and says so', () => {
    const { probability, reasons, layer } = ask({ learned: { '7d': learned(-1), '30d': learned(-2) } });
    expect(probability['30d']).toBe(probability['7d']);
    expect(reasons['30d'].map(({ feature, contribution }) => [feature, contribution])).toEqual([
      ['temperature', -2],
      ['shorter_horizon', 1],
    ]);
    expect(layer['30d']).toBe('learned');
  });

  test('reasons add up and probabilities grow with the horizon, whoever answers', () => {
    const maybe = fc.option(fc.double({ min: -8, max: 4, noNaN: true }).map(learned), { nil: undefined });
    fc.assert(
      fc.property(
        maybe,
        maybe,
        maybe,
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }),
        (day, week, month, ago) => {
          const events = ago.map((days) => ({
            entity: gpu('a'),
            atMs: startMs - days * dayMs,
            kind: 'xid_79',
            weight: 1,
          }));
          const each = { ...(day && { '24h': day }), ...(week && { '7d': week }), ...(month && { '30d': month }) };
          const risk = ask({ learned: each, events });
          for (const horizon of horizons)
            expect(logOddsOf(risk.probability[horizon])).toBeCloseTo(sumOf(risk, horizon), 9);
          expect(risk.probability['7d']).toBeGreaterThanOrEqual(risk.probability['24h']);
          expect(risk.probability['30d']).toBeGreaterThanOrEqual(risk.probability['7d']);
        },
      ),
    );
  });

  test('events of somebody else are a mistake', () => {
    expect(() => ask({ events: [{ entity: gpu('b'), atMs: startMs, kind: 'x', weight: 1 }] })).toThrow(
      'events of others',
    );
  });
});

describe('of a node', () => {
  const riskOf = (entity: Risk['entity'], p: number, layer: RiskLayer = 'rate'): Risk => ({
    entity,
    atMs: startMs,
    probability: byHorizon(() => p),
    layer: byHorizon(() => layer),
    reasons: byHorizon(() => []),
    rules: [],
  });

  test('one minus the product', () => {
    expect(nodeProbability(0.1, [0.2, 0.3])).toBeCloseTo(1 - 0.9 * 0.8 * 0.7, 12);
    expect(nodeProbability(0.1, [])).toBeCloseTo(0.1, 12);
    expect(nodeProbability(0, [1])).toBe(1);
  });

  test('is at least that of each GPU and of the host, also where they are tiny or certain, and its reasons add up', () => {
    const any = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1e-9, noNaN: true }));
    fc.assert(
      fc.property(any, fc.array(any, { maxLength: 8 }), (host, gpus) => {
        const risk = nodeRisk(
          riskOf(node('gpu-01'), host),
          gpus.map((p) => riskOf(gpu('a'), p)),
        );
        const p = risk.probability['7d'];
        for (const each of [host, ...gpus]) expect(p).toBeGreaterThanOrEqual(each);
        expect(p).toBeLessThanOrEqual(1);
        const total = sumOf(risk, '7d');
        expect(Number.isFinite(total)).toBe(true);
        if (p > 1e-6 && p < 1 - 1e-6) expect(logOddsOf(p)).toBeCloseTo(total, 4);
      }),
      { numRuns: 300 },
    );
  });

  test('tells the layer that knows most', () => {
    const risk = nodeRisk(riskOf(node('gpu-01'), 0.1, 'prior'), [
      riskOf(gpu('a'), 0.1, 'learned'),
      riskOf(gpu('b'), 0.1),
    ]);
    expect(risk.layer['24h']).toBe('learned');
    expect(risk.entity).toEqual(node('gpu-01'));
    expect(risk.reasons['24h'].map(({ feature }) => feature)).toEqual(['host', 'gpus']);
  });
});

describe('expected failures', () => {
  test('are the sum, with the interval of Poisson', () => {
    expect(expectedFailures([0.5, 1, Number.NaN, 0.5])).toEqual({
      expected: 2,
      low: 0,
      high: 5,
      level: 0.9,
      entities: 3,
    });
    expect(expectedFailures([])).toEqual({ expected: 0, low: 0, high: 0, level: 0.9, entities: 0 });
  });

  // Quantiles of a table of the Poisson distribution.
  test.each([
    [0.1, 0, 1],
    [1, 0, 3],
    [10, 5, 15],
    [100, 84, 117],
  ])('mean %d: %d to %d', (mean, low, high) => {
    expect(poissonInterval(mean)).toEqual({ low, high });
  });

  test('for a large fleet too', () => {
    const { low, high } = poissonInterval(1e6);
    expect(low).toBeCloseTo(1e6 - 1645, -1.5);
    expect(high).toBeCloseTo(1e6 + 1645, -1.5);
  });
});

describe('correction', () => {
  test('is the log of observed over expected, with enough incidents, and bounded', () => {
    expect(interceptCorrection({ observed: 70, expected: 35, incidents: 10 })).toBeCloseTo(Math.log(2), 12);
    expect(interceptCorrection({ observed: 70, expected: 35, incidents: 9 })).toBe(0);
    expect(interceptCorrection({ observed: 700, expected: 1, incidents: 100 })).toBeCloseTo(Math.log(4), 12);
    expect(interceptCorrection({ observed: 1, expected: 700, incidents: 10 })).toBeCloseTo(-Math.log(4), 12);
    expect(interceptCorrection({ observed: 0, expected: 0, incidents: 10 })).toBe(0);
  });

  test('drift is a ratio outside 0.5 to 2', () => {
    expect(hasDrifted({ observed: 20, expected: 10, incidents: 10 })).toBe(false);
    expect(hasDrifted({ observed: 21, expected: 10, incidents: 10 })).toBe(true);
    expect(hasDrifted({ observed: 4, expected: 10, incidents: 9 })).toBe(false);
    expect(hasDrifted({ observed: 10, expected: 21, incidents: 10 })).toBe(true);
    expect(hasDrifted({ observed: 0, expected: 12, incidents: 0 })).toBe(true);
    expect(hasDrifted({ observed: 0, expected: 9, incidents: 0 })).toBe(false);
  });
});
