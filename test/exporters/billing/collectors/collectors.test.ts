import type { BillingCollector } from '../../../../exporters/billing/collectors/billing-collector.ts';
import { billingCollectors } from '../../../../exporters/billing/collectors/index.ts';
import type { BillingView } from '../../../../exporters/billing/view.ts';
import { renderExposition } from '../../../../kit/exposition/render.ts';
import { createSampleWriter } from '../../../../kit/exposition/samples.ts';
import { billing } from '../../../../metrics/billing.ts';
import { expectGolden } from '../../../support/golden.ts';

const november = { startMs: Date.UTC(2026, 10, 1), endMs: Date.UTC(2026, 11, 1) };
const hostile = 's"\\\n<b>';

const view: BillingView = {
  now: Date.UTC(2026, 10, 16) / 1000,
  counters: [
    {
      counter: 'cost',
      labels: { cluster: 'c1', tenant: 'search', resource: 'gpu_time', currency: 'EUR' },
      up: '1234567.89',
      down: '12.5',
    },
    {
      counter: 'cost',
      labels: { cluster: '', tenant: 'search', resource: 'discount', currency: 'EUR' },
      up: '0',
      down: '123.45',
    },
    {
      counter: 'gpu',
      labels: { cluster: 'c1', tenant: 'search', model: 'NVIDIA H100 80GB HBM3', profile: '1g.10gb', state: 'used' },
      up: '3600.125',
      down: '0',
    },
    {
      counter: 'gpu',
      labels: { cluster: 'c1', tenant: '', model: hostile, profile: '', state: 'idle' },
      up: '7200',
      down: '60',
    },
    {
      counter: 'usage',
      labels: { cluster: 'c1', tenant: 'other', meter: 'tokens', unit: 'million tokens' },
      up: '1.5',
      down: '0',
    },
  ],
  folded: new Map([['usage', 12]]),
  periods: [
    {
      tenant: 'search',
      currency: 'EUR',
      period: november,
      costs: new Map([
        ['usage', '4000.00'],
        ['discount', '-400.00'],
      ]),
      forecasts: [
        { method: 'pace', expected: 7200, low: undefined, high: undefined, days: 15 },
        { method: 'weekday', expected: 7500, low: 7000, high: 8000, days: 15 },
      ],
      problems: 1,
    },
  ],
  budgets: [
    {
      budget: 'search-monthly',
      tenant: 'search',
      costCentre: undefined,
      clusters: undefined,
      meters: undefined,
      period: '2026-11',
      span: november,
      timeZone: 'UTC',
      currency: 'EUR',
      amount: '5000',
      cost: '4100',
      remaining: '900',
      usedRatio: 0.82,
      elapsedRatio: 0.5,
      steps: [
        { at: 0.5, isReached: true },
        { at: 0.8, isReached: true },
        { at: 1, isReached: false },
      ],
      forecasts: [],
      forecastRatios: [
        { method: 'pace', expected: 1.64, low: undefined, high: undefined },
        { method: 'weekday', expected: 1.5, low: 1.4, high: 1.6 },
      ],
      spentAtMs: undefined,
      problems: [],
    },
  ],
  quotas: [
    {
      cluster: 'c1',
      tenant: 'search',
      quota: 'search-prod/gpus',
      resource: 'requests.nvidia.com/gpu',
      used: 6,
      limit: 8,
    },
    {
      cluster: 'c1',
      tenant: 'search',
      quota: 'search-dev/none',
      resource: 'requests.nvidia.com/gpu',
      used: 0,
      limit: 0,
    },
  ],
  metering: [
    {
      cluster: 'c1',
      meter: 'gpu_time',
      meteredUntil: 1_795_000_000,
      coverage: 0.998,
      heldWindows: 2,
      recorded: { first: 24, later: 1 },
    },
    {
      cluster: 'c2',
      meter: 'gpu_time',
      meteredUntil: undefined,
      coverage: undefined,
      heldWindows: 0,
      recorded: { first: 0, later: 0 },
    },
  ],
  clusters: [
    {
      cluster: 'c1',
      conservationErrorSeconds: 0,
      states: new Map([
        ['used', 0.7],
        ['idle', 0.2],
        ['unavailable', 0.1],
        ['system', 0],
      ]),
      unattributed: 0.01,
    },
    { cluster: 'c2', conservationErrorSeconds: undefined, states: undefined, unattributed: undefined },
  ],
  sources: [
    { name: 'main', type: 'prometheus', isUp: true, lastSuccess: 1_795_000_100, lastError: 1_794_990_000 },
    { name: 'new', type: 'prometheus', isUp: undefined, lastSuccess: undefined, lastError: undefined },
  ],
  bills: [
    {
      tenant: 'search',
      closed: 11,
      overdueSince: november.startMs / 1000,
      corrections: [{ currency: 'EUR', charged: '10.00', refunded: '2.50' }],
    },
    { tenant: 'chat', closed: 0, overdueSince: undefined, corrections: [] },
  ],
  replica: { isLeader: true, store: 'postgresql', isStoreUp: true },
  maxSeries: 1000,
};

async function collect(collector: BillingCollector, given: BillingView): Promise<string> {
  const { families, ...writer } = createSampleWriter(billing);
  const fail = (reason: string): void => {
    throw new Error(`${collector.name} failed: ${reason}`);
  };
  await collector.collect(given, { ...writer, fail, signal: new AbortController().signal });
  return renderExposition('text', families());
}

function collectorOf(name: string): BillingCollector {
  const found = billingCollectors.find((collector) => collector.name === name);
  if (found === undefined) throw new Error(`no collector ${name}`);
  return found;
}

test.each(billingCollectors.map((collector) => [collector.name, collector] as const))('%s', async (name, collector) => {
  expectGolden(`billing/${name}.prom`, await collect(collector, view));
});

test('the highest step that is reached is 1, and no other', async () => {
  const text = await collect(collectorOf('budgets'), view);
  const steps = [...text.matchAll(/^billing_budget_step_reached\{.*step="([\d.]+)"\} (\d)$/gm)].map(([, step, is]) => [
    step,
    is,
  ]);
  expect(steps).toEqual([
    ['0.5', '0'],
    ['0.8', '1'],
    ['1', '0'],
  ]);
});

test('what is not known has no series', async () => {
  const metering = await collect(collectorOf('metering'), view);
  expect(metering).not.toMatch(
    /^billing_(metered_until|coverage|conservation|gpu_state|unattributed)[^\n]*cluster="c2"/m,
  );
  const quotas = await collect(collectorOf('quotas'), view);
  expect(quotas.match(/^billing_quota_used_ratio\{/gm)).toHaveLength(1);
  expect(quotas.match(/^billing_quota_limit\{/gm)).toHaveLength(2);
});

test.each(['periods', 'budgets', 'quotas', 'bills'])(
  '%s shows no more than it may, and counts the others',
  async (name) => {
    const text = await collect(collectorOf(name), { ...view, maxSeries: 0 });
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
      expect.stringMatching(/^billing_dropped_series\{metric="billing_\w+"\} [1-9]/),
    ]);
  },
);

test('a period that is over has passed as a whole', async () => {
  const text = await collect(collectorOf('periods'), { ...view, now: november.endMs / 1000 + 3600 });
  expect(text).toContain('billing_period_elapsed_ratio{tenant="search"} 1\n');
});
