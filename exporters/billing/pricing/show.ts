import type { ExactQuantity } from '../usage.ts';
import { Decimal } from './decimal.ts';
import { decimalOf } from './exact-decimal.ts';

/** Enough for a pocket calculator. */
const shownDecimals = 10;

/** For people: at most 10 digits after the point; … says that more follow. */
export function show(value: Decimal): string {
  const cut = value.toDecimalPlaces(shownDecimals, Decimal.ROUND_HALF_EVEN);
  return cut.eq(value) ? cut.toFixed() : `${cut.toFixed()}…`;
}

export function showQuantity(quantity: ExactQuantity): string {
  return show(decimalOf(quantity));
}
