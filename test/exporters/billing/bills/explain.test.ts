import fc from 'fast-check';
import type { Bill } from '../../../../exporters/billing/bills/bill.ts';
import { createExplainer, type ExplainDeps, type Explanation } from '../../../../exporters/billing/bills/explain.ts';
import { exact, nothing, plus } from '../../../../exporters/billing/exact.ts';
import type { LedgerEntry, UsageTotal } from '../../../../exporters/billing/ledger/ledger.ts';
import type { Meter } from '../../../../exporters/billing/meters/meter.ts';
import { decimalText } from '../../../../exporters/billing/pricing/decimal.ts';
import { decimalOf } from '../../../../exporters/billing/pricing/exact-decimal.ts';
import type { Attribution } from '../../../../exporters/billing/subjects/tenant-directory.ts';
import type { ExactQuantity } from '../../../../exporters/billing/usage.ts';
import { goodWindow } from '../../../support/billing-book.ts';
import { sampleBill, sampleLine } from '../../../support/sample-bill.ts';

const hourMs = 3_600_000;
const start = Date.UTC(2026, 2, 1);
const period = { startMs: start, endMs: start + 48 * hourMs };
const gpuTime: Meter = {
  name: 'gpu_time',
  about: 'GPU time',
  kind: 'gpu',
  unit: { base: 'ms', priced: 'GPU hour', perPriced: 3_600_000n },
  sources: [],
};

/** Namespaces of one team are theirs; the shared one is half theirs from the 30th hour on; lab moves to them in the middle of an hour. */
const sharedFrom = start + 30 * hourMs;
const labFrom = start + 10 * hourMs + 900_000;
function attribute({ holder }: Pick<LedgerEntry, 'holder'>, atMs: number): readonly Attribution[] {
  const to = (tenant: string, num: number, den: number, by: string): Attribution => ({
    tenant,
    costCentre: 'cc',
    share: { num, den },
    by,
  });
  const namespace = holder['namespace'] ?? '';
  if (namespace === 'own') return [to('red', 1, 1, 'tenants[0].owns[0]')];
  if (namespace === 'lab' && atMs >= labFrom) return [to('red', 1, 1, 'tenants[0].owns[1]')];
  if (namespace === 'shared' && atMs >= sharedFrom)
    return [to('red', 1, 3, 'splits[0]'), to('blue', 2, 3, 'splits[0]')];
  return [to('blue', 1, 1, 'tenants[1].owns[0]')];
}

function entry(
  position: number,
  overrides: Partial<LedgerEntry> & { readonly hour: number; readonly namespace: string },
): LedgerEntry {
  const { hour, namespace, ...rest } = overrides;
  return {
    position: BigInt(position),
    span: { startMs: start + hour * hourMs, endMs: start + (hour + 1) * hourMs },
    revision: 0,
    recordedAt: 0,
    meter: 'gpu_time',
    cluster: 'eu-1',
    node: 'n1',
    resource: 'GPU-1',
    sku: 'H100',
    state: 'used',
    reason: '',
    holder: { namespace },
    share: { num: 1, den: 1 },
    quantity: 3_600_000n,
    ...rest,
  };
}

/** Divides as the ledger is said to: cut towards 0 at each border. */
function within({ span, quantity }: LedgerEntry, fromMs: number, toMs: number): bigint {
  const length = span.endMs - span.startMs;
  const at = (ms: number): bigint =>
    (quantity * BigInt(Math.min(Math.max(ms - span.startMs, 0), length))) / BigInt(length);
  return at(toMs) - at(fromMs);
}

function ledgerOf(rows: readonly LedgerEntry[]): ExplainDeps['ledger'] & { scanned: number } {
  const ledger = {
    scanned: 0,
    entries: async ({
      span,
      meters,
      clusters,
      skus,
      resources,
      after = 0n,
      until,
      limit,
    }: Parameters<ExplainDeps['ledger']['entries']>[0]) => {
      const found = rows.filter(
        (row) =>
          row.position > after &&
          (until === undefined || row.position <= until) &&
          row.span.startMs < span.endMs &&
          row.span.endMs > span.startMs &&
          meters?.includes(row.meter) !== false &&
          clusters?.includes(row.cluster) !== false &&
          skus?.includes(row.sku) !== false &&
          resources?.includes(row.resource) !== false,
      );
      ledger.scanned += Math.min(limit, found.length);
      return found.slice(0, limit);
    },
    totals: async ({
      segments,
      meters,
      clusters,
      after = 0n,
      until,
    }: Parameters<ExplainDeps['ledger']['totals']>[0]) => {
      const sums = new Map<string, UsageTotal>();
      const wanted = rows.filter(
        ({ position, meter, cluster }) =>
          position > after &&
          position <= (until ?? position) &&
          meters?.includes(meter) !== false &&
          clusters?.includes(cluster) !== false,
      );
      for (const row of wanted) {
        for (const { span, bucket } of segments) {
          const quantity = within(row, span.startMs, span.endMs);
          const { position: _, span: __, revision: ___, recordedAt: ____, ...key } = row;
          const id = JSON.stringify([bucket, { ...key, quantity: 0 }]);
          sums.set(id, { ...key, bucket, isDivided: false, quantity: (sums.get(id)?.quantity ?? 0n) + quantity });
        }
      }
      return [...sums.values()].filter(({ quantity }) => quantity !== 0n);
    },
    windows: async () =>
      [...new Set(rows.map(({ span }) => span.startMs))]
        .sort((a, b) => a - b)
        .map((startMs) =>
          goodWindow({ cluster: 'eu-1', span: { startMs, endMs: startMs + hourMs }, hash: `h${startMs}` }),
        ),
  };
  return ledger;
}

function billWith(line: Partial<Parameters<typeof sampleLine>[0]>, overrides: Partial<Bill> = {}): Bill {
  const lines = [sampleLine({ id: 'L', sku: 'H100', cluster: 'eu-1', costCentre: 'cc', span: period, ...line })];
  return sampleBill({ tenant: 'red', period, lines, ledgerPosition: 1_000_000n, ...overrides });
}

function explainer(rows: readonly LedgerEntry[], bills: readonly Bill[], more: Partial<ExplainDeps> = {}) {
  return createExplainer({
    bills: {
      bill: async (number) => bills.find((bill) => bill.number === number),
      draft: async () => bills[0] ?? sampleBill(),
      chain: async () => bills,
    },
    ledger: ledgerOf(rows),
    directory: () => ({
      tenants: [],
      attribute: (usage, atMs) => attribute(usage, atMs),
      cuts: ({ startMs, endMs }) => [sharedFrom, labFrom].filter((at) => at > startMs && at < endMs),
    }),
    meters: () => [gpuTime],
    ...more,
  });
}

async function explained(rows: readonly LedgerEntry[], bill: Bill, limit = 1000): Promise<Explanation> {
  const found = await explainer(rows, [bill])({ number: bill.number ?? '' }, 'L', { after: 0n, limit });
  if (found === undefined) throw new Error('no line');
  return found;
}

function sumOf(rows: readonly { readonly counted: ExactQuantity }[]): ExactQuantity {
  return rows.reduce((sum, { counted }) => plus(sum, counted), nothing);
}

/** GPU hours of red in a row. */
function countedByHand(row: LedgerEntry): ExactQuantity {
  const stretches = [
    [period.startMs, labFrom],
    [labFrom, sharedFrom],
    [sharedFrom, period.endMs],
  ] as const;
  return stretches.reduce((sum, [from, to]) => {
    const { share } = attribute(row, from).find(({ tenant }) => tenant === 'red') ?? { share: { num: 0, den: 1 } };
    const part = within(row, from, to) * BigInt(row.share.num) * BigInt(share.num);
    return plus(sum, exact(part, BigInt(row.share.den) * BigInt(share.den) * 3_600_000n));
  }, nothing);
}

const text = (quantity: ExactQuantity): string => decimalText(decimalOf(quantity));

test('a line is told row by row: what was used, whose, how much of it, by which rule, in which window, and how to see the samples', async () => {
  const rows = [
    entry(1, { hour: 0, namespace: 'own' }),
    entry(2, { hour: 0, namespace: 'other' }),
    entry(3, { hour: 1, namespace: 'own', state: 'idle' }),
    entry(4, { hour: 1, namespace: 'own', share: { num: 1, den: 4 }, quantity: 1_800_000n }),
    entry(5, { hour: 10, namespace: 'lab' }),
    entry(6, { hour: 40, namespace: 'shared' }),
    entry(7, { hour: 1, namespace: 'own', share: { num: 1, den: 4 }, quantity: -3n, revision: 1 }),
    entry(8, { hour: 1, namespace: 'own', sku: 'A100' }),
    entry(9, { hour: 1, namespace: 'own', cluster: 'eu-2' }),
  ];
  const expected = plus(plus(exact(3_600_000n), exact(1_799_997n, 4n)), plus(exact(2_700_000n), exact(1_200_000n)));
  const quantity = text(exact(expected.num, expected.den * 3_600_000n));
  const found = await explained(rows, billWith({ quantity }));
  expect(found.sum).toEqual({ quantity, matches: true, sharedWith: [], countedBy: 'share' });
  expect(text(sumOf(found.rows))).toBe(quantity);
  expect(found.rows.map(({ position, attribution, counted }) => [position, attribution.by, text(counted)])).toEqual([
    [1n, 'tenants[0].owns[0]', '1'],
    [4n, 'tenants[0].owns[0]', '0.125'],
    [5n, 'tenants[0].owns[1]', '0.75'],
    [6n, 'splits[0]', text(exact(1n, 3n))],
    [7n, 'tenants[0].owns[0]', text(exact(-3n, 4n * 3_600_000n))],
  ]);
  expect(found.windows.map(({ span }) => (span.startMs - start) / hourMs)).toEqual([0, 1, 10, 40]);
  expect(found.queries.map(({ query, span, path }) => [query, (span.endMs - span.startMs) / hourMs, path])).toEqual([
    [
      'gpu_allocated_seconds_total[7500s]',
      2,
      `/api/v1/query?query=gpu_allocated_seconds_total%5B7500s%5D&time=${start / 1000 + 7200}`,
    ],
    [
      'gpu_allocated_seconds_total[3900s]',
      1,
      `/api/v1/query?query=gpu_allocated_seconds_total%5B3900s%5D&time=${start / 1000 + 11 * 3600}`,
    ],
    [
      'gpu_allocated_seconds_total[3900s]',
      1,
      `/api/v1/query?query=gpu_allocated_seconds_total%5B3900s%5D&time=${start / 1000 + 41 * 3600}`,
    ],
  ]);
});

test('rows of all pages add up to the quantity of the line exactly, whatever was used, corrected and divided', async () => {
  const row = fc.record({
    hour: fc.integer({ min: 0, max: 47 }),
    namespace: fc.constantFrom('own', 'lab', 'shared', 'other'),
    quantity: fc.bigInt({ min: -3_600_000n, max: 3_600_000n }).filter((quantity) => quantity !== 0n),
    share: fc.constantFrom({ num: 1, den: 1 }, { num: 8, den: 56 }, { num: 8, den: 15 }, { num: 1, den: 4 }),
    resource: fc.constantFrom('GPU-1', 'GPU-2', 'GPU-3/7'),
    state: fc.constantFrom('used' as const, 'idle' as const),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), async (drawn, limit) => {
      const rows = drawn.map((each, index) => entry(index + 1, each));
      const expected = rows
        .filter(({ state }) => state === 'used')
        .reduce((sum, each) => plus(sum, countedByHand(each)), nothing);
      const bill = billWith({ quantity: text(expected) });
      const explain = explainer(rows, [bill]);
      let sum = nothing;
      let after: bigint | undefined = 0n;
      while (after !== undefined) {
        const page: Explanation | undefined = await explain({ number: bill.number ?? '' }, 'L', { after, limit });
        expect(page?.sum?.matches).toBe(true);
        expect(page?.rows.length).toBeLessThanOrEqual(limit);
        sum = plus(sum, sumOf(page?.rows ?? []));
        after = page?.next;
      }
      expect(sum).toEqual(expected);
    }),
    { numRuns: 150 },
  );
});

test('instances with a price of their own are counted whole', async () => {
  const rows = [entry(1, { hour: 0, namespace: 'own', share: { num: 1, den: 7 } })];
  const found = await explained(rows, billWith({ quantity: '1' }));
  expect([found.sum, text(sumOf(found.rows))]).toEqual([
    { quantity: '1', matches: true, sharedWith: [], countedBy: 'instance' },
    '1',
  ]);
});

test('lines that a commitment divided are of the same rows, and add up to them', async () => {
  const rows = [entry(1, { hour: 0, namespace: 'own' })];
  const bill = (beyond: string) => {
    const made = billWith({ id: 'usage|key', quantity: '0.33333333333333333333' });
    const [covered] = made.lines;
    const other = sampleLine({ ...covered, id: 'overage|key', kind: 'overage', quantity: beyond });
    return { ...made, lines: [...made.lines, other, sampleLine({ ...covered, id: 'overage|another' })] };
  };
  const ask = { after: 0n, limit: 10 };
  for (const [id, shared] of [
    ['usage|key', 'overage|key'],
    ['overage|key', 'usage|key'],
  ] as const) {
    const good = bill('0.66666666666666666667');
    const found = await explainer(rows, [good])({ number: good.number ?? '' }, id, ask);
    expect(found?.sum).toEqual({ quantity: '1', matches: true, sharedWith: [shared], countedBy: 'share' });
  }
  const bad = bill('0.6666666666666666');
  expect((await explainer(rows, [bad])({ number: bad.number ?? '' }, 'usage|key', ask))?.sum?.matches).toBe(false);
});

test('a line that is not the sum of its rows is said to be none', async () => {
  const found = await explained([entry(1, { hour: 0, namespace: 'own' })], billWith({ quantity: '1.000001' }));
  expect(found.sum).toEqual({ quantity: '1', matches: false, sharedWith: [], countedBy: 'share' });
});

test('rows that came after the bill are not in it; a correction has those, and no others', async () => {
  const rows = [
    entry(1, { hour: 0, namespace: 'own' }),
    entry(2, { hour: 0, namespace: 'own', revision: 1, quantity: -1_800_000n }),
  ];
  const bill = billWith({ quantity: '1' }, { number: 'B1', ledgerPosition: 1n });
  const correction = billWith(
    { id: 'correction|L', kind: 'correction', corrects: { id: 'L', kind: 'usage' }, quantity: '-0.5' },
    { number: 'B2', corrects: 'B1', ledgerPosition: 2n },
  );
  const explain = explainer(rows, [bill, correction]);
  const page = { after: 0n, limit: 10 };
  const first = await explain({ number: 'B1' }, 'L', page);
  expect([first?.rows.map(({ position }) => position), first?.sum?.matches]).toEqual([[1n], true]);
  const second = await explain({ number: 'B2' }, 'correction|L', page);
  expect([second?.rows.map(({ position }) => position), second?.sum?.matches]).toEqual([[2n], true]);
});

test('only the hours in which the price of the line held are in it', async () => {
  const rows = [entry(1, { hour: 2, namespace: 'own' }), entry(2, { hour: 5, namespace: 'own' })];
  const night = [{ startMs: start + 4 * hourMs, endMs: start + 6 * hourMs }];
  const bill = billWith({ quantity: '1' });
  const explain = explainer(rows, [bill], { segmentsOf: () => night });
  const found = await explain({ number: bill.number ?? '' }, 'L', { after: 0n, limit: 10 });
  expect([found?.rows.map(({ position }) => position), found?.sum?.matches]).toEqual([[2n], true]);
});

test('lines about the whole bill have steps and no rows; idle ones show the pool; what is not there is not explained', async () => {
  const rows = [
    entry(1, { hour: 0, namespace: '', state: 'idle', holder: {} }),
    entry(2, { hour: 0, namespace: 'own' }),
  ];
  const discount = billWith({ kind: 'discount', meter: '' });
  expect(await explained(rows, discount)).toMatchObject({
    rows: [],
    windows: [],
    sum: undefined,
    line: discount.lines[0],
  });
  const idle = await explained(rows, billWith({ kind: 'idle', quantity: '0.25' }));
  expect([idle.rows.map(({ position }) => position), idle.sum]).toEqual([
    [1n],
    { quantity: '1', matches: undefined, sharedWith: [], countedBy: 'share' },
  ]);
  const explain = explainer(rows, [discount]);
  expect(await explain({ number: discount.number ?? '' }, 'nothing', { after: 0n, limit: 1 })).toBeUndefined();
  expect(await explain({ number: 'nothing' }, 'L', { after: 0n, limit: 1 })).toBeUndefined();
  expect((await explain({ tenant: 'red', period: '2026-03' }, 'L', { after: 0n, limit: 1 }))?.line.id).toBe('L');
});

test('of a fleet, only rows of what the tenant had are looked through', async () => {
  const rows = Array.from({ length: 5000 }, (_, index) =>
    entry(index + 1, { hour: index % 48, namespace: index === 4999 ? 'own' : 'other', resource: `GPU-${index}` }),
  );
  const bill = billWith({ quantity: '1' });
  const ledger = ledgerOf(rows);
  const explain = explainer(rows, [bill], { ledger });
  const found = await explain({ number: bill.number ?? '' }, 'L', { after: 0n, limit: 10 });
  expect([found?.rows.map(({ position }) => position), found?.next, ledger.scanned]).toEqual([[5000n], undefined, 1]);
});
