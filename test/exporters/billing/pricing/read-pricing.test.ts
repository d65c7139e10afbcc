import { holesOf } from '../../../../exporters/billing/pricing/check-prices.ts';
import { pricingHash } from '../../../../exporters/billing/pricing/pricing-hash.ts';
import { momentOf } from '../../../../exporters/billing/pricing/read-values.ts';
import { pricingOf } from './rating.ts';

const gpu = (more: string) => `prices: [{ meter: gpu_time, unit: GPU hour, ${more} }]`;
const token = (more: string) => `prices: [{ meter: llm_tokens, unit: token, ${more} }]`;
const two = (first: string, second: string) =>
  `prices: [{ meter: gpu_time, unit: GPU hour, price: 1, ${first} }, { meter: gpu_time, unit: GPU hour, price: 2, ${second} }]`;
const slot = (more: string) => gpu(`price: 1, time_of_day: [{ price: 2, ${more} }]`);
const contract = (terms: string) =>
  `tenants: [{ name: a }, { name: b, currency: USD }]\ncontracts: [{ name: gold, tenants: [a], ${terms} }]`;

describe('prices that cannot be meant', () => {
  test.each([
    [
      'prices: [{ meter: gpu_tmie, unit: GPU hour, price: 1 }]',
      'prices[0].meter must be one of the meters gpu_time, cpu_time, llm_tokens, requests, got "gpu_tmie"; did you mean gpu_time?',
    ],
    [
      'prices: [{ meter: gpu_time, unit: GPU minute, price: 1 }]',
      'prices[0].unit must be GPU hour, in which gpu_time is priced, got "GPU minute"',
    ],
    ['prices: [{ meter: gpu_time, price: 1 }]', 'prices[0].unit must be a text'],
    [gpu(''), 'prices[0].price must be a decimal number'],
    [gpu('price: -1'), 'prices[0].price must be from 0 to 1000000000, got -1'],
    [gpu("price: '1e3'"), 'prices[0].price must be a decimal number such as 2.50, without exponent'],
    [gpu('price: 1e30'), 'prices[0].price must be a decimal number'],
    [gpu('price: .inf'), 'prices[0].price must be a decimal number'],
    [gpu("price: '2,50'"), 'prices[0].price must be a decimal number'],
    [gpu('price: 2.50 EUR'), 'prices[0].price must be a decimal number'],
    [gpu('price: 10000000000'), 'prices[0].price must be from 0 to 1000000000'],
    [gpu('price: 0.12345678901234567'), 'prices[0].price must be a number of at most 15 digits'],
    [gpu('price: 1, currency: BTC'), 'prices[0].currency must be a currency of ISO 4217'],
    [gpu('price: 1, package: 10'), 'prices[0].package does not go with model unit'],
    [gpu('price: 1, model: tiered'), 'prices[0].model must be one of unit, package, graduated, volume'],
    [gpu('price: 1, from: 2026-13-01'), 'prices[0].from must be a date such as 2026-03-01'],
    [gpu('price: 1, from: 2026-02-01, to: 2026-01-01'), 'prices[0].to must be after billing.yaml: prices[0].from'],
    [gpu('price: 1, idle_price: -2'), 'prices[0].idle_price must be from 0'],
    [token('model: package, price: 1'), 'prices[0].package must be a decimal number'],
    [token('model: package, price: 1, package: 0'), 'prices[0].package must be above 0'],
    [token('model: volume, price: 1, tiers: [{ price: 1 }]'), 'prices[0].price does not go with model volume'],
    [token('model: volume'), 'prices[0].tiers must be a list of at least one tier'],
    [
      token('model: volume, tiers: [{ up_to: 5, price: 1 }]'),
      'prices[0].tiers[0].up_to leaves units beyond it without a price',
    ],
    [token('model: volume, tiers: [{ price: 1 }, { price: 1 }]'), 'prices[0].tiers[0].up_to must be a number of units'],
    [
      token('model: graduated, tiers: [{ up_to: 5, price: 1 }, { up_to: 5, price: 1 }, { price: 1 }]'),
      'prices[0].tiers[1].up_to must be above that of the tier before it',
    ],
    [
      token("model: graduated, tiers: [{ price: 1 }], time_of_day: [{ from: '01:00', to: '02:00', price: 1 }]"),
      'prices[0].time_of_day goes with model unit only',
    ],
    [
      slot("from: '25:00', to: '02:00'"),
      "prices[0].time_of_day[0].from must be a time of the day such as '06:30', in quotes",
    ],
    [slot("from: '24:00', to: '02:00'"), 'prices[0].time_of_day[0].from must be'],
    [slot("from: '22:00', to: '06:60'"), 'prices[0].time_of_day[0].to must be'],
    [slot("from: '22:00', to: '06:00', days: [monday]"), 'prices[0].time_of_day[0].days[0] must be one of sun, mon'],
    [slot("from: '22:00', to: '06:00', days: []"), 'prices[0].time_of_day[0].days must be a list of days'],
    [
      slot("from: '22:00', to: '06:00' }, { price: 3, days: [wed], from: '05:00', to: '07:00'"),
      'prices[0].time_of_day[1] overlaps billing.yaml: prices[0].time_of_day[0]',
    ],
    [
      slot(
        "name: n, days: [mon], from: '22:00', to: '23:00' }, { price: 3, name: n, days: [tue], from: '22:00', to: '23:00'",
      ),
      'prices[0].time_of_day[1] is called n, and so is billing.yaml: prices[0].time_of_day[0]; give each a name',
    ],
    // Saturday night goes into Sunday morning
    [
      slot("days: [sat], from: '22:00', to: '06:00' }, { price: 3, days: [sun], from: '05:00', to: '07:00'"),
      'prices[0].time_of_day[1] overlaps',
    ],
    [
      two('', ''),
      'billing.yaml: prices[1] (from the beginning on) is for the same meter, SKU and cluster as billing.yaml: prices[0] (from the beginning on) and they overlap',
    ],
    [
      two('to: 2026-02-02', 'from: 2026-02-01'),
      'prices[1] (from 2026-02-01T00:00:00Z on) is for the same meter, SKU and cluster as billing.yaml: prices[0] (from the beginning to 2026-02-02T00:00:00Z)',
    ],
    ['currency: EURO', 'currency must be a currency of ISO 4217'],
    [
      'currency: { book: EUR, conversions: [{ from_currency: EUR, to_currency: USD, rate: 0 }] }',
      'rate must be from 0.000000000001',
    ],
    [
      'currency: { book: EUR, conversions: [{ from_currency: EUR, to_currency: USD, rate: 1 }, { from_currency: EUR, to_currency: USD, rate: 2 }] }',
      'conversions[1] (from the beginning on) is for the same currencies as',
    ],
    ['idle: [{ policy: fair }]', 'idle[0].policy must be one of none, even, weighted, owner'],
    ['idle: [{ policy: owner, owner: x }]', 'idle[0].owner must be the name of one of the tenants'],
    ['tenants: [{ name: a }]\nidle: [{ policy: even, owner: a }]', 'idle[0].owner goes with policy owner only'],
    ['idle: [{ policy: even, meter: cpu_time }]', 'idle[0].meter must be a meter of GPUs'],
  ])('%s', (yaml, message) => {
    expect(() => pricingOf(yaml)).toThrow(message);
  });
});

describe('contracts that cannot be meant', () => {
  test.each([
    ['contracts: [{ name: gold }]', 'contracts[0].tenants must be a list of at least one tenant'],
    [
      contract('').replace('[a]', '[a, b]'),
      'contracts[0].tenants has a, who is billed in EUR, and b in USD; make two contracts',
    ],
    [contract('').replace('[a]', '[c]'), 'contracts[0].tenants[0] must be the name of one of the tenants, got "c"'],
    [
      contract('prices: [{ meter: gpu_time, unit: GPU hour, price: 1, currency: USD }]'),
      'contracts[0].prices[0].currency is USD, and the tenants of the contract are billed in EUR',
    ],
    [contract('discounts: [{ percent: 101 }]'), 'contracts[0].discounts[0].percent must be from 0 to 100'],
    [contract('free: [{ quantity: 5 }]'), 'contracts[0].free[0].meter must be'],
    [contract('free: [{ meter: gpu_time, quantity: 0 }]'), 'contracts[0].free[0].quantity must be above 0'],
    [contract('commitments: [{ meter: gpu_time, price: 1 }]'), 'contracts[0].commitments[0] must have either quantity'],
    [
      contract('commitments: [{ meter: gpu_time, price: 1, quantity: 1, reserved: 1 }]'),
      'contracts[0].commitments[0] must have either quantity',
    ],
    [
      contract('commitments: [{ meter: llm_tokens, price: 1, reserved: 1 }]'),
      'contracts[0].commitments[0].reserved goes with meters of time, and llm_tokens counts token',
    ],
    [
      contract('commitments: [{ meter: gpu_time, price: 1, quantity: 1, overage: free }]'),
      'overage must be one of list, contract',
    ],
    [
      contract('credits: [{ name: x, amount: 1 }, { name: x, amount: 2 }]'),
      'contracts[0].credits has the name x twice',
    ],
    [contract('taxes: [{ name: x, percent: 1 }, { name: x, percent: 2 }]'), 'contracts[0].taxes has the name x twice'],
    [contract('minimum: 5, maximum: 4'), 'contracts[0].maximum must not be below billing.yaml: contracts[0].minimum'],
    [contract('minimum: -5'), 'contracts[0].minimum must be from 0'],
  ])('%s', (yaml, message) => {
    expect(() => pricingOf(yaml)).toThrow(message);
  });

  test('two at once for one tenant', () => {
    const yaml = `tenants: [{ name: a }]
contracts:
  - { name: old, tenants: [a], to: 2026-03-01 }
  - { name: new, tenants: [a], from: 2026-02-01 }
`;
    expect(() => pricingOf(yaml)).toThrow(
      'billing.yaml: contracts[1] (from 2026-02-01T00:00:00Z on) and billing.yaml: contracts[0] (from the beginning to 2026-03-01T00:00:00Z) are both for the tenant a at the same time',
    );
    expect(() => pricingOf(yaml.replace('2026-02-01', '2026-03-01'))).not.toThrow();
    expect(() => pricingOf(yaml.replace('name: new', 'name: old').replace('2026-02-01', '2026-03-01'))).toThrow(
      'contracts[1] is named old, and so is billing.yaml: contracts[0]',
    );
  });
});

test('prices that meet, or are for different things, do not overlap', () => {
  expect(() => pricingOf(two('to: 2026-02-01', 'from: 2026-02-01'))).not.toThrow();
  expect(() => pricingOf(two('sku: a', "sku: 'a*'"))).not.toThrow();
  expect(() => pricingOf(two('cluster: a', 'cluster: b'))).not.toThrow();
  expect(() => pricingOf(two('currency: EUR', 'currency: USD'))).not.toThrow();
});

test('a number of YAML is what was typed', () => {
  const [price] = pricingOf(gpu('price: 0.1')).priceBook.prices;
  expect(price?.model.kind === 'unit' && price.model.price.toFixed()).toBe('0.1');
});

describe('holes', () => {
  test('between two prices of the same thing are named', () => {
    expect(holesOf(pricingOf(two('to: 2026-02-01', 'from: 2026-02-03')).priceBook)).toEqual([
      'billing.yaml: prices[0] and billing.yaml: prices[1] leave gpu_time without a price from 2026-02-01T00:00:00Z to 2026-02-03T00:00:00Z',
    ]);
  });

  test('that a price for more fills are none', () => {
    const yaml = two('sku: H100, to: 2026-02-01', 'sku: H100, from: 2026-02-03').replace(
      /\]$/,
      ", { meter: gpu_time, unit: GPU hour, price: 9, sku: 'H*' }]",
    );
    expect(holesOf(pricingOf(yaml).priceBook)).toEqual([]);
    expect(holesOf(pricingOf(two('to: 2026-02-01', 'from: 2026-02-01')).priceBook)).toEqual([]);
  });
});

describe('moments', () => {
  const at = (value: unknown, zone = 'Europe/Berlin') =>
    new Date(momentOf({ value, where: 'from' }, zone)).toISOString();

  test.each([
    ['2026-03-01', '2026-02-28T23:00:00.000Z'],
    ['2028-02-29', '2028-02-28T23:00:00.000Z'],
    ['2026-03-01T12:00', '2026-03-01T11:00:00.000Z'],
    ['2026-03-01T12:00:30', '2026-03-01T11:00:30.000Z'],
    ['2026-03-01T12:00Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00-05:00', '2026-03-01T17:00:00.000Z'],
  ])('%s in Berlin is %s', (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  test.each([
    '2026-02-29',
    '2026-04-31',
    '2026-03-01 12:00',
    '2026-03-01T24:00',
    '2026-3-1',
    '01.03.2026',
    20260301,
    null,
    '2026-03-01T12:60',
  ])('%s is none', (value) => {
    expect(() => at(value)).toThrow('from must be a date such as 2026-03-01');
  });
});

describe('the hash of prices and contracts', () => {
  const hash = (yaml: string) => pricingHash(pricingOf(yaml));

  test('changes with a price, not with the form of the file', () => {
    expect(hash(gpu('price: 1'))).toMatch(/^[0-9a-f]{64}$/);
    expect(hash(gpu('price: 1'))).toBe(hash(gpu("price: '1.00'")));
    expect(hash(gpu('price: 1'))).not.toBe(hash(gpu('price: 2')));
    expect(hash(gpu('price: 1'))).not.toBe(hash(gpu('price: 1, sku: x')));
    expect(hash(gpu('price: 1'))).not.toBe(hash(gpu('price: 1, from: 2026-01-01')));
    expect(hash(gpu('price: 1'))).not.toBe(hash(`${gpu('price: 1')}\nidle: [{ policy: even }]`));
    expect(hash(contract('minimum: 1'))).not.toBe(hash(contract('minimum: 2')));
    expect(hash(contract('free: [{ meter: gpu_time, quantity: 1 }]'))).not.toBe(
      hash(contract('free: [{ meter: cpu_time, quantity: 1 }]')),
    );
  });
});
