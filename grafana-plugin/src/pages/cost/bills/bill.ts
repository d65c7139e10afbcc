import type { Span } from '../period';

/** What the list of bills tells of each; the document of billing's API has all keys. */
export interface BillHeading {
  /** Drafts have none. */
  readonly number?: string;
  readonly state: 'draft' | 'closed';
  /** Number of the bill that it corrects. */
  readonly corrects?: string;
  readonly tenant: string;
  readonly title?: string;
  readonly cost_centre?: string;
  readonly currency: string;
  readonly time_zone?: string;
  readonly period_name?: string;
  readonly period: Span;
  /** A decimal number, exact. */
  readonly total: string;
  readonly problems?: readonly string[];
  readonly coverage?: number;
  readonly created_at: string;
  readonly closed_by?: string;
}

export interface BillLine {
  readonly id: string;
  readonly kind: string;
  readonly meter?: string;
  readonly sku?: string;
  readonly cluster?: string;
  readonly description: string;
  readonly quantity: string;
  readonly unit: string;
  readonly contracted_unit_price?: string;
  readonly amount: string;
  readonly steps: readonly string[];
}

export interface Bill extends BillHeading {
  readonly lines: readonly BillLine[];
}

export type BillState = 'draft' | 'closed' | 'corrected' | 'correction';

/** A closed bill never changes: that it was corrected is told by the bill that corrects it. */
export function stateOf(bill: BillHeading, all: readonly BillHeading[]): BillState {
  if (bill.corrects !== undefined) return 'correction';
  if (bill.state === 'draft') return 'draft';
  return all.some(({ corrects }) => corrects !== undefined && corrects === bill.number) ? 'corrected' : 'closed';
}

/** The newest bill that is no correction; lists have the newest first. */
export function lastBill(tenant: string, bills: readonly BillHeading[]): BillHeading | undefined {
  return bills.find((bill) => bill.tenant === tenant && bill.state === 'closed' && bill.corrects === undefined);
}
