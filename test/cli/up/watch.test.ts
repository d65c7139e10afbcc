import { meteredPart } from '../../../cli/up/watch.ts';

const endMs = Date.UTC(2026, 10, 28);
const history = { startMs: endMs - 30 * 86_400_000, endMs };

test('how much of the history is metered is shown until only the last windows are left', () => {
  expect(meteredPart(history, undefined)).toEqual(['history 0 % metered']);
  expect(meteredPart(history, endMs / 1000 - 15 * 86_400)).toEqual(['history 50 % metered']);
  expect(meteredPart(history, endMs / 1000 - 8 * 3600)).toEqual(['history 98 % metered']);
  expect(meteredPart(history, endMs / 1000 - 3600)).toEqual([]);
});

test('without a history there is nothing to show', () => {
  expect(meteredPart(undefined, 0)).toEqual([]);
});
