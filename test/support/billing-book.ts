import { type BillBook, type BillRules, createBillBook, type Rate } from '../../exporters/billing/bills/bill-book.ts';
import { type BillSettings, defaultBillSettings } from '../../exporters/billing/bills/bill-settings.ts';
import { billMigrations, billStatements } from '../../exporters/billing/bills/migrations.ts';
import type { Ledger, Watermark, WindowRecord } from '../../exporters/billing/ledger/ledger.ts';
import { moneyText } from '../../exporters/billing/pricing/currency.ts';
import { decimal, decimalText, sumOf } from '../../exporters/billing/pricing/decimal.ts';
import type { RatedLine } from '../../exporters/billing/pricing/rated.ts';
import type { Tenant } from '../../exporters/billing/subjects/tenant-directory.ts';
import type { Store } from '../../kit/store/store.ts';
import type { EngineKind, OpenSettings, StoreBench } from './stores.ts';

/** What somebody used, as a row of the ledger: GPU milliseconds, in the order in which they were recorded. */
export interface UsedRow {
  readonly tenant: string;
  readonly sku: string;
  readonly atMs: number;
  readonly ms: bigint;
}

/** A ledger and a price book in memory; the bills are real. */
export interface BillScene {
  readonly rows: UsedRow[];
  /** Price of a GPU hour by SKU. */
  readonly prices: Map<string, string>;
  readonly problems: string[];
  tenants: Tenant[];
  watermarks: Watermark[];
  windows: WindowRecord[];
  settings: BillSettings;
  expected: { readonly cluster: string; readonly meter: string }[] | undefined;
  /** Seconds. */
  now: number;
  rates: number;
}

const hourMs = 3_600_000;
export const march = { startMs: Date.UTC(2026, 2, 1), endMs: Date.UTC(2026, 3, 1) };

export function tenantNamed(name: string, timeZone = 'UTC'): Tenant {
  return { name, title: `Team ${name}`, costCentre: `cc-${name}`, timeZone, currency: 'EUR' };
}

export function goodWindow(overrides: Partial<WindowRecord> = {}): WindowRecord {
  return {
    meter: 'gpu_time',
    cluster: 'c1',
    span: march,
    revision: 0,
    hash: 'h',
    coverage: { expectedScrapes: 1000, seenScrapes: 1000, gaps: [], gapMs: 0, isHeld: false },
    conservation: { devices: 8, installedMs: 8 * 744 * hourMs, error: { num: 0n, den: 1n }, worst: [] },
    evidence: { source: 'prometheus', queries: ['gpu_allocated_seconds_total'], samples: 10 },
    recordedAt: 0,
    ...overrides,
  };
}

export function goodWatermark(overrides: Partial<Watermark> = {}): Watermark {
  const { startMs: fromMs, endMs: untilMs } = march;
  return { cluster: 'c1', meter: 'gpu_time', fromMs, untilMs: untilMs + hourMs, changedAt: 0, ...overrides };
}

export function billScene(): BillScene {
  return {
    rows: [
      { tenant: 'red', sku: 'H100', atMs: march.startMs + hourMs, ms: 10n * BigInt(hourMs) },
      { tenant: 'red', sku: 'A100', atMs: march.startMs + hourMs, ms: 3_000_001n },
      { tenant: 'blue', sku: 'H100', atMs: march.startMs + hourMs, ms: 7n * BigInt(hourMs) },
    ],
    prices: new Map([
      ['H100', '2.50'],
      ['A100', '1.10'],
    ]),
    problems: [],
    tenants: [tenantNamed('red'), tenantNamed('blue'), tenantNamed('green')],
    watermarks: [goodWatermark()],
    windows: [goodWindow()],
    settings: { ...defaultBillSettings, number: 'INV-{year}-{number:5}' },
    expected: undefined,
    now: Date.UTC(2026, 3, 5) / 1000,
    rates: 0,
  };
}

export async function openBook(
  scene: BillScene,
  bench: StoreBench,
  kind: EngineKind,
  settings: Partial<OpenSettings> = {},
): Promise<{ readonly book: BillBook; readonly store: Store<Record<never, never>> }> {
  const store = await bench.open<Record<never, never>>(kind, { migrations: billMigrations, ...settings });
  return { store, book: bookOn(store, scene) };
}

/** As after the migrations. Closed bills cannot be taken out of their tables, so these are made again. */
export async function emptyBook({ database }: Store<Record<never, never>>): Promise<void> {
  await database.pool.query(
    `drop table bill_line, bill, bill_series; drop function refuse_bill_change(); drop function refuse_late_line()`,
  );
  for (const statement of billStatements) await database.pool.query(statement);
}

export function bookOn(
  { db, transaction }: Pick<Store<Record<never, never>>, 'db' | 'transaction'>,
  scene: BillScene,
): BillBook {
  return createBillBook({
    db,
    transaction,
    ledger: ledgerOf(scene),
    rate: rateOf(scene),
    rules: () => rulesOf(scene),
    clock: { now: () => scene.now, monotonic: () => scene.now },
  });
}

function rulesOf(scene: BillScene): BillRules {
  const { tenants, settings, prices, expected } = scene;
  return {
    directory: { tenants, attribute: () => [], cuts: () => [] },
    settings,
    priceBookHash: [...prices].flat().join(' '),
    ...(expected && { expected }),
  };
}

function ledgerOf(scene: BillScene): Pick<Ledger, 'watermarks' | 'windows' | 'position'> {
  return {
    watermarks: async () => scene.watermarks,
    position: async () => BigInt(scene.rows.length),
    windows: async ({ span }) =>
      scene.windows.filter((window) => window.span.startMs < span.endMs && window.span.endMs > span.startMs),
  };
}

function rateOf(scene: BillScene): Rate {
  return async ({ period, tenants, until }) => {
    scene.rates += 1;
    const rows = scene.rows
      .slice(0, until === undefined ? undefined : Number(until))
      .filter(({ atMs }) => atMs >= period.startMs && atMs < period.endMs);
    return new Map(
      tenants.flatMap((tenant) => {
        const own = rows.filter((row) => row.tenant === tenant);
        const lines = [...new Set(own.map(({ sku }) => sku))].map((sku) =>
          lineOf({ sku, rows: own, price: scene.prices.get(sku) ?? '0', span: period }),
        );
        const total = moneyText(sumOf(lines.map(({ amount }) => amount)), 'EUR');
        const bill = { tenant, currency: 'EUR', period, lines, total, problems: scene.problems };
        return own.length === 0 ? [] : [[tenant, bill] as const];
      }),
    );
  };
}

function lineOf({
  sku,
  rows,
  price,
  span,
}: {
  readonly sku: string;
  readonly rows: readonly UsedRow[];
  readonly price: string;
  readonly span: RatedLine['span'];
}): RatedLine {
  const ms = rows.filter((row) => row.sku === sku).reduce((sum, row) => sum + row.ms, 0n);
  const quantity = decimal(ms).div(hourMs);
  const cost = decimalText(quantity.times(price));
  return {
    id: `usage gpu_time ${sku} c1 ${price}`,
    kind: 'usage',
    meter: 'gpu_time',
    sku,
    cluster: 'c1',
    costCentre: 'cc',
    description: `${sku}, GPU hours`,
    span,
    quantity: decimalText(quantity),
    unit: 'GPU hour',
    listUnitPrice: price,
    contractedUnitPrice: price,
    listCost: cost,
    contractedCost: cost,
    effectiveCost: cost,
    amount: moneyText(quantity.times(price), 'EUR'),
    priceId: `prices[0].${sku}`,
    steps: [`${decimalText(quantity)} × ${price}`],
  };
}
