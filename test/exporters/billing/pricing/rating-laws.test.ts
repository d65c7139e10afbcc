import fc from 'fast-check';
import type { Segment } from '../../../../exporters/billing/ledger/ledger.ts';
import { decimal } from '../../../../exporters/billing/pricing/decimal.ts';
import { ratePeriod } from '../../../../exporters/billing/pricing/rate-period.ts';
import type { RatedBill } from '../../../../exporters/billing/pricing/rated.ts';
import { billOf, february, hour, rate, rateInput, tokenPrice, tokens, totalsOf, type Used, used } from './rating.ts';

const everything = `
tenants:
  - { name: a, owns: [{ namespace: a }] }
  - { name: b, owns: [{ namespace: b }] }
  - { name: c, owns: [{ namespace: c, to: 2026-02-12 }] }
splits:
  - { namespace: shared, between: [{ tenant: a, share: 1/3 }, { tenant: b, share: 2/3 }] }
prices:
  - { meter: gpu_time, unit: GPU hour, price: '2.37', idle_price: '1.13', to: 2026-02-12 }
  - meter: gpu_time
    unit: GPU hour
    price: '2.11'
    from: 2026-02-12
    time_of_day: [{ from: '20:00', to: '06:00', price: '1.37' }]
  - { meter: llm_tokens, unit: token, model: graduated, tiers: [{ up_to: 1000, price: '0.013' }, { price: '0.007' }] }
idle: [{ policy: weighted }]
contracts:
  - name: gold
    tenants: [a, b]
    discounts: [{ percent: '7.5' }]
    free: [{ meter: gpu_time, quantity: 3 }]
    commitments: [{ meter: gpu_time, quantity: 50, price: '1.50', overage: contract }]
    credits: [{ name: x, amount: 40, to: 2026-02-20 }]
    minimum: 20
    maximum: 900
    taxes: [{ name: VAT, percent: 19 }]
`;

const share = fc.constantFrom({ num: 1, den: 1 }, { num: 1, den: 7 }, { num: 8, den: 15 }, { num: 1, den: 4 });
const span = fc.tuple(fc.integer({ min: 0, max: 27 }), fc.integer({ min: 1, max: 24 * 7 })).map(([day, hours]) => ({
  startMs: february.startMs + day * 24 * hour,
  endMs: Math.min(february.endMs, february.startMs + (day * 24 + hours) * hour),
}));

const gpuUsage = fc
  .record({
    namespace: fc.constantFrom('a', 'b', 'c', 'shared', 'nobody'),
    state: fc.constantFrom('used' as const, 'used' as const, 'idle' as const),
    cluster: fc.constantFrom('berlin', 'oslo'),
    share,
    span,
    percent: fc.integer({ min: 1, max: 100 }),
  })
  .map(({ namespace, percent, ...over }) => {
    const quantity = (BigInt(over.span.endMs - over.span.startMs) * BigInt(percent)) / 100n;
    return used({ ...over, quantity, holder: over.state === 'idle' ? {} : { namespace } });
  });
const tokenUsage = fc
  .record({ namespace: fc.constantFrom('a', 'b', 'shared'), quantity: fc.bigInt({ min: 1n, max: 5000n }), span })
  .map(({ namespace, ...over }) => tokens(over.quantity, { ...over, holder: { namespace } }));
const usages: fc.Arbitrary<readonly Used[]> = fc.array(fc.oneof(gpuUsage, tokenUsage), { maxLength: 12 });

/** All that is money; lines by id. */
const money = (bills: ReadonlyMap<string, RatedBill>) =>
  [...bills.values()].map(({ tenant, total, lines }) => [
    tenant,
    total,
    lines.map(({ id, amount, quantity }) => `${id} ${amount} ${quantity}`).sort(),
  ]);

test('the order of usages does not matter', () => {
  fc.assert(
    fc.property(usages, fc.infiniteStream(fc.nat()), (list, keys) => {
      const shuffled = list
        .map((each) => ({ each, key: keys.next().value ?? 0 }))
        .sort((left, right) => left.key - right.key);
      expect(
        money(
          rate(
            everything,
            shuffled.map(({ each }) => each),
          ),
        ),
      ).toEqual(money(rate(everything, list)));
    }),
    { numRuns: 30 },
  );
});

test('amounts are not below 0 but for credits and maximum, and add up to the total', () => {
  fc.assert(
    fc.property(usages, (list) => {
      for (const { lines, total } of rate(everything, list).values()) {
        for (const { kind, amount } of lines) {
          const isBelow = decimal(amount).lt(0);
          expect(isBelow).toBe(kind === 'credit' || kind === 'maximum');
        }
        expect(decimal(total).gte(0)).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

test('segments that are cut finer, into other buckets, do not change what is paid', () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 28 * 24 - 1 }), { maxLength: 10 });
  fc.assert(
    fc.property(usages, cuts, (list, hours) => {
      const input = rateInput(everything, list);
      const segments = finer(
        input.segments,
        hours.map((each) => february.startMs + each * hour),
      );
      const bills = ratePeriod({ ...input, segments, totals: totalsOf(list, segments) });
      expect(money(bills)).toEqual(money(ratePeriod(input)));
    }),
    { numRuns: 30 },
  );
});

/** Each piece has a bucket of its own. */
function finer(segments: readonly Segment[], cuts: readonly number[]): readonly Segment[] {
  return segments
    .flatMap(({ span: { startMs, endMs } }) => {
      const inside = cuts.filter((cut) => cut > startMs && cut < endMs).sort((left, right) => left - right);
      const borders = [startMs, ...inside, endMs];
      return borders.slice(1).map((end, index) => ({ startMs: borders[index] ?? startMs, endMs: end }));
    })
    .map((each, bucket) => ({ span: each, bucket }));
}

test('what is divided among tenants without contracts adds up to what it costs as a whole', () => {
  const yaml = `
tenants: [{ name: a, owns: [{ namespace: a }] }, { name: b, owns: [{ namespace: b }] }, { name: c, owns: [{ namespace: c }] }]
splits: [{ namespace: shared, between: [{ tenant: a, share: 1/7 }, { tenant: b, share: 2/7 }, { tenant: c, share: 4/7 }] }]
prices: [{ meter: gpu_time, unit: GPU hour, price: '2.37', idle_price: '1.13' }]
`;
  const ms = fc.bigInt({ min: 1n, max: 672n * 3_600_000n });
  fc.assert(
    fc.property(
      ms,
      ms,
      fc.array(ms, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('even', 'weighted'),
      (shared, idle, own, policy) => {
        const list = [
          used({ holder: { namespace: 'shared' }, quantity: shared }),
          used({ state: 'idle', holder: {}, quantity: idle }),
          ...own.map((quantity, index) => used({ holder: { namespace: 'abc'.charAt(index) }, quantity })),
        ];
        const bills = rate(`${yaml}idle: [{ policy: ${policy} }]`, list);
        const lines = [...bills.values()].flatMap((bill) => bill.lines);
        const cost = (isIt: (line: (typeof lines)[number]) => boolean) =>
          lines
            .filter(isIt)
            .reduce((sum, { amount }) => sum.plus(decimal(amount)), decimal('0'))
            .toFixed(2);
        const whole = (quantity: bigint, price: string) =>
          decimal(quantity).times(price).div(3_600_000).toDecimalPlaces(2, 4).toFixed(2);
        expect(cost(({ id }) => id.includes('|splits[0]|'))).toBe(whole(shared, '2.37'));
        expect(cost(({ kind }) => kind === 'idle')).toBe(whole(idle, '1.13'));
      },
    ),
  );
});

test('who uses more pays no less: unit, package and graduated prices', () => {
  const price = fc.integer({ min: 0, max: 1000 }).map((value) => `'${value / 1000}'`);
  const tiers = fc
    .tuple(fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { maxLength: 4 }), fc.infiniteStream(price))
    .map(([borders, prices]) => [
      ...borders
        .sort((left, right) => left - right)
        .map((border) => `{ up_to: ${border}, price: ${prices.next().value}, flat: 1 }`),
      `{ price: ${prices.next().value} }`,
    ]);
  const models = fc.oneof(
    price.map((each) => `price: ${each}`),
    fc
      .tuple(price, fc.integer({ min: 1, max: 2000 }))
      .map(([each, size]) => `model: package, price: ${each}, package: ${size}`),
    tiers.map((list) => `model: graduated, tiers: [${list.join(', ')}]`),
  );
  const counts = fc.tuple(fc.bigInt({ min: 0n, max: 8000n }), fc.bigInt({ min: 0n, max: 3000n }));
  fc.assert(
    fc.property(models, counts, (model, [less, more]) => {
      const total = (count: bigint) => decimal(billOf(rate(tokenPrice(model), [tokens(count)])).total);
      expect(total(less).lte(total(less + more))).toBe(true);
    }),
  );
});

test('graduated and package prices do not depend on how a period is cut', () => {
  const model =
    "model: graduated, tiers: [{ up_to: 700, price: '0.11', flat: 2 }, { up_to: 1900, price: '0.05', flat: 1 }, { price: '0.01' }]";
  const counts = fc.array(fc.bigInt({ min: 0n, max: 1500n }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(counts, fc.constantFrom(model, "model: package, package: 300, price: '1.10'"), (list, price) => {
      const input = rateInput(tokenPrice(price), []);
      const length = (february.endMs - february.startMs) / list.length;
      const segments = list.map((_each, bucket) => ({
        bucket,
        span: {
          startMs: february.startMs + Math.floor(bucket * length),
          endMs: february.startMs + Math.floor((bucket + 1) * length),
        },
      }));
      const parts = list.flatMap((quantity, bucket) =>
        totalsOf([tokens(quantity, { span: segments[bucket]?.span ?? february })], segments),
      );
      const whole = rate(tokenPrice(price), [tokens(list.reduce((sum, each) => sum + each, 0n))]);
      expect(billOf(ratePeriod({ ...input, segments, totals: parts })).total).toBe(billOf(whole).total);
    }),
  );
});

test('a thousand tenants are rated at once, each as if alone', () => {
  const names = Array.from({ length: 1000 }, (_each, index) => `t${index}`);
  const yaml = `
tenants: [${names.map((name) => `{ name: ${name}, owns: [{ namespace: ${name} }] }`).join(', ')}]
prices: [{ meter: gpu_time, unit: GPU hour, price: '2.00' }]
`;
  const list = names.flatMap((name, index) =>
    [1, 2].map((pod) =>
      used({ holder: { namespace: name, pod: `${name}-${pod}` }, quantity: BigInt((index % 100) * hour) }),
    ),
  );
  const bills = rate(yaml, list);
  expect(bills.size).toBe(1001);
  for (const [index, name] of names.entries()) expect(billOf(bills, name).total).toBe(`${4 * (index % 100)}.00`);
});
