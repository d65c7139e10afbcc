import { rateFactors } from '../../../../grafana-plugin/src/panels/failureprediction/uncertainty/gamma-interval';
import { probabilityRange } from '../../../../grafana-plugin/src/panels/failureprediction/uncertainty/probability-range';

// Quantiles of the gamma distribution over its mean, from tables of chi squared with 2 (1 + failures) degrees of freedom.
test.each([
  [0, 0.10259 / 2, 5.99146 / 2],
  [4, 3.9403 / 10, 18.307 / 10],
  [29, 43.188 / 60, 79.082 / 60],
])('after %i failures', (failures, low, high) => {
  expect(rateFactors(failures).low).toBeCloseTo(low, 3);
  expect(rateFactors(failures).high).toBeCloseTo(high, 3);
});

test('thousands of failures leave little doubt', () => {
  const { low, high } = rateFactors(5000);
  expect(low).toBeCloseTo(0.977, 2);
  expect(high).toBeCloseTo(1.023, 2);
});

test('a range holds its probability and stays below 1', () => {
  for (const probability of [0, 1e-6, 0.02, 0.7, 1]) {
    const { low, high } = probabilityRange(probability, rateFactors(3));
    expect(low).toBeLessThanOrEqual(probability);
    expect(high).toBeGreaterThanOrEqual(probability - 1e-9);
    expect(high).toBeLessThanOrEqual(1);
  }
});
