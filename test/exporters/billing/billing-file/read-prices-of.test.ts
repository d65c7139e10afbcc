import { readBillingFile, readPricesOf } from '../../../../exporters/billing/billing-file/billing-file.ts';

const file = readBillingFile('billing.yaml', () =>
  JSON.stringify({
    sources: [{ name: 'main', cluster: 'a', url: 'http://prometheus:9090' }],
    currency: 'EUR',
    tenants: [
      { name: 'red', owns: [{ namespace: 'red' }] },
      { name: 'blue', currency: 'USD', owns: [{ namespace: 'blue' }] },
    ],
  }),
);
const book = (tenant: string) =>
  JSON.stringify({ currency: 'EUR', contracts: [{ name: 'x', tenants: ['red', tenant] }] });
const errorOf = (tenant: string, visible?: readonly string[]) => {
  try {
    readPricesOf(book(tenant), file, visible);
    return '';
  } catch (error) {
    return String(error);
  }
};

test('contracts of all tenants are known to those who see all', () => {
  expect(readPricesOf('contracts: [{name: x, tenants: [blue]}]', file).contracts).toHaveLength(1);
  expect(errorOf('blue')).toContain('make two contracts');
  expect(errorOf('bleu')).toContain('did you mean blue?');
});

test('a tenant that is not visible is like one that is not there', () => {
  const [hidden, missing] = [errorOf('blue', ['red']), errorOf('somebody', ['red'])];
  expect(hidden).toContain('must be the name of one of the tenants, got "blue"');
  expect(missing).toBe(hidden.replace('"blue"', '"somebody"'));
  expect(readPricesOf('contracts: [{name: x, tenants: [red]}]', file, ['red']).contracts).toHaveLength(1);
});

test('what the book leaves out stays as it is; an empty list takes it away', () => {
  const full = readBillingFile('billing.yaml', () =>
    JSON.stringify({
      sources: [{ name: 'main', cluster: 'a', url: 'http://prometheus:9090' }],
      currency: 'USD',
      tenants: [{ name: 'red', owns: [{ namespace: 'red' }] }],
      prices: [{ meter: 'gpu_time', unit: 'GPU hour', price: '2' }],
      idle: [{ policy: 'weighted' }],
      contracts: [{ name: 'gold', tenants: ['red'], discounts: [{ percent: 10 }] }],
    }),
  );
  const only = readPricesOf("prices: [{ meter: gpu_time, unit: GPU hour, price: '3' }]", full, []);
  expect(only.priceBook.prices).toMatchObject([{ currency: 'USD', model: { price: expect.anything() } }]);
  expect(only.priceBook.prices).not.toEqual(full.pricing.priceBook.prices);
  expect([only.priceBook.idle, only.contracts]).toEqual([full.pricing.priceBook.idle, full.pricing.contracts]);
  expect(readPricesOf('contracts: []', full)).toEqual({ ...full.pricing, contracts: [] });
  expect(readPricesOf('{prices: [], idle: []}', full).priceBook).toMatchObject({ prices: [], idle: [] });
});
