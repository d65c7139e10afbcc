import { ratePeriod } from '../../../../exporters/billing/pricing/rate-period.ts';
import { segmentsOf } from '../../../../exporters/billing/pricing/segments.ts';
import { createTenantDirectory } from '../../../../exporters/billing/subjects/create-tenant-directory.ts';
import { billOf, briefly, february, hour, pricingOf, rate, rateInput, research, spanOf, used } from './rating.ts';

const gpuFor = (span: ReturnType<typeof spanOf>) => used({ span, quantity: BigInt(span.endMs - span.startMs) });

const nights = `${research}
prices:
  - meter: gpu_time
    unit: GPU hour
    price: '2.00'
    time_zone: Europe/Berlin
    time_of_day: [{ name: night, from: '22:00', to: '06:00', price: '1.00' }]
`;

describe('nights from 22:00 to 06:00 in Berlin', () => {
  test.each([
    // Local midnight to midnight: 8 h of night and 16 h of day
    ['a day of 24 h', spanOf('2026-02-09T23:00', '2026-02-10T23:00'), 'usage 16 32.00', 'usage 8 8.00'],
    // From 02:00 to 03:00 the clock jumps: 7 h of night
    ['the day of 23 h', spanOf('2026-03-28T23:00', '2026-03-29T22:00'), 'usage 16 32.00', 'usage 7 7.00'],
    // From 02:00 to 03:00 comes twice: 9 h of night
    ['the day of 25 h', spanOf('2026-10-24T22:00', '2026-10-25T23:00'), 'usage 16 32.00', 'usage 9 9.00'],
    // 28 × 16 and 28 × 8
    ['a month', spanOf('2026-01-31T23:00', '2026-02-28T23:00'), 'usage 448 896.00', 'usage 224 224.00'],
    // 29 × 16 and 29 × 8
    [
      'a month with 29 February',
      spanOf('2028-01-31T23:00', '2028-02-29T23:00'),
      'usage 464 928.00',
      'usage 232 232.00',
    ],
  ])('%s', (_name, span, day, night) => {
    expect(briefly(billOf(rate(nights, [gpuFor(span)], span)))).toEqual([night, day]);
  });

  test('all nights of a month are one sum', () => {
    const { segments } = rateInput(nights, [], february);
    expect(new Set(segments.map(({ bucket }) => bucket))).toEqual(new Set([0, 1]));
    expect(segments.length).toBe(57);
  });
});

test('nights belong to the day on which they begin', () => {
  const yaml = `${research}
prices:
  - meter: gpu_time
    unit: GPU hour
    price: 1
    time_of_day:
      - { name: weekend, days: [sat, sun], from: '00:00', to: '24:00', price: 0 }
      - { name: Friday night, days: [fri], from: '20:00', to: '24:00', price: 3 }
      - { name: Monday night, days: [mon], from: '23:00', to: '01:00', price: 5 }
`;
  // 2026-02-02 is a Monday: 2 h at 5, 4 h at 3, 48 h at 0, the other 114 at 1
  const span = spanOf('2026-02-02', '2026-02-09');
  const amounts = billOf(rate(yaml, [gpuFor(span)], span)).lines.map((line) => `${line.quantity} ${line.amount}`);
  expect(amounts.sort()).toEqual(['114 114.00', '2 10.00', '4 12.00', '48 0.00']);
});

test('slots at the same hours of other days have their own prices without names', () => {
  const yaml = `${research}
prices:
  - meter: gpu_time
    unit: GPU hour
    price: 1
    time_of_day:
      - { days: [mon], from: '20:00', to: '24:00', price: 3 }
      - { days: [tue], from: '20:00', to: '24:00', price: 5 }
`;
  const span = spanOf('2026-02-02', '2026-02-04');
  // 40 h at 1, 4 h at 3, 4 h at 5
  expect(briefly(billOf(rate(yaml, [gpuFor(span)], span)))).toEqual([
    'usage 40 40.00',
    'usage 4 12.00',
    'usage 4 20.00',
  ]);
});

describe('a price that changes at local midnight on the day of the clock change', () => {
  test.each([
    // Berlin 2026-03-29T00:00 is 2026-03-28T23:00Z: 1 h before it, 23 h of the day after it
    ['2026-03-29', spanOf('2026-03-28T22:00', '2026-03-29T22:00'), ['usage 1 1.00', 'usage 23 46.00']],
    // Berlin 2026-10-25T00:00 is 2026-10-24T22:00Z
    ['2026-10-25', spanOf('2026-10-24T21:00', '2026-10-25T23:00'), ['usage 1 1.00', 'usage 25 50.00']],
    // The hour that is left out: when the clock jumps, 2026-03-29T01:00Z
    ['2026-03-29T02:30', spanOf('2026-03-29T00:00', '2026-03-29T02:00'), ['usage 1 1.00', 'usage 1 2.00']],
    // An instant is what it is
    ['2026-03-29T00:00:00Z', spanOf('2026-03-28T22:00', '2026-03-29T22:00'), ['usage 2 2.00', 'usage 22 44.00']],
  ])('%s', (when, span, expected) => {
    const yaml = `${research}
prices:
  - { meter: gpu_time, unit: GPU hour, price: 1, time_zone: Europe/Berlin, to: '${when}' }
  - { meter: gpu_time, unit: GPU hour, price: 2, time_zone: Europe/Berlin, from: '${when}' }
`;
    expect(briefly(billOf(rate(yaml, [gpuFor(span)], span)))).toEqual(expected);
  });
});

describe('currencies', () => {
  const price = (tenant: string, more = '') => `
currency: EUR
tenants: [{ name: research, ${tenant}, owns: [{ namespace: train }] }]
prices: [{ meter: gpu_time, unit: GPU hour, price: '2.505' }${more}]
`;
  test.each([
    // 3 × 2.505 = 7.515
    ['EUR', '7.52'],
    ['JPY', '8'],
    ['KWD', '7.515'],
  ])('amounts in %s are rounded to its digits', (currency, amount) => {
    const yaml = price('title: R').replace('currency: EUR', `currency: ${currency}`);
    expect(billOf(rate(yaml, [used({ quantity: BigInt(3 * hour) })]))).toMatchObject({ currency, total: amount });
  });

  test('a tenant is billed in its own, at the rate of the day', () => {
    const yaml = price('currency: USD').replace(
      'currency: EUR',
      `currency:
  book: EUR
  conversions:
    - { from_currency: EUR, to_currency: USD, rate: '1.10', to: 2026-02-15 }
    - { from_currency: EUR, to_currency: USD, rate: '1.20', from: 2026-02-15 }`,
    );
    // 336 × 2.505 × 1.10 = 925.848; × 1.20 = 1010.016
    const bill = billOf(rate(yaml, [gpuFor(february)]));
    expect(bill.currency).toBe('USD');
    expect(briefly(bill)).toEqual(['usage 336 925.85', 'usage 336 1010.02']);
    expect(bill.lines[0]?.steps[1]).toBe('list price prices[0]: 336 × 2.7555 USD (converted at 1.1) = 925.848 USD');
  });

  test('a price in its own currency decides before a converted one', () => {
    const yaml = price('currency: USD', ', { meter: gpu_time, unit: GPU hour, price: 3, currency: USD }');
    expect(billOf(rate(yaml, [used({ quantity: BigInt(hour) })])).total).toBe('3.00');
  });

  test('without a rate the bill stays open', () => {
    const bill = billOf(rate(price('currency: USD'), [used({ quantity: BigInt(hour) })]));
    expect(bill.problems).toEqual([
      'since 2026-02-01T00:00:00Z: no conversion from EUR to USD for meter gpu_time, SKU NVIDIA H100 80GB HBM3, cluster berlin; add one to currency.conversions',
    ]);
  });

  test('tiers are converted as a whole', () => {
    const yaml = `
currency: { book: EUR, conversions: [{ from_currency: EUR, to_currency: USD, rate: 2 }] }
tenants: [{ name: research, currency: USD, owns: [{ namespace: train }] }]
prices: [{ meter: gpu_time, unit: GPU hour, model: graduated, tiers: [{ up_to: 1, price: 5, flat: 1 }, { price: 1 }] }]
`;
    // (1 × 5 + 1 + 2 × 1) × 2
    expect(billOf(rate(yaml, [used({ quantity: BigInt(3 * hour) })])).total).toBe('16.00');
  });
});

describe('segments', () => {
  const yaml = `
tenants:
  - { name: a, owns: [{ namespace: train, to: 2026-02-10 }] }
  - { name: b, owns: [{ namespace: train, from: 2026-02-10 }] }
prices:
  - { meter: gpu_time, unit: GPU hour, price: 1, to: 2026-02-20 }
  - { meter: gpu_time, unit: GPU hour, price: 2, from: 2026-02-20 }
`;
  const dates = (segments: ReturnType<typeof segmentsOf>) =>
    segments.map(({ span, bucket }) => `${bucket} ${new Date(span.startMs).toISOString().slice(0, 10)}`);

  test('follow each other from the beginning of the period to its end', () => {
    const { segments } = rateInput(yaml, []);
    expect(dates(segments)).toEqual(['0 2026-02-01', '1 2026-02-10', '2 2026-02-20']);
    expect(segments.at(-1)?.span.endMs).toBe(february.endMs);
  });

  test('a namespace that moves changes its owner at that moment', () => {
    const bills = rate(yaml, [gpuFor(february)]);
    // 9 days at 1; 10 days at 1 and 9 days at 2
    expect(briefly(billOf(bills, 'a'))).toEqual(['usage 216 216.00']);
    expect(briefly(billOf(bills, 'b'))).toEqual(['usage 240 240.00', 'usage 216 432.00']);
  });

  test('those that miss a border, or throw different prices together, are refused', () => {
    const input = rateInput(yaml, []);
    const one = [{ span: february, bucket: 0 }];
    expect(() => ratePeriod({ ...input, segments: one })).toThrow('no border at 2026-02-10T00:00:00.000Z');
    const mixed = input.segments.map(({ span }) => ({ span, bucket: 0 }));
    expect(() => ratePeriod({ ...input, segments: mixed })).toThrow('bucket 0 has segments with different prices');
    const finer = input.segments.map(({ span }, bucket) => ({ span, bucket: bucket + 7 }));
    expect(ratePeriod({ ...input, segments: finer }).size).toBe(3);
  });

  test('serve several price books at once', () => {
    const { tenants, priceBook, contracts } = pricingOf(yaml);
    const other = pricingOf("prices: [{ meter: gpu_time, unit: GPU hour, price: 1, from: '2026-02-15T12:00:00Z' }]");
    const directory = createTenantDirectory(tenants);
    const segments = segmentsOf({ period: february, priceBook, contracts, directory, alsoFor: [other] });
    expect(dates(segments)).toEqual(['0 2026-02-01', '1 2026-02-10', '2 2026-02-15', '3 2026-02-20']);
  });

  test('totals of a bucket that is in no segment are refused', () => {
    const input = rateInput(yaml, [gpuFor(february)]);
    const [total] = input.totals;
    if (total === undefined) throw new Error('no total');
    expect(() => ratePeriod({ ...input, totals: [{ ...total, bucket: 99 }] })).toThrow('bucket 99');
  });
});
