import type { Clock } from '../../../kit/clock.ts';
import type { Bill } from '../bills/bill.ts';
import type { BillBook } from '../bills/bill-book.ts';
import type { BillRef, Explanation, RowPage } from '../bills/explain.ts';
import type { BudgetReport } from '../budgets/budget-report.ts';
import type { QuotaReading } from '../budgets/quota.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Meter } from '../meters/meter.ts';
import type { DecimalText } from '../pricing/rated.ts';
import type { Span } from '../span.ts';
import type { TenantDirectory } from '../subjects/tenant-directory.ts';
import type { ExactQuantity } from '../usage.ts';

/** What the routes of the API need of the daemon. Each table of routes names what it uses. */
export interface BillingServices {
  readonly clock: Clock;
  readonly ledger: Ledger;
  /** As the configuration has them now. */
  readonly directory: () => TenantDirectory;
  readonly meters: () => readonly Meter[];
  readonly prices: () => PriceBookView;
  /** Day of the month on which periods begin. */
  readonly anchorDay: () => number;
  readonly bills: Pick<BillBook, 'draft' | 'closeAll' | 'correction' | 'list' | 'bill'>;
  readonly explain: ExplainLine;
  readonly statements: Statements;
  readonly focus: Focus;
  readonly collection: Collection;
  readonly budgets: Budgets;
  readonly whatIf: WhatIf;
}

/** Where a line of a bill comes from; undefined if the bill has no such line. */
export type ExplainLine = (bill: BillRef, lineId: string, page: RowPage) => Promise<Explanation | undefined>;

/** A bill as people get it. `pdf` rejects with a SourceError where nothing can print one. */
export interface Statements {
  readonly html: (bill: Bill) => string;
  readonly pdf: (bill: Bill, signal: AbortSignal) => Promise<Uint8Array>;
  readonly csv: (bill: Bill) => string;
}

export interface Focus {
  /** FOCUS 1.2, head line first. */
  readonly csv: (bills: AsyncIterable<Bill>) => AsyncIterable<string>;
}

/** The metering, as people ask for it. */
export interface Collection {
  readonly status: () => Promise<CollectionStatus>;
  /** Meters windows anew, in the background. A `Refusal` says why not: too much at once, or not by this replica. */
  readonly backfill: (request: BackfillRequest) => Promise<BackfillJob>;
  /** Those under way and the last ones that ended, the newest first. */
  readonly jobs: () => readonly BackfillJob[] | Promise<readonly BackfillJob[]>;
  /** It ends after the window that it is at; what is recorded stays. Undefined if there is no such job. */
  readonly cancel: (id: string) => Promise<BackfillJob | undefined>;
}

export interface CollectionStatus {
  /** Whether this process meters, or another one. */
  readonly isLeader: boolean;
  readonly meters: readonly MeterStatus[];
  readonly sources: readonly SourceStatus[];
}

export interface MeterStatus {
  readonly cluster: string;
  readonly meter: string;
  /** The source that it is metered from; empty while none has data. */
  readonly source: string;
  /** Windows are recorded without a hole between these; undefined while there is none. Unix ms. */
  readonly fromMs: number | undefined;
  readonly untilMs: number | undefined;
  /** Of the last day: 0 to 1; undefined where nothing was expected. */
  readonly coverage: number | undefined;
  /** Windows that wait for missing data. */
  readonly heldWindows: number;
  /** Of the last day, in GPU milliseconds; undefined for what is no GPU time. */
  readonly conservationError: ExactQuantity | undefined;
  /** Why the last turn failed; undefined if it did not. */
  readonly trouble: string | undefined;
}

export interface SourceStatus {
  readonly name: string;
  readonly type: string;
  /** Undefined for one that was not asked yet. */
  readonly isUp: boolean | undefined;
  /** Unix seconds. */
  readonly lastSuccess: number | undefined;
  readonly error: string | undefined;
}

export interface BackfillRequest {
  readonly span: Span;
  /** All of them if they are empty. */
  readonly clusters: readonly string[];
  readonly meters: readonly string[];
  readonly by: string;
}

export interface BackfillJob {
  readonly id: string;
  readonly span: Span;
  readonly clusters: readonly string[];
  readonly meters: readonly string[];
  readonly by: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly windowsDone: number;
  readonly windowsTotal: number;
  /** Rows that were added to the ledger so far. */
  readonly rowsAdded: number;
  /** Unix seconds. */
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  /** Why it failed. */
  readonly reason: string | undefined;
}

/** All of them, or those of these tenants. */
export interface Budgets {
  readonly report: (tenants?: readonly string[]) => Promise<readonly BudgetReport[]>;
  readonly quotas: (tenants?: readonly string[]) => Promise<readonly QuotaReading[]>;
}

/** The price book and the contracts as they are loaded, in the words of their file. */
export interface PriceBookView {
  /** SHA-256; bills name it. */
  readonly hash: string;
  readonly currency: string;
  readonly prices: readonly PriceView[];
  readonly contracts: readonly ContractView[];
}

export interface PriceView {
  readonly id: string;
  readonly meter: string;
  readonly [key: string]: unknown;
}

export interface ContractView {
  readonly tenant: string;
  readonly [key: string]: unknown;
}

/** What a period would cost with another price book. Rejects with ConfigError if the book cannot be read. */
export type WhatIf = (question: WhatIfQuestion) => Promise<WhatIfReport>;

export interface WhatIfQuestion {
  /** All of them if it is left out. */
  readonly tenants: readonly string[] | undefined;
  /** Tenants that whoever asks may know of: contracts of others are contracts of nobody. Undefined for all. */
  readonly visible: readonly string[] | undefined;
  /** 2026-03, for each tenant in their zone. */
  readonly period: string;
  /** YAML or JSON, in the form of the file. */
  readonly priceBook: string;
  readonly signal: AbortSignal;
}

export interface WhatIfReport {
  readonly priceBookHash: string;
  readonly tenants: readonly WhatIfTenant[];
}

export interface WhatIfTenant {
  readonly tenant: string;
  readonly title: string;
  readonly currency: string;
  readonly period: Span;
  /** With the prices as they are, and with those of the book. */
  readonly before: DecimalText;
  readonly after: DecimalText;
  readonly problems: readonly string[];
  readonly lines: readonly WhatIfLine[];
}

export interface WhatIfLine {
  readonly id: string;
  readonly description: string;
  readonly before: DecimalText;
  readonly after: DecimalText;
}
