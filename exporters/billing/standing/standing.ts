import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryExecutorProvider } from 'kysely';
import type { Clock } from '../../../kit/clock.ts';
import { reasonOf } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import type { BillingConfig } from '../billing-file/billing-file.ts';
import type { Bill } from '../bills/bill.ts';
import type { Rate } from '../bills/bill-book.ts';
import { type BudgetReport, createBudgets } from '../budgets/budget-report.ts';
import { dailyCosts } from '../budgets/daily-costs.ts';
import { createDailyUsage } from '../budgets/daily-usage.ts';
import { forecastBill } from '../budgets/period-forecast.ts';
import type { QuotaReading } from '../budgets/quota.ts';
import { createQuotaSource } from '../budgets/quota-source.ts';
import type { PairStatus } from '../collection/pair-collector.ts';
import { billParts } from '../counters/bill-parts.ts';
import type { Counters } from '../counters/counters.ts';
import { clusterViews } from '../health/cluster-views.ts';
import { meteringViews } from '../health/metering-views.ts';
import type { Ledger, Watermark, WindowRecord } from '../ledger/ledger.ts';
import type { SourcesReader } from '../sources/reader.ts';
import type { TenantDirectory } from '../subjects/tenant-directory.ts';
import type { BillCounts, ClusterView, MeteringView, PeriodView } from '../view.ts';
import { billCounts, countBills } from './bill-counts.ts';
import { createClosedBills } from './closed-bills.ts';
import { costsByKind, currentCosts } from './current-costs.ts';
import { createForgottenBills } from './forgotten-bills.ts';
import { ledgerParts } from './ledger-parts.ts';
import { createQuotaTroubles } from './quota-troubles.ts';

/** How everything stands, as of the last time that it was reckoned. */
export interface Standing {
  readonly current: () => State;
  readonly trouble: () => string | undefined;
  /** Reckons now; after a reckoning that is under way. */
  readonly refresh: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface State {
  readonly periods: readonly PeriodView[];
  readonly budgets: readonly BudgetReport[];
  readonly quotas: readonly QuotaReading[];
  readonly metering: readonly MeteringView[];
  readonly clusters: readonly ClusterView[];
  readonly bills: readonly BillCounts[];
  readonly watermarks: readonly Watermark[];
  /** Windows of the last day. */
  readonly windows: readonly WindowRecord[];
}

export interface StandingDeps {
  readonly db: QueryExecutorProvider;
  readonly ledger: Pick<Ledger, 'totals' | 'position' | 'watermarks' | 'windows'>;
  readonly rate: Rate;
  readonly counters: Counters;
  readonly collection: () => readonly PairStatus[];
  readonly config: () => {
    readonly file: Pick<BillingConfig, 'budgets' | 'quotas' | 'bills' | 'meters'>;
    readonly directory: TenantDirectory;
    readonly sources: Pick<SourcesReader, 'apiOf'>;
    readonly priceBookHash: string;
  };
  readonly isLeader: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

const dayMs = 86_400_000;
/** Forecasts look at eight weeks; a budget may be for a year. */
const historyMs = 57 * dayMs;
const yearMs = 367 * dayMs;
/** Counters take a bill that was closed lately; the counters have the others. */
const lateBillMs = 35 * dayMs;
const gpuMeter = 'gpu_time';
/** A reckoning that takes long is made less often. */
const restFactor = 10;

const nothing: State = {
  periods: [],
  budgets: [],
  quotas: [],
  metering: [],
  clusters: [],
  bills: [],
  watermarks: [],
  windows: [],
};

export function startStanding(everySeconds: number, deps: StandingDeps): Standing {
  const { ledger, counters, clock, log, db } = deps;
  const closedBills = createClosedBills(db);
  const dailyUsage = createDailyUsage({ ledger });
  const forgottenBills = createForgottenBills({ db, rate: deps.rate });
  const tellQuotaTroubles = createQuotaTroubles(log);
  const stopping = new AbortController();
  let state = nothing;
  let trouble: string | undefined;
  let turn: Promise<void> = Promise.resolve();

  async function reckon(): Promise<State> {
    const nowMs = clock.now() * 1000;
    const { file, directory, priceBookHash } = deps.config();
    const watermarks = await ledger.watermarks();
    const position = await ledger.position();
    const closed = await closedBills(
      nowMs - (file.budgets.some(({ period }) => period !== 'month') ? yearMs : historyMs),
    );
    const { anchorDay } = file.bills;
    const fromMs = watermarks.length === 0 ? undefined : Math.min(...watermarks.map((each) => each.fromMs));
    const { tenants } = directory;
    const ask = { tenants, anchorDay, nowMs, position, fromMs, closed, priceBookHash };
    const { current, open } = await currentCosts(ask, deps.rate);
    const untilMs = knownUntil(watermarks, nowMs);
    const usageOn = await dailyUsage.read({ directory, untilMs });
    const costs = dailyCosts([...closed, ...open, ...current], { fromMs, untilMs, usageOn });
    const windows = await ledger.windows({ span: { startMs: nowMs - dayMs, endMs: nowMs } });
    await tellCounters({ closed, open, current, nowMs });
    return {
      periods: current.map((bill) => ({
        tenant: bill.tenant,
        currency: bill.currency,
        period: bill.period,
        costs: costsByKind(bill),
        forecasts: forecastBill(bill, costs, { fromMs, untilMs }),
        problems: bill.problems.length,
      })),
      budgets: createBudgets({ budgets: file.budgets }).report({ costs, nowMs, fromMs, untilMs }),
      quotas: await readQuotas(nowMs),
      ...(await health({ nowMs, watermarks, windows })),
      bills: billCounts({ counts: await countBills(db), open: [...open, ...(await forgottenBills(ask))], tenants }),
      watermarks,
      windows,
    };
  }

  async function health({ nowMs, watermarks, windows }: Pick<State, 'watermarks' | 'windows'> & { nowMs: number }) {
    const { directory } = deps.config();
    const pairs = deps.collection();
    const segments = [{ span: { startMs: nowMs - dayMs, endMs: nowMs }, bucket: 0 }];
    const totals = await ledger.totals({ segments, meters: [gpuMeter] });
    return {
      metering: meteringViews({
        watermarks,
        windows,
        held: pairs.map(({ cluster, meter, waiting }) => ({ cluster, meter, windows: waiting.length })),
        recorded: pairs.map(({ cluster, meter, recorded }) => ({ cluster, meter, ...recorded })),
      }),
      clusters: clusterViews({ meter: gpuMeter, windows, totals, directory, atMs: nowMs }),
    };
  }

  async function tellCounters(bills: {
    closed: readonly Bill[];
    open: readonly Bill[];
    current: readonly Bill[];
    nowMs: number;
  }) {
    if (!deps.isLeader()) return counters.refresh();
    const { directory, file } = deps.config();
    const late = bills.closed.filter(({ period }) => period.endMs > bills.nowMs - lateBillMs);
    const usage = await ledgerParts(bills.nowMs, { ledger, directory, meters: file.meters });
    return counters.tell([...billParts([...late, ...bills.open, ...bills.current]), ...usage]);
  }

  async function readQuotas(nowMs: number): Promise<readonly QuotaReading[]> {
    const { file, directory, sources } = deps.config();
    if (file.quotas.length === 0) return [];
    const source = createQuotaSource({ quotas: file.quotas, apiOf: sources.apiOf, directory });
    const { readings, results } = await source.read({ nowMs, signal: stopping.signal });
    tellQuotaTroubles(results);
    return readings;
  }

  async function look(): Promise<void> {
    try {
      state = await reckon();
      if (trouble !== undefined) log.info('costs are reckoned again');
      trouble = undefined;
    } catch (error) {
      if (stopping.signal.aborted) return;
      const reason = reasonOf(error);
      if (reason !== trouble) log.warn('costs could not be reckoned', { reason });
      trouble = reason;
    }
  }

  function refresh(): Promise<void> {
    turn = turn.then(look);
    return turn;
  }

  async function goOn(): Promise<void> {
    while (!stopping.signal.aborted) {
      const startedAt = clock.monotonic();
      await refresh();
      const pause = Math.max(everySeconds, (clock.monotonic() - startedAt) * restFactor);
      await sleep(pause * 1000, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  const running = goOn();

  return {
    current: () => state,
    trouble: () => trouble,
    refresh,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** Up to when the current periods are known: by GPU time where it is metered, by all meters where it is not. */
function knownUntil(watermarks: readonly Watermark[], nowMs: number): number {
  const gpus = watermarks.filter(({ meter }) => meter === gpuMeter);
  const untils = (gpus.length > 0 ? gpus : watermarks)
    .map(({ untilMs }) => untilMs)
    .filter((each) => each > nowMs - dayMs);
  return untils.length === 0 ? nowMs : Math.min(...untils);
}
