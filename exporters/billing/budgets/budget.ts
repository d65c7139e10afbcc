import type { DecimalText } from '../pricing/rated.ts';
import type { PeriodName } from './calendar.ts';

/** What somebody means to spend at most in each calendar period. */
export interface Budget {
  /** Unique. */
  readonly name: string;
  readonly scope: BudgetScope;
  readonly amount: DecimalText;
  readonly currency: string;
  readonly period: PeriodName;
  /** IANA name; that of the tenant where there is one. */
  readonly timeZone: string;
  /** Shares at which somebody is told, ascending. */
  readonly steps: readonly number[];
}

/** Which costs count. A tenant, a cost centre, or everybody where neither is given. */
export interface BudgetScope {
  readonly tenant: string | undefined;
  readonly costCentre: string | undefined;
  /** Only lines of these clusters; all of them where it is undefined. Lines of no cluster are then left out. */
  readonly clusters: readonly string[] | undefined;
  readonly meters: readonly string[] | undefined;
}

export const defaultSteps: readonly number[] = [0.5, 0.8, 1];
