import { daysText, periodBefore } from '../../../grafana-plugin/src/pages/cost/period';

test.each([
  ['2026-11', '2026-10'],
  ['2026-01', '2025-12'],
  ['quarter', undefined],
])('before %s is %s', (name, before) => {
  expect(periodBefore(name)).toBe(before);
});

test('days are those of the time zone in which the bill was cut, the last one included', () => {
  const period = { from: '2026-10-27T23:00:00.000Z', to: '2026-11-27T23:00:00.000Z' };
  expect(daysText(period, 'Europe/Berlin')).toBe('2026-10-28 – 2026-11-27');
  expect(daysText(period, undefined)).toBe('2026-10-27 – 2026-11-27');
});
