import type { Span } from '../span.ts';

/** Money and quantities are decimal numbers as text, exact unless said otherwise. */
export type DecimalText = string;

export const lineKinds = [
  'usage',
  'idle',
  'commitment',
  'overage',
  'minimum',
  'maximum',
  'discount',
  'credit',
  'tax',
  'correction',
] as const;
export type LineKind = (typeof lineKinds)[number];

/** One line of a bill. */
export interface RatedLine {
  /** Stays the same when the bill is made again: kind, meter, SKU, cluster, cost centre and price. */
  readonly id: string;
  readonly kind: LineKind;
  /** Empty for lines about the whole bill. */
  readonly meter: string;
  readonly sku: string;
  readonly cluster: string;
  readonly costCentre: string;
  /** For people: "GPU time, NVIDIA H100 80GB HBM3". */
  readonly description: string;
  readonly span: Span;
  /** In `unit`, such as GPU hour; empty where there is none. */
  readonly quantity: DecimalText;
  readonly unit: string;
  /** Per unit; empty where tiers or packages make it more than one. */
  readonly listUnitPrice: DecimalText;
  readonly contractedUnitPrice: DecimalText;
  /** Before contracts and discounts. Exact. */
  readonly listCost: DecimalText;
  /** After the prices of the contract. Exact. */
  readonly contractedCost: DecimalText;
  /** After discounts, free units and commitments. Exact. */
  readonly effectiveCost: DecimalText;
  /** What is to be paid for this line, rounded once to the digits of the currency. */
  readonly amount: DecimalText;
  /** Which price of the book: its place in the file. */
  readonly priceId: string;
  /** How it was reckoned, step by step, for people. */
  readonly steps: readonly string[];
  /** Of a line of kind correction: the line that it corrects. */
  readonly corrects?: { readonly id: string; readonly kind: LineKind };
  /** Of usage that a commitment pays for: nothing more is paid for it. */
  readonly coveredBy?: CoveredBy;
}

export interface CoveredBy {
  /** Of the line of the commitment. */
  readonly id: string;
  readonly name: string;
  /** Of one unit of the commitment. */
  readonly price: DecimalText;
}

/** What a tenant owes for a period. The amounts of its lines add up to the total exactly. */
export interface RatedBill {
  readonly tenant: string;
  readonly currency: string;
  readonly period: Span;
  readonly lines: readonly RatedLine[];
  readonly total: DecimalText;
  /** SKUs without a price and the like: a bill with any cannot be closed. */
  readonly problems: readonly string[];
}
