import { readBudgets } from '../../../../exporters/billing/budgets/config.ts';
import { readQuotas } from '../../../../exporters/billing/budgets/quota-config.ts';

const known = {
  tenants: [
    { name: 'search', costCentre: 'cc-1', timeZone: 'Europe/Berlin', currency: 'EUR' },
    { name: 'chat', costCentre: '', timeZone: 'UTC', currency: 'USD' },
  ],
  meters: ['gpu_time', 'tokens'],
};

function budgets(...list: readonly object[]) {
  return readBudgets({ value: list, where: 'billing.yaml: budgets' }, known);
}

const least = { name: 'search-monthly', tenant: 'search', amount: '50000.00' };

test('a budget of a tenant goes by the zone and currency of the tenant', () => {
  expect(budgets(least)).toEqual([
    {
      name: 'search-monthly',
      scope: { tenant: 'search', costCentre: undefined, clusters: undefined, meters: undefined },
      amount: '50000.00',
      currency: 'EUR',
      period: 'month',
      timeZone: 'Europe/Berlin',
      steps: [0.5, 0.8, 1],
    },
  ]);
});

test('a budget of a cost centre, of some clusters and meters, with steps of its own', () => {
  const given = {
    name: 'gpus of cc-1',
    cost_centre: 'cc-1',
    clusters: ['c1'],
    meters: ['gpu_time'],
    amount: 1_000_000,
    currency: 'EUR',
    period: 'quarter',
    time_zone: 'Asia/Tokyo',
    steps: [0.25, 1.2],
  };
  expect(budgets(given)).toEqual([
    expect.objectContaining({
      scope: { tenant: undefined, costCentre: 'cc-1', clusters: ['c1'], meters: ['gpu_time'] },
      amount: '1000000',
      period: 'quarter',
      timeZone: 'Asia/Tokyo',
      steps: [0.25, 1.2],
    }),
  ]);
});

test('no budgets are none', () => {
  expect(readBudgets({ value: undefined, where: 'budgets' }, known)).toEqual([]);
});

test.each([
  [
    { ...least, tenant: 'serch' },
    'budgets[0].tenant must be the name of a tenant of this file, got "serch"; did you mean search?',
  ],
  [
    { ...least, cost_centre: 'cc-1' },
    'budgets[0].cost_centre and tenant must not both be there; a budget is for one of them',
  ],
  [{ ...least, amount: 0 }, 'budgets[0].amount must be an amount above 0'],
  [{ ...least, amount: '0.00' }, 'budgets[0].amount must be an amount above 0'],
  [{ ...least, amount: 12.5 }, 'in quotes if it has a fraction, such as "50000.00", got 12.5'],
  [{ ...least, amount: '1e6' }, 'budgets[0].amount must be an amount above 0'],
  [{ ...least, amount: -5 }, 'budgets[0].amount must be an amount above 0'],
  [{ ...least, amount: undefined }, 'budgets[0].amount must be an amount above 0'],
  [
    { ...least, currency: 'USD' },
    'budgets[0].currency must be EUR, in which the tenant search is billed, got "USD"; costs are not converted',
  ],
  [{ ...least, tenant: undefined }, 'budgets[0].currency is missing; a budget without a tenant needs one such as EUR'],
  [{ ...least, tenant: undefined, currency: 'euro' }, 'budgets[0].currency must be a currency of ISO 4217 such as EUR'],
  [{ ...least, time_zone: 'UTC' }, 'budgets[0].time_zone must be left out'],
  [
    { ...least, tenant: undefined, currency: 'EUR', time_zone: 'Berlin' },
    'budgets[0].time_zone must be an IANA time zone',
  ],
  [{ ...least, period: 'weak' }, 'budgets[0].period must be one of month, quarter, year, got "weak"'],
  [{ ...least, steps: [0.8, 0.5] }, 'budgets[0].steps must be shares from small to large, each once'],
  [{ ...least, steps: [0.5, 0.5] }, 'budgets[0].steps must be shares from small to large, each once'],
  [{ ...least, steps: [] }, 'budgets[0].steps must be shares from small to large, each once'],
  [
    { ...least, steps: [80] },
    'budgets[0].steps[0] must be a share above 0 and at most 10, such as 0.8 for 80 %, got 80',
  ],
  [{ ...least, clusters: [] }, 'budgets[0].clusters must be a list with at least one name, or be left out for all'],
  [
    { ...least, meters: ['gpu_tyme'] },
    'budgets[0].meters[0] must be one of gpu_time, tokens, got "gpu_tyme"; did you mean gpu_time?',
  ],
  [{ ...least, name: 'a"b' }, 'budgets[0].name must be a name of letters'],
  [{ ...least, ammount: 5 }, 'budgets[0] has the unknown key ammount'],
  [
    { ...least, tenant: undefined, cost_centre: 'cc-9', currency: 'EUR' },
    'budgets[0].cost_centre must be a cost centre that a tenant of this file has',
  ],
])('%j is refused', (given, message) => {
  expect(() => budgets(given)).toThrow(message);
});

test('two budgets of one name are refused, since alerts go by it', () => {
  expect(() => budgets(least, least)).toThrow(
    'budgets[1].name search-monthly is the name of billing.yaml: budgets[0] already',
  );
});

function quotas(...list: readonly object[]) {
  return readQuotas({ value: list, where: 'billing.yaml: quotas' }, ['main']);
}

const kubernetes = { name: 'k8s', type: 'kubernetes', source: 'main' };
const slurm = {
  name: 'slurm',
  type: 'series',
  source: 'main',
  used: 'slurm_account_gpus_alloc',
  limit: 'slurm_account_limit{resource="gpu"}',
  resource: 'gpu',
};

test('quotas of Kubernetes need a source alone, and those of Slurm their two expressions', () => {
  expect(quotas(kubernetes, slurm)).toEqual([
    {
      ...kubernetes,
      clusterLabel: 'cluster',
      cluster: '',
      match: '',
      resources: ['requests.nvidia.com/gpu', 'requests.cpu', 'requests.memory', 'requests.storage'],
    },
    { ...slurm, clusterLabel: 'cluster', cluster: '', accountLabel: 'account', holder: 'account' },
  ]);
});

test.each([
  [{ ...kubernetes, source: 'mian' }, 'quotas[0].source must be one of main, got "mian"; did you mean main?'],
  [{ ...kubernetes, type: 'k8s' }, 'quotas[0].type must be one of kubernetes, series'],
  [{ ...kubernetes, used: 'x' }, 'quotas[0] has the unknown key used'],
  [{ ...kubernetes, match: '{a="b"}' }, 'quotas[0].match must be matchers without braces'],
  [{ ...kubernetes, match: 'a="b"} or x{c="d"' }, 'quotas[0].match must be matchers without braces'],
  [{ ...kubernetes, resources: [] }, 'quotas[0].resources must be a list of resources, or be left out'],
  [{ ...slurm, limit: undefined }, 'quotas[0].limit must be a text'],
  [{ ...slurm, account_label: 'a-b' }, 'quotas[0].account_label must be the name of a label'],
])('%j is refused', (given, message) => {
  expect(() => quotas(given)).toThrow(message);
});

test('two quotas of one name are refused', () => {
  expect(() => quotas(kubernetes, kubernetes)).toThrow('quotas[1].name k8s is there twice');
});
