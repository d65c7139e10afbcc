import type { Clock } from '../../../kit/clock.ts';
import type { Store } from '../../../kit/store/store.ts';
import type { Span } from '../span.ts';
import type { Ledger, Watermark, WindowFilter } from './ledger.ts';
import { createPartitions, guardPartitions } from './partitions.ts';
import { readEntries } from './read-entries.ts';
import { readTotals } from './read-totals.ts';
import { readRecordedSpans, readWindows } from './read-windows.ts';
import { lastPosition, recordWindows } from './record-windows.ts';
import { createSeriesBook } from './series-book.ts';
import { takeWriteTurn } from './statements.ts';
import type { BillingTables, Tx } from './tables.ts';
import { type Verification, verifyWindows } from './verify-ledger.ts';
import { beginWatermark, begunWatermark, readWatermarks } from './watermarks.ts';

/** The ledger, and what collection and audits need beside it. */
export interface StoredLedger extends Ledger {
  /** Says from when on a meter of a cluster is to be without a hole; once for each. */
  readonly begin: (from: PairOfLedger & { readonly fromMs: number }) => Promise<Watermark>;
  /** The watermark of a meter of a cluster of which that was said. */
  readonly begun: (pair: PairOfLedger) => Promise<Watermark | undefined>;
  /** What is recorded of a span: stretches without a hole, in the order of time. They may reach beyond the span. */
  readonly recordedSpans: (filter: Required<WindowFilter>) => Promise<readonly Span[]>;
  /** Compares the rows of each window with the hash that it was recorded with. */
  readonly verify: (filter: WindowFilter) => Promise<Verification>;
}

interface PairOfLedger {
  readonly cluster: string;
  readonly meter: string;
}

export interface LedgerDeps {
  readonly store: Pick<Store<BillingTables>, 'db' | 'transaction'>;
  readonly clock: Clock;
  /** Rejects if another process records by now; see `kit/store/leadership.ts`. */
  readonly fence?: ((tx: Tx) => Promise<void>) | undefined;
}

/** Opens the ledger in a store that has its tables. */
export async function createLedger({ store, clock, fence = async () => undefined }: LedgerDeps): Promise<StoredLedger> {
  const { db, transaction } = store;
  await guardPartitions(db);
  const recording = {
    transaction,
    now: clock.now,
    series: createSeriesBook(),
    partitions: createPartitions(),
    fence,
  };
  return {
    record: (windows) => recordWindows(windows, recording),
    begin: (from) =>
      transaction(async (tx) => {
        await takeWriteTurn(tx);
        await fence(tx);
        return beginWatermark(from, clock.now(), tx);
      }),
    begun: (pair) => begunWatermark(pair, db),
    watermarks: () => readWatermarks(db),
    windows: (filter) => readWindows(filter, db),
    recordedSpans: (filter) => readRecordedSpans(filter, db),
    totals: (query) => transaction((tx) => readTotals(query, tx)),
    entries: (query) => transaction((tx) => readEntries(query, tx)),
    position: () => lastPosition(db),
    verify: (filter) => verifyWindows(filter, db),
  };
}
