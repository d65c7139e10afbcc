import { byHorizon } from '../../../../exporters/prediction/horizon.ts';
import type { Risk } from '../../../../exporters/prediction/risk/risk.ts';
import { alertedRisks, likeliestFirst } from '../../../../exporters/prediction/serving/rank.ts';

const risk = (uuid: string, probability: number, isOut = false): Risk => ({
  entity: { kind: 'gpu', cluster: 'prod', node: 'n1', uuid },
  atMs: 0,
  probability: byHorizon(() => probability),
  layer: byHorizon(() => 'rate' as const),
  reasons: byHorizon(() => []),
  rules: [],
  isOut,
});
const names = (risks: readonly Risk[]): string => risks.map(({ entity }) => entity.uuid).join(' ');
const fleet = [risk('a', 0.01), risk('b', 0.5, true), risk('d', 0.2), risk('c', 0.2), risk('e', 0.01), risk('f', 0.01)];

test('the likeliest come first, of equals by name, and those out of service last', () => {
  expect(names(likeliestFirst(fleet))).toBe('c d a e f b');
});

test('nobody is alerted of a GPU that is out of service already, nor where none stands out', () => {
  expect(names(alertedRisks(fleet, 10))).toBe('c d');
  expect(names(alertedRisks(fleet, 1))).toBe('c');
  expect(alertedRisks([risk('a', 0.01), risk('b', 0.01)], 10)).toEqual([]);
});
