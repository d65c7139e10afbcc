import type { Bill } from '../../../../exporters/billing/bills/bill.ts';
import { billParts } from '../../../../exporters/billing/counters/bill-parts.ts';
import { modelAndProfile } from '../../../../exporters/billing/counters/model-and-profile.ts';
import { usageParts } from '../../../../exporters/billing/counters/usage-parts.ts';
import type { UsageTotal } from '../../../../exporters/billing/ledger/ledger.ts';
import { exampleBill, exampleLine } from '../example-bill.ts';

const november = Date.UTC(2026, 10, 1);

function total(more: Partial<UsageTotal>): UsageTotal {
  return {
    meter: 'gpu_time',
    cluster: 'c1',
    node: 'n1',
    resource: 'GPU-1',
    sku: 'NVIDIA H100 80GB HBM3',
    state: 'used',
    reason: '',
    holder: { namespace: 'search' },
    share: { num: 1, den: 1 },
    bucket: 0,
    quantity: 3_600_000n,
    isDivided: false,
    ...more,
  };
}

const meters = [
  { name: 'gpu_time', kind: 'gpu', unit: { base: 'ms', priced: 'GPU hour', perPriced: 3_600_000n } },
  { name: 'tokens', kind: 'counter', unit: { base: 'token', priced: 'million tokens', perPriced: 1_000_000n } },
] as const;

/** Half of the namespace shared belongs to each of two. */
const directory = {
  attribute: ({ holder }: Pick<UsageTotal, 'holder'>) =>
    holder['namespace'] === 'shared'
      ? ['search', 'chat'].map((tenant) => ({ tenant, costCentre: '', share: { num: 1, den: 2 }, by: 'split' }))
      : [{ tenant: holder['namespace'] ?? 'unattributed', costCentre: '', share: { num: 1, den: 1 }, by: '' }],
};

function partsOf(...totals: readonly UsageTotal[]) {
  const parts = usageParts(
    { part: '2026-11', endMs: november, totals: [{ atMs: november, totals }] },
    { directory, meters },
  );
  const valuesOf = (counter: string) =>
    parts
      .find((part) => part.counter === counter)
      ?.values.map(({ labels, value }) => [Object.values(labels).join('|'), value]);
  return { gpu: valuesOf('gpu'), usage: valuesOf('usage') };
}

test('GPU time is told in seconds by model and state, and used time in the unit of its price', () => {
  const { gpu, usage } = partsOf(
    total({}),
    total({ resource: 'GPU-2' }),
    total({ state: 'idle', holder: {}, quantity: 1500n }),
  );
  expect(gpu).toEqual([
    ['c1|search|NVIDIA H100 80GB HBM3||used', '7200'],
    ['c1||NVIDIA H100 80GB HBM3||idle', '1.5'],
  ]);
  expect(usage).toEqual([['c1|search|gpu_time|GPU hour', '2']]);
});

test('parts of a GPU and split namespaces add up', () => {
  const seventh = {
    sku: 'NVIDIA H100 80GB HBM3 MIG 1g.10gb',
    share: { num: 1, den: 7 },
    holder: { namespace: 'shared' },
  };
  const { gpu } = partsOf(...Array.from({ length: 7 }, () => total(seventh)));
  expect(gpu).toEqual([
    ['c1|search|NVIDIA H100 80GB HBM3|1g.10gb|used', '1800'],
    ['c1|chat|NVIDIA H100 80GB HBM3|1g.10gb|used', '1800'],
  ]);
});

test('other meters are no GPU time, and an unknown meter is nothing', () => {
  const { gpu, usage } = partsOf(total({ meter: 'tokens', quantity: 250_000n }), total({ meter: 'gone' }));
  expect(gpu).toEqual([]);
  expect(usage).toEqual([['c1|search|tokens|million tokens', '0.25']]);
});

test.each([
  ['NVIDIA H100 80GB HBM3 MIG 1g.10gb', 'NVIDIA H100 80GB HBM3', '1g.10gb'],
  ['NVIDIA H200 MIG 1g.18gb+me', 'NVIDIA H200', '1g.18gb+me'],
  ['NVIDIA H100 80GB HBM3 MIG 1c.3g.40gb', 'NVIDIA H100 80GB HBM3', '1c.3g.40gb'],
  ['NVIDIA H200 MIG', 'NVIDIA H200', 'unknown'],
  ['NVIDIA A100-SXM4-80GB', 'NVIDIA A100-SXM4-80GB', ''],
  ['', '', ''],
])('%j is the model %j with the profile %j', (sku, model, profile) => {
  expect(modelAndProfile(sku)).toEqual({ model, profile });
});

describe('bills', () => {
  function valuesOf(bill: Bill) {
    const [part] = billParts([bill]);
    return part?.values.map(({ labels, value }) => [Object.values(labels).join('|'), value]);
  }

  test('lines are added up by cluster and meter, and what is of no meter goes by its kind', () => {
    const lines = [
      exampleLine({ amount: '10.00', sku: 'a' }),
      exampleLine({ amount: '5.50', sku: 'b' }),
      exampleLine({ amount: '7.00', cluster: 'c2' }),
      exampleLine({ kind: 'discount', meter: '', sku: '', cluster: '', amount: '-2.25' }),
    ];
    expect(valuesOf(exampleBill({ lines }))).toEqual([
      ['c1|search|gpu_time|EUR', '15.5'],
      ['c2|search|gpu_time|EUR', '7'],
      ['|search|discount|EUR', '-2.25'],
    ]);
  });

  test('a draft and the bill that it becomes are one part; a correction, another tenant and another period are their own', () => {
    const draft = exampleBill({});
    const bills = [
      draft,
      { ...draft, state: 'closed', number: 'S-1' },
      { ...draft, state: 'closed', number: 'S-2', corrects: 'S-1' },
      { ...draft, state: 'closed', number: 'S-3', corrects: 'S-1' },
      { ...draft, tenant: 'chat' },
      { ...draft, period: { startMs: november - 86_400_000, endMs: november } },
    ] as const;
    const [first, second, ...others] = billParts(bills).map(({ part }) => part);
    expect(second).toBe(first);
    expect(new Set([first, ...others]).size).toBe(5);
  });
});
