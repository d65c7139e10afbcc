import type { BudgetReport } from './budgets/budget-report.ts';
import type { Forecast } from './budgets/forecast.ts';
import type { QuotaReading } from './budgets/quota.ts';
import type { CounterName, CounterRow } from './counters/counter-book.ts';
import type { DecimalText, LineKind } from './pricing/rated.ts';
import type { Span } from './span.ts';
import type { UsageState } from './usage.ts';

/** All that collectors see. Times are Unix seconds unless the name says ms. */
export interface BillingView {
  readonly now: number;
  /** Of `createCounters`: costs and usage that never fall. */
  readonly counters: readonly CounterRow[];
  /** Series that were folded into `other`, by counter. */
  readonly folded: ReadonlyMap<CounterName, number>;
  /** The bill of the current period of each tenant. */
  readonly periods: readonly PeriodView[];
  readonly budgets: readonly BudgetReport[];
  readonly quotas: readonly QuotaReading[];
  readonly metering: readonly MeteringView[];
  readonly clusters: readonly ClusterView[];
  readonly sources: readonly SourceView[];
  readonly bills: readonly BillCounts[];
  readonly replica: { readonly isLeader: boolean; readonly store: string; readonly isStoreUp: boolean };
  /** Of each metric about tenants, budgets and quotas. */
  readonly maxSeries: number;
}

export interface PeriodView {
  readonly tenant: string;
  readonly currency: string;
  readonly period: Span;
  /** Sum of the amounts of the lines of the draft, by kind; kinds without a line are left out. */
  readonly costs: ReadonlyMap<LineKind, DecimalText>;
  readonly forecasts: readonly Forecast[];
  /** Of the draft. */
  readonly problems: number;
}

/** How a meter of a cluster is doing. */
export interface MeteringView {
  readonly cluster: string;
  readonly meter: string;
  /** Watermark; undefined while nothing is recorded. */
  readonly meteredUntil: number | undefined;
  /** 0 to 1, of the windows of the last day; undefined where nothing was expected. */
  readonly coverage: number | undefined;
  readonly heldWindows: number;
  /** Windows that this process has recorded since its start. */
  readonly recorded: { readonly first: number; readonly later: number };
}

/** How the GPUs of a cluster were used in the last day; undefined where nothing is installed. */
export interface ClusterView {
  readonly cluster: string;
  /** GPU seconds that do not add up; undefined where no window was recorded. */
  readonly conservationErrorSeconds: number | undefined;
  readonly states: ReadonlyMap<UsageState, number> | undefined;
  /** Share of the used time; undefined where nothing is used. */
  readonly unattributed: number | undefined;
}

export interface SourceView {
  readonly name: string;
  readonly type: string;
  /** Undefined for one that was not asked yet. */
  readonly isUp: boolean | undefined;
  readonly lastSuccess: number | undefined;
  readonly lastError: number | undefined;
}

/** What was billed to a tenant, since there are bills. */
export interface BillCounts {
  readonly tenant: string;
  readonly closed: number;
  /** End of the oldest past period without a closed bill. */
  readonly overdueSince: number | undefined;
  readonly corrections: readonly {
    readonly currency: string;
    /** Sums of positive and of negative amounts, both without sign. */
    readonly charged: DecimalText;
    readonly refunded: DecimalText;
  }[];
}
