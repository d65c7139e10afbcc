import {
  appendRisks,
  emptyLog,
  layerOfRow,
  type PredictionLog,
  withoutBefore,
} from '../../../../exporters/prediction/evaluation/outcomes/prediction-log.ts';
import { scoreLog } from '../../../../exporters/prediction/evaluation/outcomes/score-log.ts';
import { byHorizon } from '../../../../exporters/prediction/horizon.ts';
import { probabilityOf } from '../../../../exporters/prediction/learning/matrix.ts';
import { correctionReasons } from '../../../../exporters/prediction/risk/intercept-correction.ts';
import { logOddsOf } from '../../../../exporters/prediction/risk/log-odds.ts';
import type { Risk, RiskLayer } from '../../../../exporters/prediction/risk/risk.ts';
import { atOnce } from '../../../../exporters/prediction/steps.ts';
import { dayMs, gpu, incident, startMs } from '../fleet.ts';

function riskOf(name: string, day: number, p: number, layer: RiskLayer = 'rate'): Risk {
  return {
    entity: gpu(name),
    atMs: startMs + day * dayMs,
    probability: { '24h': p / 2, '7d': p, '30d': Math.min(0.9, p * 2) },
    layer: byHorizon(() => layer),
    reasons: byHorizon(() => []),
    rules: [],
  };
}

function logOf(days: number, layerOn: (day: number) => RiskLayer = () => 'rate'): PredictionLog {
  let log = emptyLog;
  for (let day = 0; day < days; day++) {
    const risks = ['c', 'a', 'b'].map((name) => riskOf(name, day, name === 'a' ? 0.4 : 0.1, layerOn(day)));
    log = appendRisks(log, risks, day < 5 ? 'old' : 'new');
  }
  return log;
}

describe('the log', () => {
  test('has a row of each entity and moment, in order, with its model and layer', () => {
    const log = logOf(7, (day) => (day < 3 ? 'prior' : 'learned'));
    expect(log.atMs).toHaveLength(21);
    expect(log.entities.map(({ uuid }) => uuid)).toEqual(['GPU-c', 'GPU-a', 'GPU-b']);
    expect([...log.entity.subarray(3, 6)]).toEqual([0, 1, 2]);
    expect(log.probability['7d'][4]).toBe(0.4);
    expect(log.probability['24h'][4]).toBe(0.2);
    expect(log.models).toEqual(['old', 'new']);
    expect([log.model[0], log.model[20]]).toEqual([0, 1]);
    expect([layerOfRow(log, '7d', 0), layerOfRow(log, '7d', 20)]).toEqual(['prior', 'learned']);
  });

  test('takes an entity that comes new, and keeps one that goes', () => {
    const log = appendRisks(logOf(1), [riskOf('z', 1, 0.3), riskOf('b', 1, 0.2)], 'new');
    expect([...log.entity]).toEqual([0, 1, 2, 2, 3]);
    expect([...log.probability['7d'].subarray(3)]).toEqual([0.2, 0.3]);
  });

  test('is not changed in hindsight', () => {
    const log = logOf(3);
    expect(() => appendRisks(log, [riskOf('a', 2, 0.9)], 'new')).toThrow('the log is already at');
    expect(() => appendRisks(log, [riskOf('a', 3, 0.9), riskOf('b', 4, 0.9)], 'new')).toThrow('different moments');
    expect(() => appendRisks(log, [riskOf('a', 3, 0.9), riskOf('a', 3, 0.9)], 'new')).toThrow('twice');
    expect(appendRisks(log, [], 'new')).toBe(log);
  });

  test('forgets what is old', () => {
    const log = withoutBefore(logOf(7), startMs + 5 * dayMs);
    expect(log.atMs).toHaveLength(6);
    expect(log.atMs[0]).toBe(startMs + 5 * dayMs);
    expect(log.probability['30d']).toHaveLength(6);
    expect([log.entity.length, log.model.length, log.layer['7d'].length]).toEqual([6, 6, 6]);
    expect(withoutBefore(log, startMs + 100 * dayMs).atMs).toHaveLength(0);
  });
});

describe('outcomes', () => {
  const incidents = [incident(gpu('a'), startMs + 10.5 * dayMs)];
  const log = logOf(30, (day) => (day < 8 ? 'prior' : 'rate'));
  const at = (day: number) => atOnce(scoreLog({ log, incidents, nowMs: startMs + day * dayMs, budgets: [1] }));

  test('are told as far as horizons are over', () => {
    expect(at(3)['7d'].all.rows).toBe(0);
    expect(at(3)['24h'].all).toMatchObject({ rows: 9, failed: 0 });
    expect(at(20)['7d'].all).toMatchObject({ rows: 42, failed: 7 });
    expect(at(20)['24h'].all).toMatchObject({ rows: 60, failed: 1 });
    expect(at(60)['30d'].all).toMatchObject({ rows: 90, failed: 11 });
  });

  test('by layer', () => {
    const { byLayer } = at(20)['7d'];
    expect(byLayer.prior).toMatchObject({ rows: 24, failed: 4 });
    expect(byLayer.rate).toMatchObject({ rows: 18, failed: 3 });
    expect(byLayer.learned).toBeUndefined();
  });

  test('with what was expected, and no correction from one incident', () => {
    const week = at(20)['7d'];
    expect(week.all.outcome).toMatchObject({ observed: 7, incidents: 1 });
    expect(week.all.outcome.expected).toBeCloseTo(14 * 0.6, 9);
    expect([week.correction, week.hasDrifted]).toEqual([{ prior: 0, rate: 0, learned: 0 }, false]);
    expect(week.all.budgets[0]).toMatchObject({ caught: 1, incidents: 1 });
  });

  describe('many failures that were not expected', () => {
    const many = Array.from({ length: 15 }, (_, day) => incident(gpu('b'), startMs + (day + 0.5) * dayMs));
    const scoreOf = (own: PredictionLog, model?: string) =>
      atOnce(scoreLog({ log: own, incidents: many, nowMs: startMs + 40 * dayMs, budgets: [], model }))['24h'];

    test('give a correction, of each layer by what it said itself', () => {
      const { correction, all } = scoreOf(logOf(30));
      expect(all.outcome.incidents).toBe(15);
      expect(correction.rate).toBeCloseTo(Math.log(15 / (30 * 0.3)), 9);
      expect([correction.prior, correction.learned]).toEqual([0, 0]);
      expect(scoreOf(logOf(30, (day) => (day < 4 ? 'prior' : 'rate'))).correction).toEqual({
        prior: 0,
        rate: expect.closeTo(Math.log(11 / (26 * 0.3)), 9),
        learned: 0,
      });
    });

    test('and only by what the model in use said', () => {
      expect(scoreOf(logOf(30), 'new').correction.rate).toBeCloseTo(Math.log(10 / (25 * 0.3)), 9);
      expect(scoreOf(logOf(30), 'old').correction.rate).toBe(0);
      expect(scoreOf(logOf(30), 'newest').correction.rate).toBe(0);
    });

    test('a correction that was made already does not count twice', () => {
      const shift = 0.7;
      const corrected = (risk: Risk): Risk => ({
        ...risk,
        probability: byHorizon((horizon) => probabilityOf(logOddsOf(risk.probability[horizon]) + shift)),
        reasons: byHorizon(() => correctionReasons(shift)),
      });
      let own = emptyLog;
      for (let day = 0; day < 30; day++)
        own = appendRisks(
          own,
          ['a', 'b', 'c'].map((name) => corrected(riskOf(name, day, name === 'a' ? 0.4 : 0.1))),
          'x',
        );
      expect(scoreOf(own).correction.rate).toBeCloseTo(scoreOf(logOf(30)).correction.rate, 9);
      expect(scoreOf(own).all.outcome.expected).toBeGreaterThan(scoreOf(logOf(30)).all.outcome.expected);
      expect(withoutBefore(own, startMs + 29 * dayMs).correction['7d']).toEqual(new Float64Array(3).fill(shift));
    });

    test('drift only where the ratio is beyond two', () => {
      expect(scoreOf(logOf(30)).hasDrifted).toBe(false);
      const twice = Array.from({ length: 25 }, (_, day) => incident(gpu('b'), startMs + (day + 0.5) * dayMs));
      const input = { log: logOf(30), incidents: twice, nowMs: startMs + 40 * dayMs, budgets: [] };
      expect(atOnce(scoreLog(input))['24h'].hasDrifted).toBe(true);
    });
  });

  test('rows out of service do not count', () => {
    const outOfService = [{ entity: gpu('c'), fromMs: startMs, untilMs: undefined }];
    const { all } = atOnce(scoreLog({ log, incidents, outOfService, nowMs: startMs + 20 * dayMs, budgets: [] }))['7d'];
    expect(all.rows).toBe(28);
  });
});
