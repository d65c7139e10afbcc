import { explainQuestion } from '../../../../grafana-plugin/src/panels/failureprediction/api/questions';
import { binOf, readCard } from '../../../../grafana-plugin/src/panels/failureprediction/api/read-card';
import {
  readExplained,
  readIncidents,
} from '../../../../grafana-plugin/src/panels/failureprediction/api/read-explained';
import { barsOf } from '../../../../grafana-plugin/src/panels/failureprediction/reasons/bars';
import learnedCard from '../../../fixtures/grafana-plugin/prediction/learned/card.json';
import learned from '../../../fixtures/grafana-plugin/prediction/learned/explained.json';
import noCard from '../../../fixtures/grafana-plugin/prediction/prior/card.json';
import prior from '../../../fixtures/grafana-plugin/prediction/prior/explained.json';

test('a recorded answer of the prior: what happened before raises the risk, the base rate stands apart', () => {
  const { contributions, rules, layer } = readExplained(prior);
  const { bars, base, rest } = barsOf(contributions['7d'] ?? []);
  expect(bars).toMatchObject([{ feature: 'recent_failures', raises: true, length: 1, peerMedian: 0 }]);
  expect(base?.feature).toBe('base_rate');
  expect(rest).toBe(0);
  expect(layer['7d']).toBe('prior');
  expect(rules[0]?.sentence).toContain('waits to be remapped');
});

test('an answer of a trained model: telemetry against peers, and the average of the training apart', () => {
  const { contributions, layer } = readExplained(learned);
  expect(layer).toEqual({ '24h': 'learned', '7d': 'learned', '30d': 'rate' });
  const { bars, base } = barsOf(contributions['24h'] ?? []);
  expect(base?.feature).toBe('training_average');
  expect(bars[0]).toMatchObject({ feature: 'remapped_uncorrectable_slope_7d', peerMedian: 0, length: 1, raises: true });
  expect(bars.every(({ length }) => length > 0 && length <= 1)).toBe(true);
});

test('a card of a trained model tells what it was judged by', () => {
  const card = readCard(learnedCard);
  expect(card).toMatchObject({ chosen: 'learned', budget: { perDay: 10, caught: 159, incidents: 289 } });
  expect(card.limits.length).toBeGreaterThan(3);
  expect(binOf(card.bins, 0.199)?.observed).toBeGreaterThan(0.05);
});

test('bars share one scale, and what does not fit is summed up', () => {
  const each = (feature: string, amount: number) => ({ feature, amount, value: 1, peerMedian: undefined });
  const { bars, rest, restCount } = barsOf(
    [each('a', 0.5), each('b', -2), each('c', 0.1), each('d', -0.3), each('e', 0)],
    2,
  );
  expect(bars.map(({ feature, length, raises }) => [feature, length, raises])).toEqual([
    ['b', 1, false],
    ['a', 0.25, true],
  ]);
  expect(rest).toBeCloseTo(-0.2, 10);
  expect(restCount).toBe(2);
});

test('torn entries are left out, a foreign answer is refused', () => {
  const { contributions } = readExplained({
    ...prior,
    contributions: {
      '7d': [{ feature: 'a', contribution: 'much' }, null, { feature: 'b', contribution: 1, value: null }],
    },
  });
  expect(contributions['7d']).toEqual([{ feature: 'b', amount: 1, value: undefined, peerMedian: undefined }]);
  expect(() => readExplained({ risks: [] })).toThrow('names no GPU');
  expect(() => readIncidents('<html>')).toThrow('no list "incidents"');
  expect(() => readCard(noCard)).toThrow('no "model"');
});

test('a name that would be another path is not asked for', () => {
  expect(explainQuestion('GPU-1/../../models', 'c')).toBeUndefined();
  expect(explainQuestion('GPU-951fd27e', '')?.path).toBe('/api/v1/risk/GPU-951fd27e');
});

test('statements of about the same size are found at both ends', () => {
  const bin = (lowest: number, highest: number) => ({ lowest, highest, rows: 1, expected: 0, observed: 0 });
  const bins = [bin(0.01, 0.02), bin(0.02, 0.1)];
  expect([0.001, 0.02, 0.05, 0.9].map((probability) => binOf(bins, probability)?.highest)).toEqual([
    0.02, 0.02, 0.1, 0.1,
  ]);
  expect(binOf([], 0.1)).toBeUndefined();
});
