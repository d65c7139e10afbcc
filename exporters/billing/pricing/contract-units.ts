import { exact, times } from '../exact.ts';
import type { Meter } from '../meters/meter.ts';
import type { Span } from '../span.ts';
import type { ExactQuantity } from '../usage.ts';
import type { Commitment, Contract } from './contract.ts';
import { exactOf } from './exact-decimal.ts';
import type { Validity } from './read-values.ts';

/** Units of the period that are committed to: less where the contract or the commitment holds for only a part of it. */
export function commitmentUnits(
  { units, validity }: Commitment,
  contract: Contract,
  period: Span,
  { unit }: Meter,
): ExactQuantity {
  const validities = [contract.validity, validity];
  const quantity = exactOf(units.quantity.toFixed());
  if (units.kind === 'total') return times(quantity, partOfPeriod(validities, period));
  return times(quantity, exact(BigInt(commonMs(validities, period)), unit.perPriced));
}

/** How much of the period it is in which all of them hold, by time. */
export function partOfPeriod(validities: readonly Validity[], period: Span): ExactQuantity {
  return exact(BigInt(commonMs(validities, period)), BigInt(period.endMs - period.startMs));
}

function commonMs(validities: readonly Validity[], { startMs, endMs }: Span): number {
  const from = Math.max(startMs, ...validities.map(({ fromMs }) => fromMs));
  const until = Math.min(endMs, ...validities.map(({ untilMs }) => untilMs));
  return Math.max(0, until - from);
}
