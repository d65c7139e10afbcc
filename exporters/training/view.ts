import type { ShownRun } from './runs/run-book.ts';
import type { SourceCounts } from './source-ledger.ts';

/** What a scrape shows: state in memory, nothing is read for it. */
export interface TrainingView {
  readonly runs: readonly ShownRun[];
  readonly sources: SourceCounts;
  readonly nowSeconds: number;
  /** How many of the slowest ranks are shown by number. */
  readonly shownRanks: number;
}
