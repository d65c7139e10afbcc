import type { Glob } from '../glob.ts';
import type { Decimal } from './decimal.ts';
import type { Price } from './price-book.ts';
import type { Validity } from './read-values.ts';

/** What was agreed with tenants; all of it holds for each of them alone. Money is in their currency. */
export interface Contract {
  readonly id: string;
  readonly where: string;
  readonly name: string;
  readonly tenants: readonly string[];
  readonly currency: string;
  readonly validity: Validity;
  readonly prices: readonly Price[];
  readonly discounts: readonly Discount[];
  readonly free: readonly FreeUnits[];
  readonly commitments: readonly Commitment[];
  readonly credits: readonly Credit[];
  /** What is to be paid at least, and at most, for a period, before taxes. */
  readonly minimum: Decimal | undefined;
  readonly maximum: Decimal | undefined;
  readonly taxes: readonly Tax[];
}

/** Which lines a term is about. */
export interface Scope {
  readonly meter: Glob;
  readonly sku: Glob;
  readonly cluster: Glob;
}

export interface Discount extends Scope {
  readonly id: string;
  readonly percent: Decimal;
  /** True if shares of idle costs get it too. */
  readonly isForIdle: boolean;
  readonly validity: Validity;
}

/** Priced units of a period that cost nothing. */
export interface FreeUnits extends Scope {
  readonly id: string;
  readonly quantity: Decimal;
  readonly validity: Validity;
}

/** Units that are paid whether they are used or not; what is used beyond costs the list price or that of the contract. */
export interface Commitment extends Scope {
  readonly id: string;
  readonly name: string;
  /** total: priced units of a whole period. reserved: units that are kept all the time, such as GPUs. */
  readonly units: { readonly kind: 'total' | 'reserved'; readonly quantity: Decimal };
  readonly price: Decimal;
  readonly overage: 'list' | 'contract';
  readonly validity: Validity;
}

/** Money that pays for lines until it is used up; lower priorities first, then what ends first. */
export interface Credit {
  readonly id: string;
  readonly name: string;
  readonly amount: Decimal;
  readonly priority: number;
  readonly validity: Validity;
}

export interface Tax {
  readonly id: string;
  readonly name: string;
  readonly percent: Decimal;
}
