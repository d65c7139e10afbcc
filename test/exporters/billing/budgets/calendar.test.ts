import * as fc from 'fast-check';
import { dayAt, daysOf, periodAt } from '../../../../exporters/billing/budgets/calendar.ts';

const hourMs = 3_600_000;

function at(text: string): number {
  return Date.parse(text);
}

function hours({ span }: { readonly span: { readonly startMs: number; readonly endMs: number } }): number {
  return (span.endMs - span.startMs) / hourMs;
}

test.each([
  ['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29', 23],
  ['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25', 25],
  // Clocks are put forward at midnight: the day begins at one.
  ['America/Santiago', '2026-09-06T04:00:00Z', '2026-09-06', 23],
  // Clocks are put back at midnight: eleven at night comes twice.
  ['America/Santiago', '2026-04-04T03:00:00Z', '2026-04-04', 25],
  ['Asia/Kathmandu', '2026-01-31T18:15:00Z', '2026-02-01', 24],
  // Half an hour of summer time.
  ['Australia/Lord_Howe', '2026-10-03T13:30:00Z', '2026-10-04', 23.5],
  ['UTC', '2028-02-29T00:00:00Z', '2028-02-29', 24],
])('in %s a day begins at %s', (zone, start, name, long) => {
  const [day] = daysOf({ startMs: at(start), endMs: at(start) + 30 * hourMs }, zone);
  expect(day?.day).toBe(name);
  expect(day?.span.startMs).toBe(at(start));
  expect(day === undefined ? 0 : hours(day)).toBe(long);
  expect(dayAt(at(start) - 1, zone)).not.toBe(name);
});

test.each([
  ['month', '2026-03-15T12:00:00Z', '2026-03', '2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z', '2026-03-31'],
  ['month', '2026-12-31T22:59:59Z', '2026-12', '2026-11-30T23:00:00Z', '2026-12-31T23:00:00Z', '2026-12-31'],
  ['month', '2026-12-31T23:00:00Z', '2027-01', '2026-12-31T23:00:00Z', '2027-01-31T23:00:00Z', '2027-01-31'],
  ['month', '2028-02-10T00:00:00Z', '2028-02', '2028-01-31T23:00:00Z', '2028-02-29T23:00:00Z', '2028-02-29'],
  ['quarter', '2026-11-28T00:00:00Z', '2026-Q4', '2026-09-30T22:00:00Z', '2026-12-31T23:00:00Z', '2026-12-31'],
  ['quarter', '2026-03-31T21:59:59Z', '2026-Q1', '2025-12-31T23:00:00Z', '2026-03-31T22:00:00Z', '2026-03-31'],
  ['year', '2026-06-01T00:00:00Z', '2026', '2025-12-31T23:00:00Z', '2026-12-31T23:00:00Z', '2026-12-31'],
] as const)('in Berlin the %s of %s is %s', (period, moment, name, start, end, lastDay) => {
  expect(periodAt(at(moment), period, 'Europe/Berlin')).toEqual({
    name,
    firstDay: `${dayAt(at(start), 'Europe/Berlin')}`,
    lastDay,
    span: { startMs: at(start), endMs: at(end) },
  });
});

test('a day that a country left out is not there', () => {
  const days = daysOf({ startMs: at('2011-12-29T10:00:00Z'), endMs: at('2011-12-31T10:00:00Z') }, 'Pacific/Apia');
  expect(days.map((day) => [day.day, hours(day)])).toEqual([
    ['2011-12-29', 24],
    ['2011-12-31', 24],
  ]);
});

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/Santiago',
  'Asia/Kolkata',
  'Pacific/Apia',
  'Africa/Cairo',
  'America/St_Johns',
];

test('days follow each other without a hole, each with its own name, and each is a real weekday', () => {
  void fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) }),
      fc.integer({ min: 1, max: 40 * 24 * hourMs }),
      (zone, startMs, lengthMs) => {
        const days = daysOf({ startMs, endMs: startMs + lengthMs }, zone);
        expect(days[0]?.span.startMs).toBe(startMs);
        expect(days.at(-1)?.span.endMs).toBe(startMs + lengthMs);
        for (const [index, day] of days.entries()) {
          expect(dayAt(day.span.startMs, zone)).toBe(day.day);
          expect(dayAt(day.span.endMs - 1, zone)).toBe(day.day);
          expect(new Date(day.day).getUTCDay()).toBe(day.weekday);
          if (index > 0) expect(days[index - 1]?.span.endMs).toBe(day.span.startMs);
        }
        expect(new Set(days.map(({ day }) => day)).size).toBe(days.length);
      },
    ),
    { numRuns: 60 },
  );
});
