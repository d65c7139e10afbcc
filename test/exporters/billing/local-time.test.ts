import fc from 'fast-check';
import {
  dateText,
  instantOf,
  isTimeZone,
  localTimeOf,
  startOfDay,
  wallTime,
} from '../../../exporters/billing/local-time.ts';

const at = (zone: string, text: string) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/[-T:]/).map(Number);
  return new Date(instantOf({ year, month, day, hour, minute, second: 0 }, zone)).toISOString();
};

test.each([
  ['UTC', '2026-03-29T02:30', '2026-03-29T02:30:00.000Z'],
  ['Europe/Berlin', '2026-01-01T00:00', '2025-12-31T23:00:00.000Z'],
  // Left out in spring: when the clock jumps from 02:00 to 03:00.
  ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:00:00.000Z'],
  ['Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00:00.000Z'],
  // Twice in autumn: the first.
  ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
  ['Europe/Berlin', '2026-10-25T03:00', '2026-10-25T02:00:00.000Z'],
  ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:00:00.000Z'],
  ['Asia/Kolkata', '2026-06-01T00:00', '2026-05-31T18:30:00.000Z'],
  // The clock jumps over midnight.
  ['Africa/Cairo', '2026-04-24T00:00', '2026-04-23T22:00:00.000Z'],
  ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30:00.000Z'],
  ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00:00.000Z'],
])('in %s it is %s at %s', (zone, local, instant) => {
  expect(at(zone, local)).toBe(instant);
});

test.each([
  [2026, 3, 29, 23],
  [2026, 10, 25, 25],
  [2026, 2, 28, 24],
])('%i-%i-%i has %i hours in Berlin', (year, month, day, hours) => {
  const zone = 'Europe/Berlin';
  expect((startOfDay({ year, month, day: day + 1 }, zone) - startOfDay({ year, month, day }, zone)) / 3_600_000).toBe(
    hours,
  );
});

test('29 February is a day of leap years alone', () => {
  const march = startOfDay({ year: 2028, month: 3, day: 1 }, 'UTC');
  expect(new Date(startOfDay({ year: 2028, month: 2, day: 29 }, 'UTC')).toISOString()).toBe('2028-02-29T00:00:00.000Z');
  expect(march - startOfDay({ year: 2028, month: 2, day: 28 }, 'UTC')).toBe(2 * 86_400_000);
});

test('what a clock shows leads back to the moment, or to the first that shows it', () => {
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Africa/Casablanca');
  const moments = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2037, 0) });
  fc.assert(
    fc.property(zones, moments, (zone, moment) => {
      const whole = Math.floor(moment / 1000) * 1000;
      const found = instantOf(localTimeOf(whole, zone), zone);
      expect(found).toBeLessThanOrEqual(whole);
      expect(whole - found).toBeLessThanOrEqual(3_600_000);
      expect(localTimeOf(found, zone)).toEqual(localTimeOf(whole, zone));
    }),
  );
});

test('zones are IANA names', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars/Base', '', '+02:00', 'x y'].map(isTimeZone)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('what clocks show, to the millisecond, and the name of a day out of range', () => {
  const atMs = Date.parse('2026-03-29T00:59:59.250Z');
  expect(new Date(wallTime(atMs, 'Europe/Berlin')).toISOString()).toBe('2026-03-29T01:59:59.250Z');
  expect(new Date(wallTime(atMs + 750, 'Europe/Berlin')).toISOString()).toBe('2026-03-29T03:00:00.000Z');
  expect(wallTime(-1, 'UTC')).toBe(-1);
  expect(dateText({ year: 2026, month: 14, day: 0 })).toBe('2027-01-31');
});
