import fc from 'fast-check';
import { createExactSum, exactText, quantityText } from '../../../../exporters/billing/api/exact-sum.ts';
import { joinGaps } from '../../../../exporters/billing/api/join-gaps.ts';
import { numberKey, pageOf } from '../../../../exporters/billing/api/page.ts';
import { Decimal } from '../../../../exporters/billing/pricing/decimal.ts';
import { type BillingApi, recordMarch, startBillingApi, stopBilling } from '../../../support/billing-api.ts';
import { goodWindow } from '../../../support/billing-book.ts';
import { at, hourMs, usage, windowAt } from '../../../support/billing-ledger.ts';

let api: BillingApi;
beforeAll(async () => {
  api = await startBillingApi();
  await recordMarch(api.ledger);
});
afterAll(async () => {
  await api.stop();
  await stopBilling();
});

type Row = Readonly<Record<string, string>>;
const usageOf = async (query: string): Promise<readonly Row[]> => {
  const { status, json, text } = await api.ask(`/api/v1/usage?${query}`);
  if (status !== 200) throw new Error(text);
  return json.usage;
};

describe('sums', () => {
  test('are exact for parts of GPUs, splits and tenants who change hands', async () => {
    const rows = await usageOf('period=2026-03&state=used');
    expect(rows.map(({ tenant, quantity, base_quantity }) => [tenant, quantity, base_quantity])).toEqual([
      // Two halves of an hour of a seventh, two thirds of two hours, an hour after the move, and two seconds.
      ['blue', '2.476746031746', '62414000/7'],
      // Two hours of its own, a third of two hours, and an hour before the move.
      ['red', '3.666666666667', '13200000'],
      ['unattributed', '2', '7200000'],
    ]);
    expect(rows.every(({ unit, base_unit }) => unit === 'GPU hour' && base_unit === 'ms')).toBe(true);
  });

  test('of days, rules and states are told apart as wanted', async () => {
    const rows = await usageOf('period=2026-03&by=day,rule,state&tenant=red');
    expect(rows.map(({ day, rule, state, quantity }) => [day, state, rule, quantity])).toEqual([
      ['2026-03-10', 'used', 'splits[0]', '0.333333333333'],
      ['2026-03-10', 'used', 'tenants.team-red', '1'],
      ['2026-03-10', 'used', 'tenants[0].owns[1]', '1'],
      ['2026-03-20', 'used', 'splits[0]', '0.333333333333'],
      ['2026-03-20', 'used', 'tenants.team-red', '1'],
    ]);
    expect(await usageOf('period=2026-03&state=idle&by=state')).toMatchObject([{ state: 'idle', quantity: '2' }]);
    expect(await usageOf('period=2026-03&cluster=west')).toEqual([]);
  });

  test('days begin at midnight of the zone, and the zone is that of a tenant who is asked for alone', async () => {
    const start = at('2026-02-10T23:00:00Z');
    await api.ledger.record([windowAt(start, [usage('GPU-1', 60n, { holder: { namespace: 'team-red' } })])]);
    const day = async (more: string) =>
      (await usageOf(`from=2026-02-09&to=2026-02-13&by=day&tenant=red${more}`))[0]?.['day'];
    expect(await day('')).toBe('2026-02-10');
    expect(await day('&time_zone=Europe/Berlin')).toBe('2026-02-11');
    const before = api.scene.tenants;
    api.scene.tenants = before.map((tenant) => ({ ...tenant, timeZone: 'Asia/Tokyo' }));
    expect(await day('')).toBe('2026-02-11');
    api.scene.tenants = before;
  });

  test('a window that is cut by the question is said to be divided', async () => {
    const cut = await usageOf('from=2026-03-10T10:20:00Z&to=2026-03-10T11:00:00Z&tenant=red');
    expect(cut).toMatchObject([{ divided: true }]);
    expect(await usageOf('from=2026-03-10T10:00:00Z&to=2026-03-10T11:00:00Z&tenant=red')).toMatchObject([
      { divided: false },
    ]);
  });
});

describe('forms', () => {
  test('CSV has all rows at once, and nothing that a spreadsheet would run', async () => {
    const { text, headers } = await api.ask('/api/v1/usage?period=2026-03&by=sku&state=used&limit=1', {
      headers: { accept: 'text/csv' },
    });
    expect(headers['content-type']).toMatch(/^text\/csv/);
    const rows = text.trim().split('\r\n');
    expect(rows[0]).toBe('sku,meter,quantity,unit,base_quantity,base_unit');
    expect(rows[1]).toMatch(/^"'=HYPERLINK\(""x""\), ""H100""",gpu_time,2,GPU hour,7200000,ms$/);
    expect(rows).toHaveLength(3);
  });

  test('pages hold each row once', async () => {
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const { json } = await api.ask(`/api/v1/usage?period=2026-03&by=day,tenant,state&limit=2${cursor}`);
      expect(json.usage.length).toBeLessThanOrEqual(2);
      seen.push(...json.usage);
      cursor = json.next === undefined ? '' : `&cursor=${json.next}`;
    } while (cursor !== '');
    expect(seen).toEqual(await usageOf('period=2026-03&by=day,tenant,state'));
    expect(new Set(seen.map((row) => JSON.stringify(row))).size).toBe(seen.length);
  });

  test.each([
    ['by=tennant', 'by', /must be of day, tenant/],
    ['meter=gpu', 'meter', /must be of gpu_time, got "gpu"/],
    ['state=busy', 'state', /must be of used/],
    ['period=2026-13', 'period', /a month such as 2026-03/],
    ['period=1999-01', 'period', /2000-01/],
    ['period=2026-03&from=2026-03-01', 'period', /without `from`/],
    ['to=2026-03-01', 'from', /missing/],
    ['from=2026-03-02&to=2026-03-01', 'from', /before/],
    ['from=2020-01-01&to=2026-01-01', 'to', /400 days/],
    ['time_zone=Mars/Base', 'time_zone', /IANA/],
    ["time_zone=';drop table bill;--", 'time_zone', /IANA/],
    ['limit=1001', 'limit', /1 to 1000/],
    ['cursor=zzz', 'cursor', /begin again/],
    ['format=xml', 'format', /json, csv/],
  ])('%s is refused by name', async (query, field, reason) => {
    const { status, json } = await api.ask(`/api/v1/usage?${query}`);
    expect([status, json.error.field]).toEqual([400, field]);
    expect(json.error.message).toMatch(reason);
  });
});

test('nobody is reckoned for who does not wait any more, and the next one is answered', async () => {
  let [calls, release] = [0, (): void => undefined];
  const blocked = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { ledger } = api;
  const slow = {
    ...ledger,
    totals: async (query: Parameters<typeof ledger.totals>[0]) => {
      calls += 1;
      if (calls === 1) await blocked;
      return ledger.totals(query);
    },
  };
  const other = await startBillingApi({ services: { ledger: slow } });
  const path = '/api/v1/usage?period=2026-03';
  const first = other.ask(path);
  const gone = new AbortController();
  const left = fetch(`${other.url}${path}`, { signal: gone.signal }).catch((error: Error) => error.name);
  // Both are under way before the second one goes away.
  while (calls === 0) await new Promise((resolve) => setImmediate(resolve));
  gone.abort();
  expect(await left).toBe('AbortError');
  release();
  expect((await first).status).toBe(200);
  expect((await other.ask(path)).status).toBe(200);
  expect(calls).toBe(2);
  await other.stop();
});

describe('arithmetic', () => {
  test('a sum of fractions is that of any order, and as text within a rounding of the exact one', () => {
    const part = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 1, max: 10_000 }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const [sum, reverse] = [createExactSum(), createExactSum()];
        for (const [num, den] of parts) sum.add(num, den);
        for (const [num, den] of parts.toReversed()) reverse.add(num, den);
        expect(sum.total()).toEqual(reverse.total());
        const { num, den } = sum.total();
        const exact = parts.reduce(
          (left, [each, over]) => ({ num: left.num * BigInt(over) + each * left.den, den: left.den * BigInt(over) }),
          { num: 0n, den: 1n },
        );
        expect(num * exact.den).toBe(exact.num * den);
        const expected = new Decimal(num.toString()).div(den.toString()).toDecimalPlaces(12, Decimal.ROUND_HALF_EVEN);
        expect(quantityText({ num, den })).toBe(expected.isZero() ? '0' : expected.toFixed());
      }),
    );
  });

  test.each([
    [{ num: 1n, den: 2_000_000_000_000n }, '0'],
    [{ num: 3n, den: 2_000_000_000_000n }, '0.000000000002'],
    [{ num: -1n, den: 4n }, '-0.25'],
    [{ num: -1n, den: 10n ** 15n }, '0'],
    [{ num: 36n, den: 1n }, '36'],
  ])('%j is %s', (quantity, text) => {
    expect(quantityText(quantity)).toBe(text);
  });

  test('an exact text is a whole number or a fraction', () => {
    expect([exactText({ num: 5n, den: 1n }), exactText({ num: -5n, den: 3n })]).toEqual(['5', '-5/3']);
  });
});

test('pages hold all that stays, once, while others come and go', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(1e9), { maxLength: 40 }),
      fc.array(fc.nat(1e9), { maxLength: 40 }),
      fc.integer({ min: 1, max: 7 }),
      (stay, others, limit) => {
        const seen: number[] = [];
        let cursor: string | undefined;
        let turn = 0;
        do {
          const all = [...stay, ...others.slice(turn, turn + 5).filter((other) => !stay.includes(other))];
          const { page, next }: { page: readonly number[]; next: string | undefined } = pageOf(
            [...new Set(all)],
            (one) => [numberKey(one)],
            { limit, cursor },
          );
          seen.push(...page);
          cursor = next;
          turn += 1;
        } while (cursor !== undefined);
        for (const one of stay) expect(seen.filter((each) => each === one)).toEqual([one]);
      },
    ),
  );
});

test('gaps that meet at the border of windows are one', () => {
  const gap = (from: number, to: number, where = 'n') => ({
    span: { startMs: from, endMs: to },
    where,
    policy: 'zero' as const,
  });
  const windowWith = (gaps: ReturnType<typeof gap>[], meter = 'gpu_time') =>
    goodWindow({ meter, coverage: { expectedScrapes: 1, seenScrapes: 0, gaps, gapMs: 0, isHeld: false } });
  const joined = joinGaps([
    windowWith([gap(hourMs, 2 * hourMs), gap(hourMs, hourMs + 1, 'm')]),
    windowWith([gap(0, hourMs)]),
    windowWith([gap(3 * hourMs, 4 * hourMs)]),
    windowWith([gap(hourMs, 2 * hourMs)], 'storage'),
  ]);
  expect(joined.map(({ meter, where, span }) => [meter, where, span.startMs / hourMs, span.endMs / hourMs])).toEqual([
    ['gpu_time', 'n', 0, 2],
    ['gpu_time', 'n', 3, 4],
    ['gpu_time', 'm', 1, 1 + 1 / hourMs],
    ['storage', 'n', 1, 2],
  ]);
});
