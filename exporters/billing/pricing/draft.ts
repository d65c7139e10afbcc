import type { Meter } from '../meters/meter.ts';
import type { Span } from '../span.ts';
import type { ExactQuantity } from '../usage.ts';
import type { Contract } from './contract.ts';
import type { Decimal } from './decimal.ts';
import type { RateCard } from './rate-card.ts';
import type { CoveredBy, LineKind } from './rated.ts';

/** A line of a bill before the terms of the contract, and before it is rounded. */
export interface Draft {
  /** All but the kind, which terms may change. */
  readonly key: string;
  readonly kind: 'usage' | 'idle';
  readonly tenant: string;
  readonly currency: string;
  readonly costCentre: string;
  readonly origin: string;
  readonly meter: Meter;
  readonly sku: string;
  readonly cluster: string;
  readonly contract: Contract | undefined;
  readonly list: RateCard;
  readonly card: RateCard;
  readonly span: Span;
  /** Priced units by either card; they differ where one of them prices an instance and the other a share of the GPU. */
  readonly listQuantity: ExactQuantity;
  readonly quantity: ExactQuantity;
  readonly listCost: Decimal;
  readonly contractedCost: Decimal;
  readonly steps: readonly string[];
  readonly isDivided: boolean;
}

/** With what the terms of the contract have made of it. */
export interface TermedLine {
  readonly draft: Draft;
  readonly kind: Extract<LineKind, 'usage' | 'idle' | 'overage'>;
  /** Part of the draft that this line is about. */
  readonly part: ExactQuantity;
  readonly contractedCost: Decimal;
  readonly effectiveCost: Decimal;
  /** Units that are still to be paid: less what free units have paid. */
  readonly payable: ExactQuantity;
  /** False for what is beyond a commitment at list price. */
  readonly isDiscountable: boolean;
  readonly steps: readonly string[];
  readonly coveredBy?: CoveredBy;
}
