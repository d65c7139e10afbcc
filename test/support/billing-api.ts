import { createHash } from 'node:crypto';
import { explainBillingError } from '../../exporters/billing/api/explain-error.ts';
import { tokenScope } from '../../exporters/billing/api/options.ts';
import { billingRoutes } from '../../exporters/billing/api/routes/index.ts';
import type { BackfillJob, BackfillRequest, BillingServices } from '../../exporters/billing/api/services.ts';
import type { BillBook } from '../../exporters/billing/bills/bill-book.ts';
import type { BillRef, Explanation, RowPage } from '../../exporters/billing/bills/explain.ts';
import { billMigrations } from '../../exporters/billing/bills/migrations.ts';
import { sampleQueries } from '../../exporters/billing/bills/sample-queries.ts';
import { exact } from '../../exporters/billing/exact.ts';
import { createLedger, type StoredLedger } from '../../exporters/billing/ledger/create-ledger.ts';
import { ledgerMigrations } from '../../exporters/billing/ledger/migrations.ts';
import { type BillingTables, billingSchema } from '../../exporters/billing/ledger/tables.ts';
import type { Meter } from '../../exporters/billing/meters/meter.ts';
import { Refusal } from '../../exporters/billing/refusal.ts';
import type { Attribution, TenantDirectory } from '../../exporters/billing/subjects/tenant-directory.ts';
import type { AccessRules } from '../../kit/api/access.ts';
import { createRoleTokens } from '../../kit/api/role-tokens.ts';
import { ConfigError, SourceError } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import type { Store } from '../../kit/store/store.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { type BillScene, billScene, bookOn, emptyBook, tenantNamed } from './billing-book.ts';
import { at, hourMs, usage, windowAt } from './billing-ledger.ts';
import { createStoreBench, quietLog } from './stores.ts';

export interface BillingApi extends ApiServer {
  readonly scene: BillScene;
  readonly ledger: StoredLedger;
  readonly book: BillBook;
  readonly services: BillingServices;
  readonly jobs: BackfillJob[];
  /** What the parts that are not real were asked. */
  readonly asked: {
    readonly whatIf: unknown[];
    readonly explain: unknown[] /** What explanations say of their sum. */;
    readonly sums: boolean[];
  };
}

export interface BillingApiSettings {
  readonly services?: Partial<BillingServices>;
  readonly access?: Partial<AccessRules>;
  readonly log?: Log;
}

/** Tokens by their names: the scoped one sees red alone. */
export const billingTokens = { reader: 'r', editor: 'e', admin: 'a', red: 'scoped-red', both: 'scoped-both' } as const;

export function billingRoleTokens(): AccessRules['tokens'] {
  const hash = (token: string) => createHash('sha256').update(token).digest('hex');
  const { reader, editor, admin, red, both } = billingTokens;
  const text = [
    `${hash(reader)} reader reader-program`,
    `${hash(editor)} editor editor-program`,
    `${hash(admin)} admin admin-program`,
    `${hash(red)} editor red-program scope=red`,
    `${hash(both)} reader both-program scope=red,green`,
  ].join('\n');
  return createRoleTokens('tokens', {
    readFile: () => text,
    signatureOf: () => '',
    log: quietLog,
    scopeOf: tokenScope,
  });
}

export const bearer = (token: keyof typeof billingTokens) => ({ authorization: `Bearer ${billingTokens[token]}` });

const gpuTime: Meter = {
  name: 'gpu_time',
  about: 'Time for which somebody has a GPU.',
  kind: 'gpu',
  unit: { base: 'ms', priced: 'GPU hour', perPriced: 3_600_000n },
  sources: [],
};
export const moveMs = at('2026-03-16T00:00:00Z');

function ownersOf(namespace: string, atMs: number): readonly Attribution[] {
  const whole = { num: 1, den: 1 };
  const of = (tenant: string, share: Attribution['share'], by: string) => ({
    tenant,
    costCentre: `cc-${tenant}`,
    share,
    by,
  });
  switch (namespace) {
    case 'team-red':
    case 'team-blue':
      return [of(namespace.slice('team-'.length), whole, `tenants.${namespace}`)];
    case 'shared':
      return [of('red', { num: 1, den: 3 }, 'splits[0]'), of('blue', { num: 2, den: 3 }, 'splits[0]')];
    case 'moving':
      return [atMs < moveMs ? of('red', whole, 'tenants[0].owns[1]') : of('blue', whole, 'tenants[1].owns[1]')];
    default:
      return [of('unattributed', whole, '')];
  }
}

export function testDirectory(scene: Pick<BillScene, 'tenants'>): TenantDirectory {
  return {
    get tenants() {
      return [...scene.tenants, { ...tenantNamed('unattributed'), title: 'Unattributed' }];
    },
    attribute: ({ holder }, atMs) => ownersOf(holder['namespace'] ?? '', atMs),
    cuts: ({ startMs, endMs }) => (startMs < moveMs && moveMs < endMs ? [moveMs] : []),
  };
}

/** Hours of two days of March, before and after the move, a GPU that nobody had, and two hours in which something is wrong. */
export async function recordMarch(ledger: StoredLedger): Promise<void> {
  for (const day of ['2026-03-10', '2026-03-20']) {
    const start = at(`${day}T10:00:00Z`);
    await ledger.record([
      windowAt(start, [
        usage('GPU-1', BigInt(hourMs), { holder: { namespace: 'team-red', pod: 'a' } }),
        usage('GPU-2', BigInt(hourMs), { holder: { namespace: 'shared', pod: 'b' } }),
        usage('GPU-3', BigInt(hourMs), { holder: { namespace: 'moving', pod: 'c' } }),
        usage('GPU-4', BigInt(hourMs / 2), { holder: { namespace: 'team-blue', pod: 'd' }, share: { num: 1, den: 7 } }),
        usage('GPU-5', BigInt(hourMs), { state: 'idle', reason: 'unassigned', holder: {} }),
        usage('GPU-6', BigInt(hourMs), { holder: { namespace: 'nobody' }, sku: '=HYPERLINK("x"), "H100"' }),
      ]),
    ]);
  }
  const bad = at('2026-03-11T00:00:00Z');
  for (const startMs of [bad, bad + hourMs]) {
    const gap = {
      span: { startMs: bad + hourMs / 2, endMs: bad + 2 * hourMs },
      where: 'node-7',
      policy: 'zero',
    } as const;
    const span = { startMs: Math.max(startMs, gap.span.startMs), endMs: Math.min(startMs + hourMs, gap.span.endMs) };
    await ledger.record([
      windowAt(startMs, [usage('GPU-9', 1000n, { holder: { namespace: 'team-blue' } })], {
        coverage: { expectedScrapes: 120, seenScrapes: 60, gaps: [{ ...gap, span }], gapMs: hourMs / 2, isHeld: false },
        conservation: {
          devices: 1,
          installedMs: hourMs,
          error: { num: 7n, den: 3n },
          worst: [{ resource: 'GPU-9', error: { num: 7n, den: 3n } }],
        },
      }),
    ]);
  }
}

const bench = createStoreBench();
let opened: Promise<Store<BillingTables>> | undefined;

/** One database for all APIs of a file of tests. */
function openStore(): Promise<Store<BillingTables>> {
  opened ??= bench.open<BillingTables>('embedded', {
    schema: billingSchema,
    migrations: { ...ledgerMigrations, ...billMigrations },
  });
  return opened;
}

/** Puts the databases of all APIs away. */
export const stopBilling = (): Promise<void> => bench.stop();

/**
 * The routes of billing on a free port: ledger and bills are real, on an embedded database; the rest is held in memory. Bills of the API before
 * are gone, its ledger is not.
 */
export async function startBillingApi({
  services: given,
  access,
  log = quietLog,
}: BillingApiSettings = {}): Promise<BillingApi> {
  const scene = billScene();
  const isFirst = opened === undefined;
  const store = await openStore();
  if (!isFirst) await emptyBook(store as never);
  const clock = { now: () => scene.now, monotonic: () => scene.now };
  const ledger = await createLedger({ store, clock });
  const book = bookOn(store as never, scene);
  const directory = testDirectory(scene);
  const jobs: BackfillJob[] = [];
  const asked: BillingApi['asked'] = { whatIf: [], explain: [], sums: [] };
  const services: BillingServices = {
    clock,
    ledger,
    directory: () => directory,
    meters: () => [gpuTime],
    prices: () => ({
      hash: 'abc',
      currency: 'EUR',
      prices: [
        { id: 'prices[0]', meter: 'gpu_time', sku: 'H100', unitPrice: '2.50' },
        { id: 'prices[1]', meter: 'storage', sku: 'ssd', unitPrice: '0.10' },
      ],
      contracts: scene.tenants.map(({ name }) => ({ tenant: name, discount: `secret of ${name}` })),
    }),
    anchorDay: () => 1,
    bills: book,
    explain: async (bill, lineId, page) => explain(bill, lineId, { page, book, ledger, asked }),
    statements: {
      html: (bill) => `<!doctype html><title>${bill.number ?? 'draft'}</title>`,
      pdf: async ({ number }) => {
        if (number === undefined) throw new SourceError('no Chromium was found; set --chromium.path, or take HTML');
        return Buffer.from(`%PDF-1.7 ${number}`);
      },
      csv: ({ lines }) => `id,amount\r\n${lines.map(({ id, amount }) => `${id},${amount}\r\n`).join('')}`,
    },
    focus: {
      csv: async function* (bills) {
        yield 'BillingAccountId,BilledCost\r\n';
        for await (const { tenant, lines } of bills) for (const { amount } of lines) yield `${tenant},${amount}\r\n`;
      },
    },
    collection: {
      status: async () => ({
        isLeader: true,
        meters: [
          {
            cluster: 'east',
            meter: 'gpu_time',
            source: 'prometheus',
            fromMs: at('2026-03-01T00:00:00Z'),
            untilMs: scene.now * 1000 - 900_000,
            coverage: 0.9987,
            heldWindows: 1,
            conservationError: { num: 7n, den: 3n },
            trouble: undefined,
          },
          {
            cluster: 'west',
            meter: 'gpu_time',
            source: '',
            fromMs: undefined,
            untilMs: undefined,
            coverage: undefined,
            heldWindows: 0,
            conservationError: undefined,
            trouble: 'http://prometheus.west:9090: no answer within 30 s',
          },
        ],
        sources: [
          { name: 'east', type: 'prometheus', isUp: true, lastSuccess: scene.now - 60, error: undefined },
          { name: 'west', type: 'thanos', isUp: false, lastSuccess: undefined, error: 'no answer within 30 s' },
        ],
      }),
      backfill: async (request) => begin(request, jobs, scene.now),
      jobs: () => jobs,
      cancel: async (id) => change(jobs, id, { state: 'cancelled', endedAt: scene.now }),
    },
    budgets: {
      report: async (names) =>
        [budget('all', undefined), budget('own', 'red'), budget('own', 'blue')].filter(
          ({ tenant }) => names === undefined || tenant === undefined || names.includes(tenant),
        ),
      quotas: async () =>
        ['red', 'blue'].map((tenant) => ({
          cluster: 'east',
          tenant,
          quota: `${tenant}/gpus`,
          resource: 'requests.nvidia.com/gpu',
          used: 3,
          limit: 8,
        })),
    },
    whatIf: async (question) => {
      asked.whatIf.push(question);
      if (question.priceBook.includes('broken')) throw new ConfigError('prices[0].price must be a decimal number');
      const period = { startMs: at('2026-03-01T00:00:00Z'), endMs: at('2026-04-01T00:00:00Z') };
      return {
        priceBookHash: 'def',
        // More than was asked for: what is not the caller's must not come through.
        tenants: scene.tenants.map(({ name, title, currency }, index) => ({
          tenant: name,
          title,
          currency,
          period,
          before: '10.00',
          after: `${10 + index * 5}.50`,
          problems: [],
          lines: [{ id: 'l', description: 'H100, GPU hours', before: '10.00', after: `${10 + index * 5}.50` }],
        })),
      };
    },
    ...given,
  };
  const server = await startApiServer(billingRoutes, {
    services,
    log,
    explainError: explainBillingError,
    ...(access === undefined ? {} : { access }),
  });
  return { ...server, scene, ledger, book, services, jobs, asked };
}

interface ExplainDeps {
  readonly page: RowPage;
  readonly book: BillBook;
  readonly ledger: StoredLedger;
  readonly asked: BillingApi['asked'];
}

async function explain(ref: BillRef, lineId: string, deps: ExplainDeps): Promise<Explanation | undefined> {
  const { page, book, ledger, asked } = deps;
  asked.explain.push({ ref, lineId, page });
  const bill = 'number' in ref ? await book.bill(ref.number) : await book.draft(ref.tenant, ref.period);
  const line = bill?.lines.find(({ id }) => id === lineId);
  if (line === undefined) return undefined;
  const entries = await ledger.entries({ span: line.span, after: page.after, limit: page.limit + 1 });
  const rows = entries.slice(0, page.limit);
  const windows = await ledger.windows({ span: line.span });
  const explained = windows.map(({ meter, cluster, span, revision, hash, coverage, evidence }) => ({
    meter,
    cluster,
    span,
    revision,
    hash,
    coverage,
    evidence,
  }));
  return {
    line,
    rows: rows.map((row) => ({
      ...row,
      attribution: { tenant: 'red', costCentre: 'cc-red', share: { num: 1, den: 3 }, by: 'splits[0]' },
      counted: exact(row.quantity, 3n * BigInt(hourMs)),
    })),
    next: entries.length > page.limit ? rows.at(-1)?.position : undefined,
    windows: explained,
    queries: sampleQueries(explained),
    baseUnit: 'ms',
    sum: { quantity: line.quantity, matches: asked.sums.shift() ?? true, sharedWith: [], countedBy: 'share' },
  };
}

function begin(request: BackfillRequest, jobs: BackfillJob[], now: number): BackfillJob {
  if (request.span.endMs - request.span.startMs > 400 * 24 * hourMs)
    throw new Refusal('conflict', 'at most 400 days at once');
  const job: BackfillJob = {
    ...request,
    id: `b${jobs.length + 1}`,
    state: 'running',
    windowsDone: 0,
    windowsTotal: Math.ceil((request.span.endMs - request.span.startMs) / hourMs),
    rowsAdded: 0,
    startedAt: now + jobs.length,
    endedAt: undefined,
    reason: undefined,
  };
  jobs.push(job);
  return job;
}

export function change(jobs: BackfillJob[], id: string, changes: Partial<BackfillJob>): BackfillJob | undefined {
  const index = jobs.findIndex((job) => job.id === id);
  const job = jobs[index];
  if (job === undefined) return undefined;
  const changed = { ...job, ...changes };
  jobs[index] = changed;
  return changed;
}

function budget(name: string, tenant: string | undefined) {
  return {
    budget: name,
    tenant,
    costCentre: undefined,
    clusters: undefined,
    meters: undefined,
    period: '2026-04',
    span: { startMs: at('2026-04-01T00:00:00Z'), endMs: at('2026-05-01T00:00:00Z') },
    timeZone: 'UTC',
    currency: 'EUR',
    amount: '1000.00',
    cost: '812.5',
    remaining: '187.50',
    usedRatio: 0.8125,
    elapsedRatio: 0.15,
    steps: [
      { at: 0.8, isReached: true },
      { at: 1, isReached: false },
    ],
    forecasts: [{ method: 'pace' as const, expected: 1083.333, low: undefined, high: undefined, days: 4 }],
    forecastRatios: [],
    spentAtMs: at('2026-04-21T00:00:00Z'),
    problems: [],
  };
}
