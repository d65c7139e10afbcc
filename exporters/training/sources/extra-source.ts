import type { Journal } from '../journal.ts';
import type { TagMap } from '../schema/tag-map.ts';
import type { SourceLedger } from '../source-ledger.ts';

/** A teller of one run that lives in the process of the exporter, such as the command that it wraps. */
export interface ExtraSource {
  readonly start: (journal: Journal, tags: TagMap, ledger: SourceLedger) => void;
  readonly stop: () => Promise<void>;
}
