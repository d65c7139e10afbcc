import type { DecimalText, RatedLine } from '../pricing/rated.ts';
import type { Span } from '../span.ts';
import type { Gap } from '../usage.ts';

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
  /** What it stands on, for whoever reads or audits it; frozen with the bill. */
  readonly details?: BillDetails;
}

export interface BillDetails {
  /** Month in which the period begins: 2026-03. */
  readonly periodName: string;
  readonly anchorDay: number;
  readonly issuer: Issuer;
  /** Such as "Payable within 30 days."; may be empty. */
  readonly terms: string;
  readonly evidence: BillEvidence;
  /** Obstacles that somebody has taken responsibility for. */
  readonly accepted: readonly AcceptedObstacle[];
  /** SHA-256 of all that the bill says, its lines included; only of closed ones. */
  readonly hash?: string;
}

/** Who sends the bills. */
export interface Issuer {
  readonly name: string;
  /** Stands in numbers of bills. */
  readonly code: string;
  readonly address: readonly string[];
  readonly taxId: string;
  readonly contact: string;
  /** IANA name; the year of a number is by it. */
  readonly timeZone: string;
}

/** What was metered in the period, of all tenants: the bill is a part of it. */
export interface BillEvidence {
  readonly meters: readonly MeterEvidence[];
  /** The longest ones, 20 at most. */
  readonly gaps: readonly (Gap & { readonly cluster: string; readonly meter: string })[];
}

export interface MeterEvidence {
  readonly cluster: string;
  readonly meter: string;
  /** What was metered of the period. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** Of the period, without holes between windows; not told by bills that were closed before there was this. */
  readonly meteredMs?: number;
  readonly windows: number;
  readonly heldWindows: number;
  readonly expectedScrapes: number;
  readonly seenScrapes: number;
  readonly gapMs: number;
  /** Of GPU time alone. GPU milliseconds; the error is num/den in full, 0 if all is well. */
  readonly conservation: { readonly devices: number; readonly installedMs: number; readonly error: string } | undefined;
}

export interface AcceptedObstacle {
  readonly kind: string;
  /** What stood in the way, as it was told. */
  readonly message: string;
  readonly reason: string;
}
