import { isInInterval } from '../../alertmanager/interval-contains.ts';
import type { TimePeriod } from '../../alertmanager/time-intervals.ts';

type Unzoned = Omit<TimePeriod, 'location'>;

test.each<[Unzoned, string, string, boolean]>([
  [{ times: ['09:00-18:00'] }, 'UTC', '2027-03-01T09:00Z', true],
  [{ times: ['09:00-18:00'] }, 'UTC', '2027-03-01T18:00Z', false],
  [{ times: ['09:00-18:00'] }, 'UTC', '2027-03-01T08:59:59Z', false],
  [{ times: ['22:00-24:00', '00:00-06:00'] }, 'UTC', '2027-03-01T23:59Z', true],
  [{ times: ['22:00-24:00', '00:00-06:00'] }, 'UTC', '2027-03-02T00:00Z', true],
  // The clock on the wall decides, in winter and in summer.
  [{ times: ['09:00-18:00'] }, 'Europe/Berlin', '2027-03-01T08:00Z', true],
  [{ times: ['09:00-18:00'] }, 'Europe/Berlin', '2027-07-01T07:00Z', true],
  [{ times: ['09:00-18:00'] }, 'Europe/Berlin', '2027-07-01T16:00Z', false],
  [{ times: ['00:00-01:00'] }, 'Asia/Shanghai', '2027-03-01T16:30Z', true],
  // 1 March 2027 is a Monday; in Shanghai it begins while it is still Sunday elsewhere.
  [{ weekdays: ['monday:friday'] }, 'UTC', '2027-02-28T20:00Z', false],
  [{ weekdays: ['monday:friday'] }, 'Asia/Shanghai', '2027-02-28T20:00Z', true],
  [{ weekdays: ['Sunday'] }, 'UTC', '2027-02-28T20:00Z', true],
  [{ weekdays: ['saturday', 'sunday'] }, 'UTC', '2027-02-26T20:00Z', false],
  [{ days_of_month: ['-1'] }, 'UTC', '2027-02-28T00:00Z', true],
  [{ days_of_month: ['-1'] }, 'UTC', '2028-02-28T00:00Z', false],
  [{ days_of_month: ['-3:-1'] }, 'UTC', '2028-02-27T00:00Z', true],
  [{ days_of_month: ['28:31'] }, 'UTC', '2027-02-28T00:00Z', true],
  [{ days_of_month: ['30:31'] }, 'UTC', '2027-02-28T00:00Z', false],
  [{ days_of_month: ['1:-2'] }, 'UTC', '2027-04-30T00:00Z', false],
  [{ days_of_month: ['15'] }, 'UTC', '2027-04-15T00:00Z', true],
  [{ months: ['january:march'] }, 'UTC', '2027-03-31T23:59Z', true],
  [{ months: ['12', '6'] }, 'UTC', '2027-06-01T00:00Z', true],
  [{ months: ['12', '6'] }, 'UTC', '2027-05-31T00:00Z', false],
  [{ years: ['2026:2027'] }, 'UTC', '2028-01-01T00:00Z', false],
  [{ years: ['2028'] }, 'Asia/Shanghai', '2027-12-31T16:00Z', true],
  // All that is written has to fit.
  [{ weekdays: ['monday'], times: ['09:00-18:00'] }, 'UTC', '2027-03-01T20:00Z', false],
])('%j in %s at %s: %j', (period, location, at, isIn) => {
  expect(isInInterval([{ ...period, location }], Date.parse(at))).toBe(isIn);
});

test('any of several periods is enough, and none is never', () => {
  const [night, weekend] = [
    { times: ['22:00-24:00'], location: 'UTC' },
    { weekdays: ['saturday:saturday', 'sunday'], location: 'UTC' },
  ];
  expect(isInInterval([night, weekend], Date.parse('2027-02-28T12:00Z'))).toBe(true);
  expect(isInInterval([night, weekend], Date.parse('2027-03-01T12:00Z'))).toBe(false);
  expect(isInInterval([], Date.parse('2027-03-01T12:00Z'))).toBe(false);
});
