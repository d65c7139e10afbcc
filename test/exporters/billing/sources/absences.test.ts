import { withoutAbsences } from '../../../../exporters/billing/sources/absences.ts';
import { seriesOf } from '../../../support/billing-counter.ts';

const minutes = (...all: readonly number[]): Float64Array => Float64Array.from(all, (each) => each * 60_000);
const mostMs = 5 * 60_000;

function timesOf(times: Float64Array, scraped: Float64Array): readonly (readonly number[])[] {
  const series = seriesOf(Array.from(times, (time) => [time, time / 1000] as const));
  return withoutAbsences(series, scraped, mostMs).map(({ timesMs, values }) => {
    expect(Array.from(values)).toEqual(Array.from(timesMs, (time) => time / 1000));
    return Array.from(timesMs, (time) => time / 60_000);
  });
}

test('a series that was away while its target was scraped is two', () => {
  expect(timesOf(minutes(0, 1, 20, 21, 40), minutes(0, 1, 2, 10, 20, 21, 30, 40))).toEqual([[0, 1], [20, 21], [40]]);
});

test('while nothing was scraped, or for a short time, it is one', () => {
  expect(timesOf(minutes(0, 1, 20, 21), minutes(0, 1, 20, 21))).toEqual([[0, 1, 20, 21]]);
  expect(timesOf(minutes(0, 1, 6), minutes(0, 1, 2, 3, 6))).toEqual([[0, 1, 6]]);
  expect(timesOf(minutes(), minutes(0, 1))).toEqual([[]]);
});
