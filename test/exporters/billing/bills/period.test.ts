import fc from 'fast-check';
import { daysOf, periodAt, periodNamed, shiftPeriod } from '../../../../exporters/billing/bills/period.ts';
import { createStoreBench } from '../../../support/stores.ts';

const zones = Intl.supportedValuesOf('timeZone');
const hourMs = 3_600_000;
const zone = fc.constantFrom(...zones, 'UTC', 'Etc/GMT+12', 'Etc/GMT-14');
const name = fc
  .tuple(fc.integer({ min: 2000, max: 2060 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, month]) => `${year}-${String(month).padStart(2, '0')}`);
const anchor = fc.integer({ min: 1, max: 31 });

describe('what is known of single months', () => {
  test.each([
    // Begins and ends with the clock at +01:00 and +02:00: 743 hours.
    ['2026-03', 'Europe/Berlin', 1, '2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z', 31],
    ['2026-10', 'Europe/Berlin', 1, '2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z', 31],
    ['2028-02', 'UTC', 1, '2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z', 29],
    ['2026-02', 'UTC', 31, '2026-02-28T00:00:00.000Z', '2026-03-31T00:00:00.000Z', 31],
    ['2028-02', 'UTC', 30, '2028-02-29T00:00:00.000Z', '2028-03-30T00:00:00.000Z', 30],
    ['2026-03', 'UTC', 31, '2026-03-31T00:00:00.000Z', '2026-04-30T00:00:00.000Z', 30],
    // 45 minutes.
    ['2026-05', 'Asia/Kathmandu', 1, '2026-04-30T18:15:00.000Z', '2026-05-31T18:15:00.000Z', 31],
    // Summer time of 30 minutes.
    ['2026-04', 'Australia/Lord_Howe', 1, '2026-03-31T13:00:00.000Z', '2026-04-30T13:30:00.000Z', 30],
    // 30 December 2011 was left out.
    ['2011-12', 'Pacific/Apia', 1, '2011-12-01T10:00:00.000Z', '2011-12-31T10:00:00.000Z', 30],
    ['2011-12', 'Pacific/Apia', 30, '2011-12-30T10:00:00.000Z', '2012-01-29T10:00:00.000Z', 30],
    // The clock went from 00:00 to 01:00 on 15 October 2017.
    ['2017-10', 'America/Sao_Paulo', 15, '2017-10-15T03:00:00.000Z', '2017-11-15T02:00:00.000Z', 31],
    // And back from 00:00 to 23:00 of the day before on 18 February 2018.
    ['2018-02', 'America/Sao_Paulo', 18, '2018-02-18T03:00:00.000Z', '2018-03-18T03:00:00.000Z', 28],
    // At 00:01 back to 23:01: the date begins twice, and counts from the first time.
    ['2006-10', 'America/St_Johns', 29, '2006-10-29T02:30:00.000Z', '2006-11-29T03:30:00.000Z', 31],
  ])('%s in %s from day %i', (month, timeZone, anchorDay, start, end, days) => {
    const period = periodNamed(month, timeZone, anchorDay);
    expect([period.span.startMs, period.span.endMs].map((at) => new Date(at).toISOString())).toEqual([start, end]);
    expect(daysOf(period)).toHaveLength(days);
  });

  test('days have 23 and 25 hours where clocks are changed, and 23.5 on Lord Howe Island', () => {
    const hours = (month: string, timeZone: string): readonly number[] => [
      ...new Set(daysOf(periodNamed(month, timeZone)).map(({ span }) => (span.endMs - span.startMs) / hourMs)),
    ];
    expect(hours('2026-03', 'Europe/Berlin')).toEqual([24, 23]);
    expect(hours('2026-10', 'Europe/Berlin')).toEqual([24, 25]);
    expect(hours('2026-10', 'Australia/Lord_Howe')).toEqual([24, 23.5]);
    expect(daysOf(periodNamed('2011-12', 'Pacific/Apia')).map(({ date }) => date)).not.toContain('2011-12-30');
  });
});

test('each period begins where the one before ended, and is not empty', () => {
  fc.assert(
    fc.property(name, zone, anchor, (month, timeZone, anchorDay) => {
      const period = periodNamed(month, timeZone, anchorDay);
      const next = shiftPeriod(period, 1);
      expect(next.span.startMs).toBe(period.span.endMs);
      expect(period.span.endMs - period.span.startMs).toBeGreaterThan(26 * 24 * hourMs);
      expect(periodNamed(next.name, timeZone, anchorDay)).toEqual(next);
      expect(shiftPeriod(next, -1)).toEqual(period);
    }),
    { numRuns: 400 },
  );
});

test('every instant is in one period: the one that is found for it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2000, 1, 1), max: Date.UTC(2060, 0, 1) }),
      zone,
      anchor,
      (atMs, timeZone, anchorDay) => {
        const { span, name: found } = periodAt(atMs, timeZone, anchorDay);
        expect(span.startMs).toBeLessThanOrEqual(atMs);
        expect(span.endMs).toBeGreaterThan(atMs);
        expect(periodNamed(found, timeZone, anchorDay).span).toEqual(span);
      },
    ),
    { numRuns: 400 },
  );
});

test('the first and the last millisecond of a period are in it, in every zone there is', () => {
  const wrong = zones.filter((timeZone) => {
    const { span, name: month } = periodNamed('2026-03', timeZone, 29);
    const found = [span.startMs, span.endMs - 1].map((at) => periodAt(at, timeZone, 29).name);
    return found.some((each) => each !== month);
  });
  expect(wrong).toEqual([]);
});

test('the days of a period follow each other without a hole and fill it', () => {
  fc.assert(
    fc.property(name, zone, anchor, (month, timeZone, anchorDay) => {
      const period = periodNamed(month, timeZone, anchorDay);
      const days = daysOf(period);
      expect(days[0]?.span.startMs).toBe(period.span.startMs);
      expect(days.at(-1)?.span.endMs).toBe(period.span.endMs);
      for (const [index, { span }] of days.entries()) {
        expect(span.endMs).toBeGreaterThan(span.startMs);
        if (index > 0) expect(span.startMs).toBe(days[index - 1]?.span.endMs);
      }
    }),
    { numRuns: 60 },
  );
});

test('PostgreSQL finds the same beginnings of months', async () => {
  const bench = createStoreBench();
  try {
    const { database } = await bench.open('embedded', { migrations: {} });
    // Years whose rules will not be rewritten any more, so that the tables of both agree.
    const asked = [
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'Pacific/Chatham',
    ];
    const { rows } = await database.pool.query<{ zone: string; month: string; at: string }>(
      `select zone, to_char(m, 'YYYY-MM') as month, (extract(epoch from m at time zone zone) * 1000)::bigint::text as at
       from unnest($1::text[]) as zone, generate_series('2012-01-01'::timestamp, '2021-12-01', interval '1 month') as m`,
      [asked],
    );
    expect(rows).toHaveLength(asked.length * 120);
    expect(rows.map((row) => ({ ...row, at: String(periodNamed(row.month, row.zone).span.startMs) }))).toEqual(rows);
  } finally {
    await bench.stop();
  }
});

test.each([
  ['2026-13', 'UTC', 1, 'the period must be a month from 2000-01 to 2199-12 such as 2026-03, got 2026-13'],
  ['1999-12', 'UTC', 1, 'the period must be a month from 2000-01 to 2199-12 such as 2026-03, got 1999-12'],
  ['March', 'UTC', 1, 'the period must be a month from 2000-01 to 2199-12 such as 2026-03, got March'],
  ['2026-03', 'Europe/Atlantis', 1, 'the time zone must be an IANA name such as Europe/Berlin, got Europe/Atlantis'],
  ['2026-03', 'UTC', 0, 'the anchor day of bills must be a whole number from 1 to 31, got 0'],
  ['2026-03', 'UTC', 1.5, 'the anchor day of bills must be a whole number from 1 to 31, got 1.5'],
])('%s in %s from day %d is refused', (month, timeZone, anchorDay, message) => {
  expect(() => periodNamed(month, timeZone, anchorDay)).toThrow(message);
});
