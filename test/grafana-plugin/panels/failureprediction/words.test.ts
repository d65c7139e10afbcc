import { addressKeyOf, heldHorizon, heldText } from '../../../../grafana-plugin/src/panels/failureprediction/options';
import { columnsFor } from '../../../../grafana-plugin/src/panels/failureprediction/table/columns';
import { scrollTo, windowOf } from '../../../../grafana-plugin/src/panels/failureprediction/table/window-of';
import {
  durationText,
  percentText,
  rangeText,
  timesText,
} from '../../../../grafana-plugin/src/panels/failureprediction/texts/format';

test.each([
  [0, '0 %'],
  [0.0000001, '< 0.001 %'],
  [0.0011325, '0.11 %'],
  [0.0249, '2.5 %'],
  [0.1213, '12 %'],
  [1, '100 %'],
])('the share %d reads %s', (share, text) => {
  expect(percentText(share)).toBe(text);
});

test('decimals that somebody has set are kept', () => {
  expect(percentText(0.0011325, 3)).toBe('0.113 %');
});

test('ranges, ratios and lengths of time', () => {
  expect(rangeText({ low: 0.0001, high: 0.0034 })).toBe('0.01 – 0.34 %');
  expect([timesText(107.3), timesText(2.345)]).toEqual(['× 107', '× 2.3']);
  expect([0, 90_000, 3 * 3_600_000, 47 * 3_600_000, 49 * 3_600_000].map(durationText)).toEqual([
    '0 min',
    '2 min',
    '3 h',
    '47 h',
    '2 d',
  ]);
});

test('a variable of an option is where a choice goes', () => {
  expect(addressKeyOf('$gpu', undefined)).toBe('var-gpu');
  expect(addressKeyOf('$' + '{gpu:raw}', undefined)).toBe('var-gpu');
  expect(addressKeyOf('$gpu', 'gpu')).toBe('gpu');
  expect(addressKeyOf('GPU-1', undefined)).toBeUndefined();
  expect([heldText('$gpu'), heldText(' GPU-1 ')]).toEqual(['', 'GPU-1']);
  expect([heldHorizon('30d'), heldHorizon('$horizon'), heldHorizon('')]).toEqual(['30d', '7d', '7d']);
});

test('rows in sight, with some around them, and never beyond the end', () => {
  expect(windowOf(10_000, 30, 30_000, 300)).toEqual({ from: 994, to: 1016 });
  expect(windowOf(5, 30, 9_999, 300)).toEqual({ from: 5, to: 5 });
  expect(scrollTo(3, 30, 0, 90)).toBe(30);
  expect(scrollTo(1, 30, 0, 90)).toBeUndefined();
  expect(scrollTo(1, 30, 60, 90)).toBe(30);
});

test('a narrow table keeps what counts: rank, GPU, the chosen horizon and what to do', () => {
  expect(columnsFor(380, '30d').shown).toEqual(['rank', 'gpu', '30d', 'action']);
  expect(columnsFor(1240, '7d').shown).toHaveLength(11);
});
