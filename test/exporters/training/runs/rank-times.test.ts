import fc from 'fast-check';
import { addRankTime, createRankTimes, rankSpread } from '../../../../exporters/training/runs/rank-times.ts';

const plenty = { left: 1_000_000 };

function afterSteps(steps: number, seconds: (rank: number, step: number) => number, ranks = 4) {
  const times = createRankTimes();
  for (let step = 0; step < steps; step++) {
    for (let rank = 0; rank < ranks; rank++) {
      addRankTime(times, { rank, seconds: seconds(rank, step), atSeconds: 100 + step }, 1000, plenty);
    }
  }
  return times;
}

test('the score of a rank is the time of the fastest over its own', () => {
  const spread = rankSpread(afterSteps(8, (rank) => (rank === 2 ? 1.25 : 1)));
  expect(spread).toMatchObject({ min: 1, median: 1, max: 1.25 });
  expect(spread?.scores[0]).toEqual({ rank: 2, seconds: 1.25, relative: 0.8, individual: 1 });
});

test('the median is that of the ranks, the faster one of the two in the middle', () => {
  expect(rankSpread(afterSteps(8, (rank) => 1 + rank, 5))).toMatchObject({ min: 1, median: 3, max: 5 });
  expect(rankSpread(afterSteps(8, (rank) => 1 + rank, 4))).toMatchObject({ min: 1, median: 2, max: 4 });
});

test('a rank that becomes slower than itself has a lower individual score', () => {
  const spread = rankSpread(afterSteps(16, (rank, step) => (rank === 1 && step >= 8 ? 2 : 1)));
  expect(spread?.scores[0]).toMatchObject({ rank: 1, relative: 0.5, individual: 0.5 });
  expect(spread?.scores[1]).toMatchObject({ relative: 1, individual: 1 });
});

test('before a window is full, or with one rank alone, there is nothing to compare', () => {
  expect(rankSpread(afterSteps(7, () => 1))).toBeUndefined();
  expect(rankSpread(afterSteps(8, () => 1, 1))).toBeUndefined();
});

test('where reports are rare a window ends after half a minute', () => {
  const times = createRankTimes();
  for (const atSeconds of [0, 29.5, 30]) {
    expect(rankSpread(times)).toBeUndefined();
    for (const rank of [0, 1]) addRankTime(times, { rank, seconds: 1 + rank, atSeconds }, 10, plenty);
  }
  expect(rankSpread(times)).toMatchObject({ min: 1, max: 2 });
});

test('a rank that says no more is not compared for ever', () => {
  const times = afterSteps(8, (rank) => (rank === 3 ? 9 : 1));
  for (let step = 0; step < 8; step++) {
    for (const rank of [0, 1]) addRankTime(times, { rank, seconds: 1, atSeconds: 1000 + step }, 10, plenty);
  }
  expect(
    rankSpread(times)
      ?.scores.map(({ rank }) => rank)
      .sort(),
  ).toEqual([0, 1]);
});

test('no more ranks than allowed are remembered', () => {
  const times = createRankTimes();
  const taken = Array.from({ length: 5 }, (_, rank) =>
    addRankTime(times, { rank, seconds: 1, atSeconds: 0 }, 3, plenty),
  );
  expect(taken).toEqual([true, true, true, false, false]);
  expect(addRankTime(times, { rank: 0, seconds: 1, atSeconds: 1 }, 3, plenty)).toBe(true);
});

test('scores are from 0 to 1, whatever the times are', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 2, maxLength: 20 }), (seconds) => {
      const spread = rankSpread(afterSteps(8, (rank) => seconds[rank] ?? 0, seconds.length));
      for (const { relative, individual } of spread?.scores ?? []) {
        expect(relative).toBeGreaterThanOrEqual(0);
        expect(relative).toBeLessThanOrEqual(1);
        expect(individual).toBeLessThanOrEqual(1);
      }
      expect(spread?.scores.at(-1)?.relative).toBe(1);
    }),
  );
});
