import type { Kind } from './edit.ts';
import type { Mutant } from './mutants.ts';

interface Equivalent {
  readonly alerts: readonly string[];
  readonly kind: Kind;
  /** A part of the mutant's `change`. */
  readonly change: string;
  /** Why no situation can tell it from the alert. */
  readonly reason: string;
}

/** Mutants that are no break: they say the same as the alert in every situation that can be. */
export const equivalents: readonly Equivalent[] = [];

export function isEquivalent(alert: string, { kind, change }: Mutant): boolean {
  return equivalents.some((one) => one.kind === kind && one.alerts.includes(alert) && change.includes(one.change));
}
