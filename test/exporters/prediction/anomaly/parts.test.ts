import { budgetCells, createBudget } from '../../../../exporters/prediction/anomaly/budget.ts';
import { newCells } from '../../../../exporters/prediction/anomaly/cells.ts';
import { createDrift } from '../../../../exporters/prediction/anomaly/drift.ts';
import { createPeers, peerLimit } from '../../../../exporters/prediction/anomaly/peers.ts';
import { createRefractory } from '../../../../exporters/prediction/anomaly/refractory.ts';
import { noiseOf, quantileOf, randomOf } from './generated.ts';

const dayMs = 86_400_000;

describe('refractory', () => {
  function reported(scores: readonly number[], slots: number, threshold = 1): readonly number[] {
    const refractory = createRefractory(slots);
    const { cells } = newCells(refractory.counts);
    return [...scores.keys()].filter((at) => refractory.step(cells, scores[at] as number, threshold));
  }

  test('is what a look at the last scores gives', () => {
    const random = randomOf(1);
    const scores = Array.from({ length: 400 }, () => (random() < 0.1 ? Number.NaN : Math.fround(3 * random() ** 4)));
    const expected = [...scores.keys()].filter((at) => {
      const score = scores[at] as number;
      return score >= 1 && scores.slice(Math.max(0, at - 9), at).every((earlier) => !(earlier >= score));
    });
    expect(expected.length).toBeGreaterThan(20);
    expect(reported(scores, 9)).toEqual(expected);
  });

  test('one incident that lasts is one report, and one that grows is more', () => {
    expect(reported([2, 2, 2, 1.9, 2], 3)).toEqual([0]);
    expect(reported([2, 2.5, 3, 1], 3)).toEqual([0, 1, 2]);
    expect(reported([2, 0, 0, 0, 2], 3)).toEqual([0, 4]);
  });
});

describe('budget', () => {
  function spentOn(scores: readonly number[], days: number, perEntityDay = 0.1) {
    const budget = createBudget({ perEntityDay, least: 1.5 }, newCells(budgetCells).cells);
    const each = Math.ceil(scores.length / days);
    for (let day = 0; day < days; day++) {
      budget.pass(day * dayMs, 100);
      for (const score of scores.slice(day * each, (day + 1) * each)) budget.count(score);
    }
    return budget;
  }

  const random = randomOf(2);
  const scores = Array.from({ length: 1000 }, () => 1.5 / (1 - random()));

  test('the threshold is the lowest that would have kept to it, within a step of 3 %', () => {
    const budget = spentOn(scores, 10);
    const threshold = budget.threshold();
    const reports = scores.filter((score) => score >= threshold).length;
    expect(reports).toBeLessThanOrEqual(100);
    expect(scores.filter((score) => score >= threshold / 1.03).length).toBeGreaterThan(100);
    expect(budget.spent()).toBeCloseTo(reports / 1000, 9);
  });

  test('it stays at the least while there is little to tell, or little to report', () => {
    expect(spentOn(scores, 10, 0.004).threshold()).toBe(1.5);
    expect(spentOn(scores.slice(0, 90), 10).threshold()).toBe(1.5);
    expect(spentOn(scores.slice(0, 101), 10).threshold()).toBeGreaterThan(1.5);
  });

  test('what is older than 14 days is forgotten', () => {
    const budget = spentOn(scores, 10);
    for (let day = 10; day < 24; day++) budget.pass(day * dayMs, 100);
    expect([budget.threshold(), budget.spent()]).toEqual([1.5, 0]);
    const later = spentOn(scores, 10);
    later.pass(100 * dayMs, 1);
    expect(later.threshold()).toBe(1.5);
  });
});

describe('peers', () => {
  const floors = [{ absolute: 0.01, relative: 0 }];

  function compare(
    values: readonly number[],
    starts: readonly number[],
    { minPeers = 5, usual = values.map(() => Number.NaN) } = {},
  ) {
    const tables = {
      values: Float64Array.from(values),
      residuals: new Float64Array(values.length),
      usual: Float64Array.from(usual),
      scores: new Float64Array(values.length),
    };
    const members = Uint32Array.from(values.keys());
    createPeers({ floors, minPeers })({ members, starts: Uint32Array.from(starts) }, tables);
    return tables;
  }

  test('a score is the distance to the median in robust deviations over the limit, group by group', () => {
    const noise = noiseOf(3);
    const values = Array.from({ length: 30 }, (_, at) => (at < 17 ? 10 : 1e12) + noise());
    const { residuals, scores } = compare(values, [0, 17, 30]);
    for (const [from, to] of [
      [0, 17],
      [17, 30],
    ] as const) {
      const group = values.slice(from, to);
      const median = quantileOf(group, 0.5);
      const distance = quantileOf(
        group.map((value) => Math.abs(value - median)),
        0.5,
      );
      group.forEach((value, at) => {
        expect(residuals[from + at]).toBeCloseTo(value - median, 9);
        expect(scores[from + at]).toBeCloseTo(Math.abs(value - median) / (1.4826 * distance * peerLimit), 6);
      });
    }
  });

  test('too few peers say nothing, and one without a reading is no peer', () => {
    expect([...compare([1, 2, 3, Number.NaN, 9], [0, 5]).scores].every(Number.isNaN)).toBe(true);
    const { scores, residuals } = compare([1, 1, 1, Number.NaN, 1, 2], [0, 6]);
    expect([scores[0], scores[3], residuals[3]]).toEqual([0, Number.NaN, Number.NaN]);
    expect(scores[5]).toBeCloseTo(1 / (0.01 * peerLimit), 6);
  });

  test('what is usual of each is taken off, and who has no past is compared as it is', () => {
    const offsets = [0, 10, -10, 5, -5, 3, -3];
    const noise = [0.1, -0.1, 0.2, -0.2, 0, 0.15, 8];
    const values = offsets.map((offset, at) => 60 + offset + (noise[at] as number));
    const plain = compare(values, [0, 7]).scores;
    const known = compare(values, [0, 7], { usual: offsets }).scores;
    expect(Math.max(...plain)).toBeLessThan(1);
    const [, , , , , sixth = 0, hot = 0] = known;
    expect(hot).toBeGreaterThan(5);
    expect(sixth).toBeLessThan(0.3);
    const fresh = compare(values, [0, 7], { usual: offsets.map((offset, at) => (at === 1 ? Number.NaN : offset)) });
    expect(fresh.scores[1]).toBeCloseTo(plain[1] as number, 9);
    expect(fresh.scores[6]).toBeGreaterThan(5);
    const few = compare(values, [0, 7], { usual: offsets.map((offset, at) => (at < 3 ? Number.NaN : offset)) });
    expect([...few.scores]).toEqual([...plain]);
  });

  test('a shift of all changes no score', () => {
    const values = Array.from({ length: 12 }, noiseOf(4));
    const moved = compare(
      values.map((value) => value + 40),
      [0, 12],
    ).scores;
    compare(values, [0, 12]).scores.forEach((score, at) => {
      expect(moved[at]).toBeCloseTo(score, 6);
    });
  });
});

describe('drift', () => {
  const settings = {
    floors: [
      { absolute: 0.01, relative: 0 },
      { absolute: 0.01, relative: 0 },
    ],
    block: 4,
    blockMinimum: 2,
    reference: 28,
    lag: 7,
    referenceMinimum: 7,
  };

  /** Scores of the first metric after each block; the second sees something else. */
  function scores(blocks: readonly (number | undefined)[]): readonly number[] {
    const drift = createDrift(settings);
    const { cells } = newCells(drift.counts);
    return blocks.map((mean) => {
      let score = Number.NaN;
      for (let slot = 0; slot < 4; slot++) {
        score = drift.step(cells, 0, mean === undefined ? Number.NaN : mean + (slot % 2 === 0 ? 1 : -1));
        drift.step(cells, 1, slot * 1e6);
      }
      return score;
    });
  }

  const noise = noiseOf(5);
  const quiet = Array.from({ length: 60 }, () => noise());

  /** Page's sums by hand. */
  function byHand(blocks: readonly number[]): readonly number[] {
    let [up, down] = [0, 0];
    return blocks.map((mean, at) => {
      const reference = blocks.slice(Math.max(0, at - 35), Math.max(0, at - 7));
      if (reference.length < 7) return Number.NaN;
      const usual = reference.reduce((sum, each) => sum + each, 0) / reference.length;
      const deviation = Math.sqrt(reference.reduce((sum, each) => sum + (each - usual) ** 2, 0) / reference.length);
      const distance = Math.max(-4, Math.min(4, (mean - usual) / Math.max(deviation, 0.01)));
      up = Math.max(0, Math.min(16, up + distance - 0.5));
      down = Math.max(0, Math.min(16, down - distance - 0.5));
      return Math.max(up, down) / 8;
    });
  }

  test('is the two-sided cumulative sum of the blocks', () => {
    const actual = scores(quiet);
    byHand(quiet).forEach((expected, at) => {
      if (Number.isNaN(expected)) expect(actual[at]).toBeNaN();
      else expect(actual[at]).toBeCloseTo(expected, 6);
    });
  });

  test.each([1, -1])('sees a drift of a fifth of a deviation a block within three weeks, in direction %d', (sign) => {
    const drifting = [...quiet, ...Array.from({ length: 21 }, (_, at) => noise() + sign * 0.2 * at)];
    expect(Math.max(...scores(quiet).filter((score) => !Number.isNaN(score)))).toBeLessThan(1);
    expect(Math.max(...scores(drifting).slice(60))).toBeGreaterThan(1);
  });

  test('one bad block is no drift, and a block with too few readings is left out', () => {
    const [before = 0, then = 0] = scores([...quiet, 1e6]).slice(-2);
    expect(then - before).toBeCloseTo(3.5 / 8, 9);
    const without = scores([...quiet, undefined, ...quiet.slice(0, 3)]);
    expect(without[60]).toBe(without[59]);
    expect(Number.isFinite(without.at(-1))).toBe(true);
  });

  test('what is usual is the mean of the blocks before the last seven, once seven of them are known', () => {
    const drift = createDrift(settings);
    const { cells } = newCells(drift.counts);
    const usual = Array.from({ length: 40 }, (_, block) => {
      for (let slot = 0; slot < 4; slot++) drift.step(cells, 0, block);
      return drift.usual(cells, 0);
    });
    expect(usual.slice(0, 14)).toEqual(Array(14).fill(Number.NaN));
    expect([usual[14], usual[20], usual[39]]).toEqual([3, 6, 17.5]);
  });

  test('equal blocks are no drift', () => {
    expect(scores(Array(40).fill(7)).slice(-20)).toEqual(Array(20).fill(0));
  });
});
