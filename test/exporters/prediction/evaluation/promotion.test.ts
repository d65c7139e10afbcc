import { figuresOf } from '../../../../exporters/prediction/evaluation/figures.ts';
import { prequential, scoresOf } from '../../../../exporters/prediction/evaluation/prequential/prequential.ts';
import { stretchesOf } from '../../../../exporters/prediction/evaluation/prequential/stretches.ts';
import { compareStretches } from '../../../../exporters/prediction/evaluation/promotion/compare-stretches.ts';
import { decidePromotion } from '../../../../exporters/prediction/evaluation/promotion/decide.ts';
import { pairedTest } from '../../../../exporters/prediction/evaluation/promotion/paired-test.ts';
import {
  defaultPromotionRule,
  type StretchEvidence,
} from '../../../../exporters/prediction/evaluation/promotion/promotion.ts';
import { mayReplace } from '../../../../exporters/prediction/evaluation/promotion/replacement.ts';
import { judgedRows } from '../../../../exporters/prediction/evaluation/scored.ts';
import { learnedScorer } from '../../../../exporters/prediction/evaluation/scorers/learned-scorer.ts';
import { rateScorer } from '../../../../exporters/prediction/evaluation/scorers/rate-scorer.ts';
import type { Scorer } from '../../../../exporters/prediction/evaluation/scorers/scorer.ts';
import { seeded } from '../fleet.ts';
import { scoredOf, simulatedFleet } from './scored.ts';
import { trainByBins } from './train-by-bins.ts';

const learner = learnedScorer({ name: 'bins', train: trainByBins });

function fleetOf(seed: number, signal: number, entities = 100, days = 200) {
  const { table, labels, incidents } = simulatedFleet(seed, signal, entities, days);
  const input = { table, labels, horizon: '7d' as const, stretches: stretchesOf(table, '7d') };
  const rate = prequential(rateScorer({ incidents }), input);
  const decide = (candidate: Scorer) =>
    decidePromotion({ moments: table, labels, horizon: '7d', incidents, rate, learned: prequential(candidate, input) });
  return { table, labels, incidents, rate, decide };
}

describe('where there is a signal', () => {
  const fleet = fleetOf(1, 1.2);
  const decision = fleet.decide(learner);

  test('the learned model is chosen, with evidence for every metric and stretch', () => {
    expect(decision.chosen).toBe('learned');
    expect(decision.candidate).toBe('bins');
    expect(decision.incidents).toBeGreaterThanOrEqual(100);
    expect(decision.comparisons.map(({ metric, isBetter }) => [metric, isBetter])).toEqual([
      ['average_precision', true],
      ['brier', true],
      ['precision_at_k', true],
    ]);
    for (const { gain, lowerBound } of decision.comparisons) expect(lowerBound).toBeLessThan(gain);
    expect(decision.stretches.length).toBeGreaterThanOrEqual(6);
    expect(decision.reasons[0]).toMatch(/^Average precision is better: 0\.\d+ against 0\.\d+ of the rate model\.$/);
  });

  test('it survives JSON', () => {
    expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
  });

  test('too few incidents: not chosen, however good it is', () => {
    const small = fleetOf(2, 3, 40, 240).decide(learner);
    expect(small.chosen).toBe('rate');
    expect(small.comparisons[0]?.isBetter).toBe(true);
    expect(small.reasons).toContain(
      `${small.incidents} incidents are labelled; a learned model is considered from 100 on.`,
    );
  });

  test('too little time: not chosen', () => {
    const short = fleetOf(2, 3, 400, 60).decide(learner);
    expect(short.incidents).toBeGreaterThanOrEqual(100);
    expect(short.chosen).toBe('rate');
    expect(short.reasons[0]).toMatch(/^Something failed in \d stretches that both models scored; 6 are needed/);
  });

  test('a good order with wrong probabilities is not chosen', () => {
    const loud: Scorer = {
      name: 'loud',
      fit: (past) => {
        const score = learner.fit(past);
        return score && ((rows) => score(rows).map(Math.cbrt));
      },
    };
    const wrong = fleet.decide(loud);
    expect(wrong.chosen).toBe('rate');
    expect(wrong.comparisons.map(({ metric, isBetter }) => [metric, isBetter])).toEqual([
      ['average_precision', true],
      ['brier', false],
      ['precision_at_k', true],
    ]);
    expect(wrong.reasons).toEqual([expect.stringMatching(/^Brier score is not better/)]);
  });
});

describe('where there is none', () => {
  const fleets = Array.from({ length: 8 }, (_, seed) => fleetOf(100 + seed, 0));

  test('chance is not taken for skill', () => {
    const decisions = fleets.map(({ decide }) => decide(learner));
    expect(decisions.every(({ incidents }) => incidents >= 100)).toBe(true);
    expect(decisions.filter(({ chosen }) => chosen === 'learned')).toEqual([]);
  });

  test('nor is a lucky order', () => {
    const decisions = fleets.map(({ decide }, seed) => {
      const random = seeded(seed);
      return decide({ name: 'luck', fit: () => (rows) => Float64Array.from(rows, () => 0.04 + 1e-4 * random()) });
    });
    expect(decisions.some(({ comparisons }) => (comparisons[0]?.gain ?? 0) > 0)).toBe(true);
    expect(decisions.filter(({ chosen }) => chosen === 'learned')).toEqual([]);
  });

  test('the rate model is not better than itself', () => {
    const decision = fleets[0]?.decide(rateScorer({ incidents: fleets[0].incidents }));
    expect(decision?.chosen).toBe('rate');
    expect(decision?.comparisons.map(({ gain }) => gain)).toEqual([0, 0, 0]);
  });
});

test('a candidate that learned nothing is not chosen, and nothing breaks', () => {
  const decision = fleetOf(1, 1, 60, 120).decide({ name: 'nothing', fit: () => undefined });
  expect(decision).toMatchObject({ chosen: 'rate', stretches: [] });
  expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
});

describe('comparison over stretches', () => {
  const metrics = (area: number, score: number, precision: number) => ({
    average_precision: area,
    brier: score,
    precision_at_k: precision,
  });
  /** Eight stretches with these gains, turn by turn. */
  const better = (...gains: readonly (readonly [number, number, number])[]) => {
    const stretches = Array.from({ length: 8 }, (_, index): StretchEvidence => {
      const [area, score, precision] = gains[index % gains.length] ?? [0, 0, 0];
      const learned = metrics(0.1 + area, 0.02 - score, 0.1 + precision);
      return { fromMs: index, untilMs: index + 1, rows: 10, failed: 1, rate: metrics(0.1, 0.02, 0.1), learned };
    });
    return compareStretches(stretches, defaultPromotionRule).map(({ isBetter }) => isBetter);
  };

  test('a gain everywhere is one', () => {
    expect(better([0.01, 1e-4, 0.01], [0.02, 2e-4, 0.02])).toEqual([true, true, true]);
  });

  test('a gain in average precision or in Brier score that may be chance is none', () => {
    expect(better([0.03, 1e-4, 0.01], [-0.02, 2e-4, 0.02])).toEqual([false, true, true]);
    expect(better([0.01, 3e-4, 0.01], [0.02, -2e-4, 0.02])).toEqual([true, false, true]);
  });

  test('precision may scatter a little, but must gain and not lose much', () => {
    expect(better([0.01, 1e-4, 0.03], [0.02, 2e-4, -0.02])).toEqual([true, true, true]);
    expect(better([0.01, 1e-4, 0.1], [0.02, 2e-4, -0.09])).toEqual([true, true, false]);
    expect(better([0.01, 1e-4, -0.001])).toEqual([true, true, false]);
    expect(better([0.01, 1e-4, 0])).toEqual([true, true, false]);
  });
});

describe('paired test', () => {
  test('lower bound by Student', () => {
    const { pairs, mean, lowerBound } = pairedTest([1, 2, 3, 4, 5, 6]);
    expect([pairs, mean]).toEqual([6, 3.5]);
    expect(lowerBound).toBeCloseTo(3.5 - 2.015 * (Math.sqrt(3.5) / Math.sqrt(6)), 9);
    expect(pairedTest(Array.from({ length: 100 }, (_, index) => index % 2)).lowerBound).toBeCloseTo(
      0.5 - 1.645 * 0.05025,
      3,
    );
  });

  test('one pair or none proves nothing', () => {
    expect(pairedTest([5])).toEqual({ pairs: 1, mean: 5, lowerBound: Number.NEGATIVE_INFINITY });
    expect(pairedTest([]).lowerBound).toBe(Number.NEGATIVE_INFINITY);
  });

  test('of noise about one in twenty lies above', () => {
    const random = seeded(11);
    const noise = () => Array.from({ length: 8 }, () => random() + random() + random() - 1.5);
    const above = Array.from({ length: 2000 }, () => pairedTest(noise()).lowerBound > 0).filter(Boolean).length;
    expect(above / 2000).toBeGreaterThan(0.035);
    expect(above / 2000).toBeLessThan(0.065);
  });
});

describe('a new model in the place of the running one', () => {
  const { table, labels, rate, incidents } = fleetOf(1, 1.2, 60, 120);
  const scores = scoresOf(rate, labels.length);
  const figures = (own: Float64Array) =>
    figuresOf({ moments: table, labels, scores: own, horizon: '7d', incidents }, { budgets: [] });

  test('must be no worse in order and in probability', () => {
    expect(mayReplace(figures(scores), figures(scores))).toEqual({ mayReplace: true, reasons: [] });
    const loud = mayReplace(figures(scores), figures(scores.map(Math.sqrt)));
    expect(loud.mayReplace).toBe(false);
    expect(loud.reasons).toEqual([
      expect.stringMatching(
        /^Its Brier score on the newest complete window is 0\.\d+, worse than 0\.\d+ of the running model\.$/,
      ),
    ]);
    const known = scores.map((score, row) => (labels[row] === 1 ? score + 1e-3 : score));
    expect(mayReplace(figures(known), figures(scores)).reasons).toEqual([expect.stringContaining('average precision')]);
  });

  test('where nothing failed nothing speaks against it', () => {
    const quiet = scoredOf({ a: [0.1, 0.2] }, []);
    const none = figuresOf(quiet, { budgets: [] });
    expect(judgedRows(quiet)).toHaveLength(2);
    expect(mayReplace(none, { ...none, brier: 1 }).mayReplace).toBe(true);
    expect(defaultPromotionRule.incidents).toBe(100);
  });
});
