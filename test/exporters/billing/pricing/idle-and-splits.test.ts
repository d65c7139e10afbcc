import fc from 'fast-check';
import { decimal, decimalText, sumOf } from '../../../../exporters/billing/pricing/decimal.ts';
import { roundTogether } from '../../../../exporters/billing/pricing/round-lines.ts';
import { billOf, briefly, h100, hour, rate, used } from './rating.ts';

const tenants = `
tenants:
  - { name: a, owns: [{ namespace: a }] }
  - { name: b, owns: [{ namespace: b }] }
  - { name: c, owns: [{ namespace: c }, { node: reserved }] }
`;
const price = "prices: [{ meter: gpu_time, unit: GPU hour, price: '2.00', idle_price: '1.00' }]";

const by = (namespace: string, hours: number, over = {}) =>
  used({ holder: { namespace }, quantity: BigInt(hours * hour), ...over });
const idle = (hours: number, over = {}) =>
  used({ state: 'idle', reason: 'unassigned', holder: {}, quantity: BigInt(hours * hour), ...over });

/** Lines of idle time by tenant. */
function idleLines(policy: string, usages: Parameters<typeof rate>[1], yaml = `${tenants}${price}`) {
  const bills = rate(`${yaml}\nidle: [${policy}]`, usages);
  return [...bills].flatMap(([tenant, { lines }]) =>
    lines.filter(({ kind }) => kind === 'idle').map(({ quantity, amount }) => `${tenant} ${quantity} ${amount}`),
  );
}

describe('idle time', () => {
  const usages = [by('a', 30), by('b', 10), idle(20)];

  test.each([
    ['{ policy: none }', []],
    // 20 h × 1.00, half each
    ['{ policy: even }', ['a 10 10.00', 'b 10 10.00']],
    // By 30 and 10
    ['{ policy: weighted }', ['a 15 15.00', 'b 5 5.00']],
    ['{ policy: owner, owner: c }', ['c 20 20.00']],
    ['{ policy: owner }', ['unattributed 20 20.00']],
    ['{ policy: weighted, cluster: oslo }', []],
    ["{ policy: weighted, sku: 'AMD*' }", []],
    // The first that is for it
    ['{ policy: none, cluster: berlin }, { policy: even }', []],
  ])('%s', (policy, expected) => {
    expect(idleLines(policy, usages)).toEqual(expected);
  });

  test('policies change at a time', () => {
    expect(idleLines('{ policy: none, to: 2026-02-15 }, { policy: owner, owner: c }', usages)).toEqual(['c 10 10.00']);
  });

  test('weights are GPU time times share, splits among them', () => {
    const shared = by('a', 30, { share: { num: 1, den: 3 } });
    // 10 and 10
    expect(idleLines('{ policy: weighted }', [shared, by('b', 10), idle(20)])).toEqual(['a 10 10.00', 'b 10 10.00']);
  });

  test('each cluster is a pool, with all GPUs that the policy is for', () => {
    const oslo = { cluster: 'oslo' };
    const two = [by('a', 10), idle(6), by('a', 1, oslo), by('b', 3, { ...oslo, sku: 'L4' }), idle(8, oslo)];
    // berlin: 6 × 1.00 to a; oslo: 8 × 1.00, a quarter and three quarters
    expect(idleLines('{ policy: weighted }', two)).toEqual(['a 6 6.00', 'a 2 2.00', 'b 6 6.00']);
  });

  test('where nobody had any of the pool, it is nobody’s', () => {
    expect(idleLines('{ policy: weighted }', [idle(5)])).toEqual(['unattributed 5 5.00']);
  });

  test('nodes that a tenant owns are its own even when idle', () => {
    const own = [idle(5, { node: 'reserved' }), idle(7, { node: 'other' }), by('a', 1)];
    expect(idleLines('{ policy: owner, owner: b }', own)).toEqual(['b 7 7.00', 'c 5 5.00']);
  });

  test('cents that are left go to those that lost most, and the parts are the pool', () => {
    const thirds = [by('a', 10), by('b', 10), by('c', 10), idle(1, { quantity: 360_000n })];
    // 0.1 h × 1.00 = 0.10: thirds of 0.0333…, the cent that is left to the first by name
    expect(idleLines('{ policy: even }', thirds).map((line) => line.split(' ').at(-1))).toEqual([
      '0.04',
      '0.03',
      '0.03',
    ]);
  });

  test('without a price of its own it costs what usage does; not with tiers', () => {
    const plain = `${tenants}prices: [{ meter: gpu_time, unit: GPU hour, price: '2.00' }]`;
    expect(idleLines('{ policy: owner, owner: c }', [idle(3)], plain)).toEqual(['c 3 6.00']);
    const tiers = `${tenants}prices: [{ meter: gpu_time, unit: GPU hour, model: volume, tiers: [{ price: 1 }] }]`;
    const bill = billOf(rate(`${tiers}\nidle: [{ policy: owner, owner: c }]`, [idle(3)]), 'c');
    expect(bill.problems[0]).toContain('prices[0] has tiers; give it an idle_price');
    expect(idleLines('{ policy: owner, owner: c }', [idle(3)], tiers.replace('model', 'idle_price: 4, model'))).toEqual(
      ['c 3 12.00'],
    );
  });

  test('contracts say what it costs by idle_price, and discounts by idle', () => {
    const contract = (terms: string) => `${tenants}${price}\ncontracts: [{ name: gold, tenants: [c], ${terms} }]`;
    const cost = (terms: string) => idleLines('{ policy: owner, owner: c }', [idle(10)], contract(terms));
    expect(cost("prices: [{ meter: gpu_time, unit: GPU hour, price: '0.10' }]")).toEqual(['c 10 10.00']);
    expect(cost("prices: [{ meter: gpu_time, unit: GPU hour, price: 9, idle_price: '0.20' }]")).toEqual(['c 10 2.00']);
    expect(cost('discounts: [{ percent: 10 }]')).toEqual(['c 10 10.00']);
    expect(cost('discounts: [{ percent: 10, idle: true }]')).toEqual(['c 10 9.00']);
  });

  test('MIG slices that nobody has cost their share', () => {
    const slices = idle(70, { sku: `${h100} MIG 1g.10gb`, share: { num: 1, den: 7 } });
    expect(idleLines('{ policy: owner, owner: c }', [slices])).toEqual(['c 10 10.00']);
  });
});

describe('splits', () => {
  const yaml = `${tenants}
splits:
  - namespace: shared
    between: [{ tenant: a, share: 1/3 }, { tenant: b, share: 1/3 }, { tenant: c, share: 1/3, cost_centre: CC-9 }]
${price}
`;
  test('divide usage exactly, and what is paid for it to the cent', () => {
    const bills = rate(yaml, [by('shared', 5), by('a', 1)]);
    // 5 × 2.00 = 10.00: thirds of 3.333…
    expect(briefly(billOf(bills, 'a'))).toEqual(['usage 1.66666666666666666667 3.34', 'usage 1 2.00']);
    expect(briefly(billOf(bills, 'b'))).toEqual(['usage 1.66666666666666666667 3.33']);
    expect(billOf(bills, 'c').lines[0]).toMatchObject({ amount: '3.33', costCentre: 'CC-9' });
    expect(billOf(bills, 'a').lines[0]?.steps).toEqual([
      'metered: 18000000 ms × 1/3 (splits[0]) ÷ 3600000 ms = 1.6666666667… GPU hour',
      'list price prices[0]: 1.6666666667… × 2 EUR = 3.3333333333… EUR',
      'to be paid: 3.34 EUR, not 3.33, so that all parts of what was divided add up to the whole',
    ]);
  });

  test('and their users share idle time', () => {
    const parts = idleLines('{ policy: weighted }', [by('shared', 3), by('a', 1), idle(8)], yaml);
    // a 1 + 1, b 1, c 1
    expect(parts).toEqual(['a 4 4.00', 'b 2 2.00', 'c 2 2.00']);
  });
});

describe('largest remainder', () => {
  const values = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 30 });

  test('parts add up to the rounded whole, each is less than a unit away, and order does not matter', () => {
    fc.assert(
      fc.property(values, fc.constantFrom('EUR', 'JPY', 'KWD'), (numbers, currency) => {
        const parts = numbers.map((value, index) => ({ key: `${index}`, value: decimal(value).div(70_000) }));
        const rounded = roundTogether(parts, currency);
        const [whole] = roundTogether(
          [{ key: '', value: sumOf(parts.map(({ value }) => value.toFixed(50))) }],
          currency,
        );
        expect(decimalText(rounded.reduce((sum, each) => sum.plus(each)))).toBe(decimalText(whole ?? decimal('-1')));
        const unit = { EUR: '0.01', JPY: '1', KWD: '0.001' }[currency];
        for (const [index, { value }] of parts.entries()) {
          expect(
            rounded[index]
              ?.minus(value)
              .abs()
              .lt(unit ?? '0'),
          ).toBe(true);
        }
        const backwards = roundTogether(parts.toReversed(), currency).toReversed();
        expect(backwards.map(decimalText)).toEqual(rounded.map(decimalText));
      }),
    );
  });

  test('of equals the first by name gets the cent', () => {
    const parts = ['b', 'a', 'c'].map((key) => ({ key, value: decimal('10').div(3) }));
    expect(roundTogether(parts, 'EUR').map((each) => each.toFixed(2))).toEqual(['3.33', '3.34', '3.33']);
  });
});
