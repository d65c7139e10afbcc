import { createBillBook } from '../../../exporters/billing/bills/bill-book.ts';
import { createLedger, type StoredLedger } from '../../../exporters/billing/ledger/create-ledger.ts';
import { type BillingTables, billingSchema } from '../../../exporters/billing/ledger/tables.ts';
import { billingMigrations } from '../../../exporters/billing/migrations.ts';
import { creditsOfBills } from '../../../exporters/billing/reckoning/credits.ts';
import { createRate } from '../../../exporters/billing/reckoning/rate-ledger.ts';
import { unattributedTenant } from '../../../exporters/billing/subjects/tenant-directory.ts';
import type { MeteredWindow, Usage } from '../../../exporters/billing/usage.ts';
import { systemClock } from '../../../kit/clock.ts';
import { createStoreBench, type EngineKind, type StoreBench } from '../../support/stores.ts';
import { costOf, type Row, row } from '../bench.ts';
import { manyTenants, tenantCount } from './tenants.ts';

const hourMs = 3_600_000;
const gpus = 10_000;
/** Where bills of March 2026 are cut in the zones of the tenants, so windows are, too. */
const borders = ['2026-02-28T16:00Z', '2026-02-28T23:00Z', '2026-03-31T16:00Z', '2026-03-31T22:00Z'].map((each) =>
  Date.parse(each),
);
const month = { startMs: borders[0] ?? 0, endMs: Date.UTC(2026, 3, 1) };

/** The bills of 1,000 tenants for a month in which 10,000 GPUs were metered, on both databases. */
export async function billsRows(progress: (step: string) => void): Promise<readonly Row[]> {
  const stores = createStoreBench();
  try {
    const rows: Row[] = [];
    for (const engine of ['postgresql', 'embedded'] as const) rows.push(...(await rowsOn(engine, stores, progress)));
    return rows;
  } finally {
    await stores.stop();
  }
}

async function rowsOn(
  engine: EngineKind,
  stores: StoreBench,
  progress: (step: string) => void,
): Promise<readonly Row[]> {
  const store = await stores.open<BillingTables>(engine, { schema: billingSchema, migrations: billingMigrations });
  const ledger = await createLedger({ store, clock: systemClock });
  const windows = windowsOf();
  const [written, wallMs] = await fill(ledger, windows, (done) =>
    progress(`${engine}: ${done} of ${windows.length} windows into the ledger`),
  );
  const { directory, meters, pricing, settings } = manyTenants();
  const rate = createRate({
    ledger,
    rules: () => ({ directory, meters, pricing }),
    creditsUsed: creditsOfBills(store.db),
  });
  const book = createBillBook({
    db: store.db,
    transaction: store.transaction,
    ledger,
    rate,
    rules: () => ({ directory, settings, priceBookHash: 'bench' }),
    clock: systemClock,
  });
  progress(`${engine}: bills of ${tenantCount} tenants`);
  const one = await costOf(() => book.draft('tenant-7', '2026-03'));
  let closed = 0;
  const all = await costOf(async () => {
    const outcomes = await book.closeAll({
      period: '2026-03',
      by: 'bench',
      accept: { watermark: 'the bench ends there' },
    });
    closed = outcomes.filter(({ outcome }) => outcome === 'closed').length;
    const [refused] = outcomes.filter(({ tenant, outcome }) => outcome !== 'closed' && tenant !== unattributedTenant);
    if (refused !== undefined) throw new Error(`${refused.tenant} was ${refused.outcome}: ${refused.error?.message}`);
  });
  if (closed < tenantCount) throw new Error(`${closed} bills were closed`);
  const figure = (name: string, unit: string, value: number): Row =>
    row({ bench: 'billing', name: `${engine}: ${name}`, unit, runs: [value] });
  return [
    figure('rows of the ledger written', 'rows/s', (written / wallMs) * 1000),
    figure('a draft of one tenant, the first', 's', one.wallMs / 1000),
    figure(`bills of ${tenantCount} tenants for a month closed`, 's', all.wallMs / 1000),
    figure(`bills of ${tenantCount} tenants for a month closed, CPU of ours`, 's', all.cpuMs / 1000),
  ];
}

/** In windows of six hours, which makes fewer rows than an hour, and the same sums of days. */
function windowsOf(): readonly (() => readonly MeteredWindow[])[] {
  const cuts = new Set(borders);
  for (let at = month.startMs; at <= month.endMs; at += 6 * hourMs) cuts.add(at);
  cuts.add(month.endMs);
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(1).map((endMs, index) => () => {
    const span = { startMs: sorted[index] ?? endMs, endMs };
    const lengthMs = endMs - span.startMs;
    const of = (meter: string, usages: readonly Usage[]): MeteredWindow => ({
      meter,
      cluster: 'bench',
      span,
      usages,
      coverage: { expectedScrapes: 1440, seenScrapes: 1440, gaps: [], gapMs: 0, isHeld: false },
      conservation: undefined,
      evidence: { source: 'bench', queries: [], samples: 1440 },
    });
    return [
      of(
        'gpu_time',
        Array.from({ length: gpus }, (_, at) => gpuUsage(at, BigInt(lengthMs))),
      ),
      of(
        'gpu_energy',
        Array.from({ length: gpus }, (_, at) => energyUsage(at, BigInt(lengthMs))),
      ),
      of(
        'llm_tokens_output',
        Array.from({ length: tenantCount }, (_, at) => tokenUsage(at, BigInt(lengthMs))),
      ),
    ];
  });
}

const common = { cluster: 'bench', reason: '', share: { num: 1, den: 1 } };
const model = 'NVIDIA H100 80GB HBM3';

function holderOf(at: number): Readonly<Record<string, string>> {
  return { namespace: `tenant-${at % tenantCount}`, pod: `pod-${at}`, container: 'main' };
}

function gpuUsage(at: number, lengthMs: bigint): Usage {
  const isIdle = at % 5 === 1;
  const key = { ...common, meter: 'gpu_time', node: `node-${at >> 3}`, resource: `GPU-${at}`, sku: model };
  return isIdle
    ? { ...key, state: 'idle', reason: 'unassigned', holder: {}, quantity: lengthMs }
    : { ...key, state: 'used', holder: holderOf(at), quantity: lengthMs };
}

function energyUsage(at: number, lengthMs: bigint): Usage {
  const key = { ...common, meter: 'gpu_energy', node: `node-${at >> 3}`, resource: `GPU-${at}`, sku: model };
  return { ...key, state: 'used', holder: holderOf(at), quantity: lengthMs * 312n };
}

function tokenUsage(at: number, lengthMs: bigint): Usage {
  const key = { ...common, meter: 'llm_tokens_output', node: '', resource: 'llama', sku: 'llama' };
  return {
    ...key,
    state: 'used',
    holder: { namespace: `tenant-${at}`, model: 'llama' },
    quantity: lengthMs * BigInt(1 + (at % 7)),
  };
}

async function fill(
  ledger: StoredLedger,
  windows: readonly (() => readonly MeteredWindow[])[],
  onProgress: (done: number) => void,
): Promise<readonly [rows: number, wallMs: number]> {
  let [rows, wallMs] = [0, 0];
  for (const [index, make] of windows.entries()) {
    if (index % 20 === 0) onProgress(index);
    const metered = make();
    const cost = await costOf(async () => {
      for (const recorded of await ledger.record(metered)) rows += recorded.rows;
    });
    wallMs += cost.wallMs;
  }
  return [rows, wallMs];
}
