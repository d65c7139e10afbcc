import { createRoleTokens } from '../../kit/api/role-tokens.ts';
import { serveRoutes } from '../../kit/api/serve-routes.ts';
import { createCollectorRunner } from '../../kit/collector.ts';
import type { DaemonContext, Service } from '../../kit/daemon.ts';
import { fileSignature } from '../../kit/http/file-watch.ts';
import { collectEarly } from '../../kit/small-heap.ts';
import { createLeadership } from '../../kit/store/leadership.ts';
import { storePlace } from '../../kit/store/options.ts';
import { openStore } from '../../kit/store/store.ts';
import { billing } from '../../metrics/billing.ts';
import { explainBillingError } from './api/explain-error.ts';
import { tokenScope } from './api/options.ts';
import { billingRoutes } from './api/routes/index.ts';
import type { BillingServices } from './api/services.ts';
import { type BillingConfig, readBillingFile, readPricesOf } from './billing-file/billing-file.ts';
import { createBillBook } from './bills/bill-book.ts';
import { createExplainer } from './bills/explain.ts';
import { periodCuts } from './bills/period-cuts.ts';
import { createCollection } from './collection/collection.ts';
import { defaultCollection } from './collection/collection-settings.ts';
import { billingCollectors } from './collectors/index.ts';
import { createCounterStorage } from './counters/counter-store.ts';
import { createCounters } from './counters/counters.ts';
import { focusCsv } from './focus/focus-csv.ts';
import { createLedger } from './ledger/create-ledger.ts';
import type { BillingTables } from './ledger/tables.ts';
import { billingMigrations, billingSchema } from './migrations.ts';
import { type BillingOptions, fileOf } from './options.ts';
import { pricingHash } from './pricing/pricing-hash.ts';
import { segmentsOf } from './pricing/segments.ts';
import { creditsOfBills } from './reckoning/credits.ts';
import { linePieces } from './reckoning/line-pieces.ts';
import { createRate, type Rules } from './reckoning/rate-ledger.ts';
import { createWhatIf } from './reckoning/what-if.ts';
import { priceBookView } from './serving/price-views.ts';
import { serveBudgets } from './serving/serve-budgets.ts';
import { serveCollection } from './serving/serve-collection.ts';
import { createSourcesReader, type SourcesReader } from './sources/reader.ts';
import { storeDeps } from './sources/store.ts';
import type { Span } from './span.ts';
import { startStanding } from './standing/standing.ts';
import { createStatements } from './statements/statements.ts';
import { createTenantDirectory } from './subjects/create-tenant-directory.ts';
import type { BillingView } from './view.ts';

/** Collectors over what was reckoned take milliseconds; the deadline is for a bug in one of them. */
const collectorDeadlineSeconds = 8;

/** The file, and what is made of it. A new one is made on each reload. */
interface Loaded extends Rules {
  readonly file: BillingConfig;
  readonly sources: SourcesReader;
  readonly priceBookHash: string;
}

/** Opens the ledger, meters what is over, and serves bills and metrics. Throws ConfigError. */
export async function startBilling(context: DaemonContext<BillingOptions>): Promise<Service<BillingOptions>> {
  collectEarly();
  const { options, clock, log, readFile } = context;
  let loaded = load(options['billing.file']);
  const tokensFile = options['api.tokens-file'];
  const tokens =
    tokensFile === undefined
      ? undefined
      : createRoleTokens(tokensFile, { readFile, signatureOf: fileSignature, log, scopeOf: tokenScope });
  const store = await openStore<BillingTables>({
    ...storePlace(options),
    schema: billingSchema,
    migrations: billingMigrations,
    log,
    clock,
  });
  const { db, transaction } = store;
  const leadership = createLeadership({ database: store.database, schema: billingSchema, name: 'metering', log });
  const { isLeader, fence } = leadership;
  const ledger = await createLedger({ store, clock, fence });
  const rate = createRate({ ledger, rules: () => loaded, creditsUsed: creditsOfBills(db) });
  const bills = createBillBook({ db, transaction, ledger, rate, rules: billRules, clock });
  const stopping = new AbortController();
  const collection = createCollection(collecting(), { ledger, db, clock, log });
  const counters = createCounters({
    storage: createCounterStorage({ store, fence }),
    maxSeries: options['metrics.max-series'],
    nowMs: () => clock.now() * 1000,
  });
  const standing = startStanding(options['billing.refresh-interval'], {
    db,
    ledger,
    rate,
    counters,
    collection: collection.status,
    config: () => loaded,
    isLeader,
    clock,
    log,
  });
  const services: BillingServices = {
    clock,
    ledger,
    directory: () => loaded.directory,
    meters: () => loaded.meters,
    prices: () => priceBookView(loaded.pricing, loaded.priceBookHash),
    anchorDay: () => loaded.file.bills.anchorDay,
    bills,
    explain: createExplainer({
      bills,
      ledger,
      directory: () => loaded.directory,
      meters: () => loaded.meters,
      segmentsOf: (line, bill) => linePieces(line, bill, loaded),
    }),
    statements: createStatements({ chromium: options['billing.chromium'], stopping: stopping.signal }),
    focus: { csv: focusCsv },
    collection: serveCollection({
      collection,
      state: standing.current,
      watermarks: ledger.watermarks,
      health: () => loaded.sources.health(),
      isLeader,
    }),
    budgets: serveBudgets(standing.current),
    whatIf: createWhatIf({
      ledger,
      rules: () => loaded,
      creditsUsed: creditsOfBills(db),
      bills: () => loaded.file.bills,
      readPricing: (text, visible) => readPricesOf(text, loaded.file, visible),
    }),
  };
  const runner = createCollectorRunner(billing, billingCollectors, {
    clock,
    log,
    deadlineSeconds: collectorDeadlineSeconds,
  });
  leadership.start((leading) => collection.lead(leading));

  function load(path: string | undefined): Loaded {
    const file = readBillingFile(fileOf(path), readFile);
    const { sources, meters, gaps, windows, pricing } = file;
    const { systemNamespaces } = windows;
    return {
      file,
      meters,
      pricing,
      directory: createTenantDirectory(file.tenants),
      sources: createSourcesReader(
        {
          sources,
          meters,
          gaps,
          systemNamespaces,
          onProblem: (problem) => log.warn('metered in spite of a problem', { problem }),
        },
        storeDeps(readFile),
      ),
      priceBookHash: pricingHash(pricing),
    };
  }

  function billRules() {
    const { directory, file, priceBookHash } = loaded;
    return { directory, settings: file.bills, priceBookHash };
  }

  function collecting() {
    const { sources, file, pricing, directory } = loaded;
    const { windowMs, delayMs } = file.windows;
    return {
      read: sources.read,
      pairs: sources.pairs,
      earliest: sources.earliest,
      cuts: (span: Span) => [
        ...segmentsOf({ ...pricing, period: span, directory }).map((segment) => segment.span.startMs),
        ...periodCuts(span, directory.tenants, file.bills.anchorDay),
      ],
      settings: { ...defaultCollection, ...file.collection, windowMs, delayMs },
    };
  }

  function view(): BillingView {
    const { periods, budgets, quotas, metering, clusters, bills: counted } = standing.current();
    return {
      now: clock.now(),
      counters: counters.rows(),
      folded: counters.folded(),
      periods,
      budgets,
      quotas,
      metering,
      clusters,
      sources: loaded.sources.health(),
      bills: counted,
      replica: { isLeader: isLeader(), store: store.kind, isStoreUp: store.trouble() === undefined },
      maxSeries: options['metrics.max-series'],
    };
  }

  return {
    families: () => runner.run(view()),
    notReady: () => store.trouble(),
    links: [
      { path: '/api/v1/status', text: 'how the metering is doing' },
      { path: '/api/v1/bills?state=draft', text: 'what tenants owe so far' },
      { path: '/api/v1/bills', text: 'closed bills' },
      { path: '/api/v1/budgets', text: 'budgets and forecasts' },
      { path: '/api/v1/openapi.json', text: 'description of the API' },
    ],
    routes: (app) => {
      const access = { tokens, read: options['api.read'], listenAddress: options['web.listen-address'] };
      serveRoutes(app, billingRoutes, { services, access, log, explainError: explainBillingError });
    },
    reload: (next) => {
      loaded = load(next['billing.file']);
      collection.configure(collecting());
      void standing.refresh();
    },
    stop: async () => {
      stopping.abort();
      await Promise.all([standing.stop(), leadership.stop()]);
      await store.close();
    },
  };
}
