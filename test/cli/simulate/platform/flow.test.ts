import { createFlow, meanRate } from '../../../../cli/simulate/platform/flow.ts';

const flows = [1, 2, 3, 4, 5].map((key) => createFlow({ mean: 40, swing: 0.9, keys: [key] }));
const start = 1_790_000_000;

test('a total never falls, and grows by the rate', () => {
  for (const flow of flows) {
    for (let second = start; second < start + 3_600; second += 7) {
      const grown = flow.totalAt(second + 1, start) - flow.totalAt(second, start);
      expect(grown).toBeGreaterThanOrEqual(0);
      expect(grown).toBeCloseTo((flow.rateAt(second) + flow.rateAt(second + 1)) / 2, 1);
    }
  }
});

test('over a long time it flows at its mean, and no two flows alike', () => {
  for (const flow of flows) expect(meanRate(flow, start + 86_400, 86_400)).toBeCloseTo(40, 0);
  expect(new Set(flows.map((flow) => flow.rateAt(start))).size).toBe(flows.length);
});
