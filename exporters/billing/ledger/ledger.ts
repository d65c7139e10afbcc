import type { Span } from '../span.ts';
import type { Conservation, Coverage, MeteredWindow, UsageKey } from '../usage.ts';

/**
 * Usage as it was metered, in rows that are only ever added. The first time a window is recorded its rows are revision 0; each later time the
 * differences are added as signed rows of the next revision, so that the sum over all revisions is what is true as far as is known.
 */
export interface Ledger {
  /** All of them, with their watermark, or none. What the ledger has already is not added again. `fence` fails unless this process leads. */
  readonly record: (windows: readonly MeteredWindow[]) => Promise<readonly Recorded[]>;
  readonly watermarks: () => Promise<readonly Watermark[]>;
  readonly windows: (filter: WindowFilter) => Promise<readonly WindowRecord[]>;
  /** Sums over all revisions, or over those between two positions. */
  readonly totals: (query: TotalsQuery) => Promise<readonly UsageTotal[]>;
  /** Rows one by one, oldest first. */
  readonly entries: (query: EntriesQuery) => Promise<readonly LedgerEntry[]>;
  /** Of the last row; 0 for an empty ledger. */
  readonly position: () => Promise<bigint>;
}

export interface Recorded {
  readonly meter: string;
  readonly cluster: string;
  readonly span: Span;
  /** Rows that were added; 0 for a window that says the same again. */
  readonly rows: number;
  readonly revision: number;
  /** SHA-256 of all usages of the window in canonical form: replays of the same samples have the same. */
  readonly hash: string;
}

/** Windows that end by then are recorded without a hole. */
export interface Watermark {
  readonly cluster: string;
  readonly meter: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly changedAt: number;
}

export interface WindowFilter {
  readonly span: Span;
  readonly cluster?: string;
  readonly meter?: string;
}

export interface WindowRecord {
  readonly meter: string;
  readonly cluster: string;
  readonly span: Span;
  readonly revision: number;
  readonly hash: string;
  readonly coverage: Coverage;
  readonly conservation: Conservation | undefined;
  readonly evidence: MeteredWindow['evidence'];
  /** Seconds. */
  readonly recordedAt: number;
}

/** Part of a period that belongs to one bucket; segments of a query follow each other. */
export interface Segment {
  readonly span: Span;
  /** Segments of one bucket are summed up together. */
  readonly bucket: number;
}

export interface TotalsQuery {
  readonly segments: readonly Segment[];
  readonly meters?: readonly string[];
  readonly clusters?: readonly string[];
  /** Only rows after this position. */
  readonly after?: bigint;
  /** Only rows up to this position. */
  readonly until?: bigint;
}

export interface UsageTotal extends UsageKey {
  readonly bucket: number;
  readonly quantity: bigint;
  /** True if a window lay across a border between segments and was divided by time. */
  readonly isDivided: boolean;
}

export interface EntriesQuery extends Omit<TotalsQuery, 'segments'> {
  readonly span: Span;
  readonly skus?: readonly string[];
  readonly resources?: readonly string[];
  /** Rows at most; the next page is asked for with `after`. */
  readonly limit: number;
}

export interface LedgerEntry extends UsageKey {
  readonly position: bigint;
  readonly span: Span;
  readonly revision: number;
  readonly quantity: bigint;
  /** Seconds. */
  readonly recordedAt: number;
}
