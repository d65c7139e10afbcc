import type { DecimalText, RatedLine } from '../pricing/rated.ts';
import type { Span } from '../span.ts';

/** draft: reckoned anew whenever it is asked for. closed: as it was sent, for ever. */
export type BillState = 'draft' | 'closed';

export interface Bill {
  /** Undefined for a draft. */
  readonly number: string | undefined;
  readonly state: BillState;
  /** Of a correction: the number of the bill that it corrects. */
  readonly corrects: string | undefined;
  readonly tenant: string;
  readonly title: string;
  readonly costCentre: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly period: Span;
  readonly lines: readonly RatedLine[];
  readonly total: DecimalText;
  readonly problems: readonly string[];
  /** Rows of the ledger up to here are in it. */
  readonly ledgerPosition: bigint;
  /** SHA-256 of the price book and contracts that it was reckoned with. */
  readonly priceBookHash: string;
  /** Share of scrapes that were seen, 0 to 1; undefined where nothing was expected. */
  readonly coverage: number | undefined;
  /** Seconds. */
  readonly createdAt: number;
  readonly closedBy: string | undefined;
}
