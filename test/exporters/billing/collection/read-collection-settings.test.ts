import { readCollectionSettings } from '../../../../exporters/billing/collection/read-collection-settings.ts';

const read = (start: unknown, recheck: unknown) =>
  readCollectionSettings(
    { value: start, where: 'billing.yaml: start' },
    { value: recheck, where: 'billing.yaml: recheck' },
  );

test('what is left out has its default', () => {
  expect(read(undefined, undefined)).toEqual({ startMs: undefined, recheckMs: 26 * 3_600_000 });
  expect(read(null, null)).toEqual({ startMs: undefined, recheckMs: 26 * 3_600_000 });
});

test('a date begins in UTC, a time where it says', () => {
  expect(read('2026-03-29', '0s')).toEqual({ startMs: Date.UTC(2026, 2, 29), recheckMs: 0 });
  expect(read('2026-03-29T01:00:00+02:00', '2d')).toEqual({
    startMs: Date.UTC(2026, 2, 28, 23),
    recheckMs: 172_800_000,
  });
});

test.each([
  ['start', 'yesterday', undefined, 'billing.yaml: start'],
  ['start', '2026-02-30', undefined, 'billing.yaml: start'],
  ['start', 5, undefined, 'billing.yaml: start'],
  ['recheck', undefined, '15d', 'billing.yaml: recheck'],
  ['recheck', undefined, 'soon', 'billing.yaml: recheck'],
  ['recheck', undefined, -1, 'billing.yaml: recheck'],
])('%s %p %p is refused with its place', (_key, start, recheck, where) => {
  expect(() => read(start, recheck)).toThrow(where);
});
