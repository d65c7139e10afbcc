import { alertsAt } from '../../../../exporters/prediction/evaluation/alerts/alerts-at.ts';
import { falseEpisodes } from '../../../../exporters/prediction/evaluation/alerts/false-episodes.ts';
import { incidentRecall } from '../../../../exporters/prediction/evaluation/alerts/incident-recall.ts';
import { daysOf } from '../../../../exporters/prediction/evaluation/days.ts';
import { figuresOf } from '../../../../exporters/prediction/evaluation/figures.ts';
import { judgedRows, type Scored } from '../../../../exporters/prediction/evaluation/scored.ts';
import type { Incident } from '../../../../exporters/prediction/labels/incident.ts';
import { dayMs, gpu, hourMs, incident, startMs } from '../fleet.ts';
import { scoredOf } from './scored.ts';

/** Scores of 20 days; on the days named, `a` or `b` is the highest. */
const highOn = (a: readonly number[], b: readonly number[]) => {
  const days = Array.from({ length: 20 }, (_, day) => day);
  return {
    a: days.map((day) => (a.includes(day) ? 0.9 : 0.1)),
    b: days.map((day) => (b.includes(day) ? 0.8 : 0.2)),
    c: days.map(() => 0.3),
  };
};
const at = (day: number, name = 'a', more: Partial<Incident> = {}) => incident(gpu(name), startMs + day * dayMs, more);
const alertsOf = (scored: Scored, k = 1) => alertsAt(k, scored.scores, daysOf(scored.moments, judgedRows(scored)));
const recallOf = (scored: Scored) => incidentRecall(scored, alertsOf(scored));
const episodesOf = (scored: Scored) =>
  falseEpisodes(scored, alertsOf(scored), daysOf(scored.moments, judgedRows(scored)));

test('a budget of k goes to the k highest of each day, of equal ones in the order of the entities', () => {
  const scored = scoredOf({ a: [0.1, 0.5], b: [0.5, 0.5], c: [0.2, 0.5] }, []);
  expect([...alertsOf(scored)]).toEqual([1, 3]);
  expect([...alertsOf(scored, 2)]).toEqual([1, 2, 3, 4]);
});

describe('incident recall', () => {
  test('counts incidents with an alert within the horizon before, and the time from the first of these', () => {
    const scored = scoredOf(highOn([1, 5, 6], [15]), [at(10.5), at(16, 'b'), at(12, 'c')]);
    // Days without a mark alert c, so its incident is caught too, with the full lead.
    expect(recallOf(scored)).toMatchObject({ incidents: 3, reachable: 3, caught: 3, recall: 1 });
    const own = recallOf(scoredOf(highOn([1, 5, 6], []), [at(10.5)]));
    expect(own).toMatchObject({ incidents: 1, caught: 1, leadP50Ms: 5.5 * dayMs, leadP10Ms: 5.5 * dayMs });
  });

  test('an alert more than a horizon before, or at the start itself, is none', () => {
    expect(recallOf(scoredOf(highOn([2, 10], []), [at(10)]))).toMatchObject({ incidents: 1, caught: 0, recall: 0 });
    expect(recallOf(scoredOf(highOn([3], []), [at(10)]))).toMatchObject({ caught: 1, leadP50Ms: 7 * dayMs });
  });

  test('an incident without a judged row before it counts as missed, and is told as out of reach', () => {
    const scored = scoredOf(highOn([3], []), [at(1, 'a', { endMs: startMs + 30 * dayMs }), at(20, 'a')]);
    expect(recallOf(scored)).toMatchObject({ incidents: 2, reachable: 1, caught: 0 });
  });

  test('incidents before the first row and after the last horizon do not count', () => {
    const outside = [at(0), at(26.1), at(-3)];
    expect(recallOf(scoredOf(highOn([], []), outside))).toMatchObject({
      incidents: 0,
      recall: undefined,
      leadP50Ms: undefined,
    });
    expect(recallOf(scoredOf(highOn([], []), [at(26), at(0.1)]))).toMatchObject({ incidents: 2 });
  });

  test('leads of several', () => {
    const names = ['a', 'b', 'c', 'd'];
    const scores = Object.fromEntries(
      names.map((name, index) => [name, Array.from({ length: 10 }, (_, day) => (day === index ? 1 : 0))]),
    );
    const scored = scoredOf(
      scores,
      names.map((name) => at(5, name)),
    );
    // Ties of the days behind go to a, which is down by then or not at risk of another one.
    const { leadP50Ms, leadP10Ms } = incidentRecall(scored, Uint32Array.from([0, 5, 10, 15]));
    expect(leadP50Ms).toBe(3.5 * dayMs);
    expect(leadP10Ms).toBeCloseTo(2.3 * dayMs, 3);
  });
});

describe('episodes', () => {
  test('alerts on days that follow each other are one, false unless an incident starts in it or a horizon after', () => {
    const quiet = scoredOf(highOn([2, 3, 4, 10], [11]), []);
    // a: days 2-4 and 10; b: day 11; c has all other days: 0-1, 5-9, 12-19.
    expect(episodesOf(quiet)).toEqual({ episodes: 6, falseOnes: 6, entityDays: 60, falsePer1000: 100 });
    const late = scoredOf(highOn([2, 3, 4], []), [at(11)]);
    expect(episodesOf(late)).toMatchObject({ episodes: 3, falseOnes: 2 });
    const tooLate = scoredOf(highOn([2, 3, 4], []), [at(11 + hourMs / dayMs)]);
    expect(episodesOf(tooLate)).toMatchObject({ episodes: 3, falseOnes: 3 });
    const within = scoredOf(highOn([2, 3, 5], []), [at(3.5)]);
    expect(episodesOf(within)).toMatchObject({ episodes: 5, falseOnes: 4 });
  });

  test('nothing judged, nothing told', () => {
    const none = { ...scoredOf(highOn([], []), []), labels: new Uint8Array(60).fill(255) };
    expect(episodesOf(none)).toEqual({ episodes: 0, falseOnes: 0, entityDays: 0, falsePer1000: undefined });
  });
});

describe('all figures', () => {
  const scored = scoredOf(highOn([5, 6, 7, 8, 9], []), [at(10)]);

  test('of rows that can be judged', () => {
    const figures = figuresOf(scored, { budgets: [1, 2], trainingBaseRate: 0.1 });
    expect(figures).toMatchObject({ rows: 60, failed: 7, days: 20, fromMs: startMs, untilMs: startMs + 26 * dayMs });
    expect(figures.baseRate).toBeCloseTo(7 / 60, 12);
    expect(figures.outcome).toMatchObject({ observed: 7, incidents: 1 });
    expect(figures.outcome.expected).toBeCloseTo(5 * 0.9 + 15 * 0.1 + 20 * 0.2 + 20 * 0.3, 9);
    expect(figures.constantBrier).toBeCloseTo((7 * 0.81 + 53 * 0.01) / 60, 12);
    expect(figures.brierSkill).toBeCloseTo(1 - (figures.brier ?? 0) / (figures.constantBrier ?? 1), 12);
    expect(figures.budgets.map(({ perDay, caught, precision }) => [perDay, caught, precision])).toEqual([
      [1, 1, 0.25],
      [2, 1, 0.125],
    ]);
    expect(figures.averagePrecision).toBeGreaterThan(0.7);
  });

  test('rows without a score, and unusable ones, are none of them', () => {
    const holes = { ...scored, scores: scored.scores.map((p, row) => (row < 30 ? Number.NaN : p)) };
    expect(figuresOf(holes, { budgets: [1] })).toMatchObject({ rows: 30, fromMs: startMs + 10 * dayMs, failed: 0 });
  });

  test('of nothing are undefined, not 0', () => {
    const empty = figuresOf(scoredOf({}, []), { budgets: [1] });
    expect(empty).toMatchObject({
      rows: 0,
      baseRate: undefined,
      averagePrecision: undefined,
      brier: undefined,
      untilMs: undefined,
    });
    expect(empty.budgets[0]).toMatchObject({ precision: undefined, recall: undefined, falsePer1000: undefined });
  });
});
