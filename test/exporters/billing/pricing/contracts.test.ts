import { ratePeriod } from '../../../../exporters/billing/pricing/rate-period.ts';
import { billOf, briefly, hour, rate, rateInput, research, spanOf, tokens, used } from './rating.ts';

const prices = `${research}
prices:
  - { meter: gpu_time, unit: GPU hour, price: '2.50' }
  - { meter: llm_tokens, unit: token, price: '0.10' }
`;

function contract(terms: string): string {
  return `${prices}\ncontracts:\n  - name: gold\n    tenants: [research]\n${terms.replaceAll(/^/gm, '    ')}\n`;
}

const gpuHours = (hours: number, over = {}) => used({ quantity: BigInt(hours * hour), ...over });

const lines = (terms: string, usages = [gpuHours(100)]) => briefly(billOf(rate(contract(terms), usages)));

describe('prices of the contract', () => {
  test('list cost and contracted cost are both kept', () => {
    const bill = billOf(
      rate(contract("prices: [{ meter: gpu_time, unit: GPU hour, price: '2.00' }]"), [gpuHours(100)]),
    );
    const [line] = bill.lines;
    // 100 × 2.50 and 100 × 2.00
    expect(line).toMatchObject({ listCost: '250', contractedCost: '200', effectiveCost: '200', amount: '200.00' });
    expect(line).toMatchObject({ listUnitPrice: '2.5', contractedUnitPrice: '2' });
    expect(line?.steps).toContain('contract gold, contracts[0].prices[0]: 100 × 2 EUR = 200 EUR');
  });

  test('a contract that begins within the period divides it', () => {
    const yaml = contract("from: 2026-02-15\nprices: [{ meter: gpu_time, unit: GPU hour, price: '2.00' }]");
    // Half of 672 h at 2.50, half at 2.00
    expect(briefly(billOf(rate(yaml, [gpuHours(672)])))).toEqual(['usage 336 840.00', 'usage 336 672.00']);
  });

  test('tiers of the contract count on from what was used before the price of it changed', () => {
    const tier = (price: string, validity: string) =>
      `{ meter: llm_tokens, unit: token, model: graduated, tiers: [{ up_to: 1000, price: 0 }, { price: ${price} }], ${validity} }`;
    const yaml = contract(`prices: [${tier('1', 'to: 2026-02-15')}, ${tier('2', 'from: 2026-02-15')}]`);
    const halves = tokens(1600n);
    // 800 in each half: 800 × 0; 200 × 0 + 600 × 2
    expect(briefly(billOf(rate(yaml, [halves])))).toEqual(['usage 800 0.00', 'usage 800 1200.00']);
  });

  test('what the list does not have, a contract may', () => {
    const yaml = contract('prices: [{ meter: requests, unit: request, price: 3 }]');
    const bill = billOf(rate(yaml, [used({ meter: 'requests', quantity: 2n })]));
    expect(briefly(bill)).toEqual(['usage 2 6.00']);
    expect(bill.problems).toEqual([]);
  });
});

describe('discounts', () => {
  test.each([
    // 250 × 0.9
    ['one', 'discounts: [{ percent: 10 }]', ['usage 100 225.00']],
    // 250 × 0.9 × 0.8, one after the other
    ['two', 'discounts: [{ percent: 10 }, { percent: 20 }]', ['usage 100 180.00']],
    ['of another meter', 'discounts: [{ percent: 10, meter: llm_tokens }]', ['usage 100 250.00']],
    ['of another SKU', "discounts: [{ percent: 10, sku: 'AMD*' }]", ['usage 100 250.00']],
    [
      'of this SKU and cluster',
      "discounts: [{ percent: '12.5', sku: 'NVIDIA*', cluster: berlin }]",
      ['usage 100 218.75'],
    ],
    ['of everything', 'discounts: [{ percent: 100 }]', ['usage 100 0.00']],
  ])('%s', (_name, terms, expected) => {
    expect(lines(terms)).toEqual(expected);
  });

  test('one that holds for a part of the period is for that part', () => {
    // 336 × 2.50 × 0.5, then 336 × 2.50
    expect(lines('discounts: [{ percent: 50, to: 2026-02-15 }]', [gpuHours(672)])).toEqual([
      'usage 336 420.00',
      'usage 336 840.00',
    ]);
  });
});

describe('free units', () => {
  test.each([
    // 100 − 40 = 60 × 2.50
    ['some', 'free: [{ meter: gpu_time, quantity: 40 }]', ['usage 100 150.00']],
    ['as many as used', 'free: [{ meter: gpu_time, quantity: 100 }]', ['usage 100 0.00']],
    ['more than used', 'free: [{ meter: gpu_time, quantity: 1000 }]', ['usage 100 0.00']],
    ['twice', 'free: [{ meter: gpu_time, quantity: 40 }, { meter: gpu_time, quantity: 50 }]', ['usage 100 25.00']],
    // Already consumed by the first: nothing is left for the second
    [
      'nothing left',
      'free: [{ meter: gpu_time, quantity: 100 }, { meter: gpu_time, quantity: 50 }]',
      ['usage 100 0.00'],
    ],
    // 250 × 0.9 = 225, of which 60 of 100
    [
      'after a discount',
      'discounts: [{ percent: 10 }]\nfree: [{ meter: gpu_time, quantity: 40 }]',
      ['usage 100 135.00'],
    ],
    // A contract for half of the period has half of them: 50 units are used in it, 20 free
    [
      'of half a period',
      'from: 2026-02-15\nfree: [{ meter: gpu_time, quantity: 40 }]',
      ['usage 50 125.00', 'usage 50 75.00'],
    ],
  ])('%s', (_name, terms, expected) => {
    expect(lines(terms)).toEqual(expected);
  });

  test('are divided among lines by units', () => {
    const both = [gpuHours(75), gpuHours(25, { cluster: 'oslo' })];
    // 40 free of 100: 30 and 10; 45 × 2.50 and 15 × 2.50
    expect(lines('free: [{ meter: gpu_time, quantity: 40 }]', both)).toEqual(['usage 75 112.50', 'usage 25 37.50']);
  });
});

describe('commitments', () => {
  test.each([
    // 500 × 2.00 whether used or not
    ['unused', 500, ['usage 100 0.00', 'commitment 500 1000.00']],
    ['used up', 100, ['usage 100 0.00', 'commitment 100 200.00']],
    // 80 × 2.00; 20 × 2.50
    ['with overage', 80, ['usage 80 0.00', 'commitment 80 160.00', 'overage 20 50.00']],
  ])('%s', (_name, quantity, expected) => {
    expect(lines(`commitments: [{ meter: gpu_time, quantity: ${quantity}, price: '2.00' }]`)).toEqual(expected);
  });

  test('are paid without any usage', () => {
    expect(lines("commitments: [{ meter: gpu_time, quantity: 500, price: '2.00' }]", [])).toEqual([
      'commitment 500 1000.00',
    ]);
  });

  test('of GPUs that are kept are for all hours of the period', () => {
    // 2 × 672 h × 1.50
    expect(lines("commitments: [{ meter: gpu_time, reserved: 2, price: '1.50' }]", [])).toEqual([
      'commitment 1344 2016.00',
    ]);
  });

  test('overage at the price of the contract gets its discounts, at list price it does not', () => {
    const terms = (overage: string) =>
      `prices: [{ meter: gpu_time, unit: GPU hour, price: '2.20' }]\ndiscounts: [{ percent: 10 }]\n` +
      `commitments: [{ meter: gpu_time, quantity: 80, price: '2.00', overage: ${overage} }]`;
    // 20 × 2.50; 20 × 2.20 × 0.9
    expect(lines(terms('list'))).toEqual(['usage 80 0.00', 'commitment 80 160.00', 'overage 20 50.00']);
    expect(lines(terms('contract'))).toEqual(['usage 80 0.00', 'commitment 80 160.00', 'overage 20 39.60']);
  });

  test('cover lines in proportion, and only of their SKU', () => {
    const usages = [gpuHours(60), gpuHours(40, { cluster: 'oslo' }), gpuHours(10, { sku: 'L4' })];
    // 50 of 100: 30 and 20 are covered
    expect(lines("commitments: [{ meter: gpu_time, sku: 'NVIDIA*', quantity: 50, price: 2 }]", usages)).toEqual([
      'usage 10 25.00',
      'usage 30 0.00',
      'usage 20 0.00',
      'commitment 50 100.00',
      'overage 30 75.00',
      'overage 20 50.00',
    ]);
  });

  test('of half a period are half', () => {
    expect(lines("to: 2026-02-15\ncommitments: [{ meter: gpu_time, quantity: 500, price: '2.00' }]", [])).toEqual([
      'commitment 250 500.00',
    ]);
  });
});

describe('credits', () => {
  test('pay by priority, then by what ends first, until nothing is left to pay', () => {
    const terms = `credits:
  - { name: late, amount: 100, to: 2027-01-01 }
  - { name: second, amount: 100, priority: 1 }
  - { name: soon, amount: 100, to: 2026-06-01 }
  - { name: never, amount: 100, priority: 9 }`;
    // 250 to pay: 100 of soon, 100 of late, 50 of second
    const bill = billOf(rate(contract(terms), [gpuHours(100)]));
    expect(bill.lines.map(({ description, amount }) => `${description} ${amount}`).slice(1)).toEqual([
      'Credit soon -100.00',
      'Credit late -100.00',
      'Credit second -50.00',
    ]);
    expect(bill.total).toBe('0.00');
  });

  test.each([
    // Ends when the period begins
    ['to: 2026-02-01', '250.00'],
    // Begins when the period ends
    ['from: 2026-03-01', '250.00'],
    // Pays for the first half alone: 125
    ['to: 2026-02-15', '125.00'],
    ['from: 2026-02-15', '125.00'],
    ['from: 2026-02-01, to: 2026-03-01', '0.00'],
  ])('of 1000 that holds %s leaves %s', (validity, total) => {
    expect(billOf(rate(contract(`credits: [{ name: a, amount: 1000, ${validity} }]`), [gpuHours(100)])).total).toBe(
      total,
    );
  });

  test('earlier bills have used some of it', () => {
    const input = rateInput(contract('credits: [{ name: a, amount: 100 }]'), [gpuHours(100)]);
    const creditsUsed = new Map([['research', new Map([['credit|gold|a', '70.50']])]]);
    expect(billOf(ratePeriod({ ...input, creditsUsed })).lines.at(-1)?.amount).toBe('-29.50');
    const over = new Map([['research', new Map([['credit|gold|a', '170.50']])]]);
    expect(billOf(ratePeriod({ ...input, creditsUsed: over })).total).toBe('250.00');
  });
});

describe('minimum and maximum', () => {
  test.each([
    // 250
    ['minimum: 300', ['usage 100 250.00', 'minimum 50.00']],
    ['minimum: 250', ['usage 100 250.00']],
    ['minimum: 100', ['usage 100 250.00']],
    ['maximum: 200', ['usage 100 250.00', 'maximum -50.00']],
    ['maximum: 250', ['usage 100 250.00']],
    ['minimum: 100\nmaximum: 200', ['usage 100 250.00', 'maximum -50.00']],
    // 125 without and 125 in the contract, of which half of 300
    ['from: 2026-02-15\nminimum: 300', ['usage 50 125.00', 'usage 50 125.00', 'minimum 25.00']],
    // 250 − 50 % = 125, 50 above the maximum
    ['discounts: [{ percent: 50 }]\nmaximum: 75', ['usage 100 125.00', 'maximum -50.00']],
    // Credits come first: 250 − 100 = 150
    ['credits: [{ name: a, amount: 100 }]\nminimum: 200', ['usage 100 250.00', 'credit -100.00', 'minimum 50.00']],
  ])('%s', (terms, expected) => {
    expect(lines(terms)).toEqual(expected);
  });

  test.each([
    // 1500 tokens: 1000 × 0.10 + 500 × 0.05 = 125, in tier 2
    [1500n, 'minimum: 200', ['usage 1500 125.00', 'minimum 75.00']],
    [1500n, 'maximum: 110', ['usage 1500 125.00', 'maximum -15.00']],
    // 6000: 100 + 4000 × 0.05 + 1000 × 0.01 = 310, in tier 3
    [6000n, 'minimum: 400', ['usage 6000 310.00', 'minimum 90.00']],
    [6000n, 'maximum: 300', ['usage 6000 310.00', 'maximum -10.00']],
  ])('within tiers: %s tokens, %s', (quantity, terms, expected) => {
    const tiers = 'tiers: [{ up_to: 1000, price: 0.10 }, { up_to: 5000, price: 0.05 }, { price: 0.01 }]';
    const own = `prices: [{ meter: llm_tokens, unit: token, model: graduated, ${tiers} }]`;
    expect(lines(`${own}\n${terms}`, [tokens(quantity)])).toEqual(expected);
  });

  test('the minimum is paid without any usage', () => {
    expect(lines('minimum: 300', [])).toEqual(['minimum 300.00']);
  });
});

describe('taxes', () => {
  test('are of what is left to pay, each rounded once', () => {
    // 250 − 100 = 150, + 50; 200 × 19 % = 38, 200 × 0.333 % = 0.666
    const terms =
      "credits: [{ name: a, amount: 100 }]\nminimum: 200\ntaxes: [{ name: VAT, percent: 19 }, { name: levy, percent: '0.333' }]";
    expect(lines(terms)).toEqual(['usage 100 250.00', 'credit -100.00', 'minimum 50.00', 'tax 38.00', 'tax 0.67']);
  });
});

test('all terms at once, in the order of the guide', () => {
  const terms = `prices: [{ meter: gpu_time, unit: GPU hour, price: '2.00' }]
discounts: [{ percent: 10 }]
free: [{ meter: gpu_time, quantity: 5 }]
commitments: [{ meter: gpu_time, quantity: 60, price: '1.80', overage: contract }]
credits: [{ name: welcome, amount: '20' }]
maximum: '140'
taxes: [{ name: VAT, percent: 19 }]`;
  // 60 × 1.80 = 108 · 40 × 2.00 = 80, − 10 % = 72, × 35/40 = 63 · 171 − 20 = 151 · capped at 140 · 19 % of 140 = 26.60
  const bill = billOf(rate(contract(terms), [gpuHours(100)]));
  expect(briefly(bill)).toEqual([
    'usage 60 0.00',
    'commitment 60 108.00',
    'overage 40 63.00',
    'credit -20.00',
    'maximum -11.00',
    'tax 26.60',
  ]);
  expect(bill.total).toBe('166.60');
});

test('a tenant that moves from one contract to another settles each by itself', () => {
  const yaml = `${prices}
contracts:
  - { name: old, tenants: [research], to: 2026-02-15, taxes: [{ name: VAT, percent: 10 }] }
  - { name: new, tenants: [research], from: 2026-02-15, taxes: [{ name: VAT, percent: 20 }] }
`;
  const bill = billOf(rate(yaml, [gpuHours(100)], spanOf('2026-02-01', '2026-03-01')));
  expect(briefly(bill)).toEqual(['usage 50 125.00', 'tax 12.50', 'usage 50 125.00', 'tax 25.00']);
});
