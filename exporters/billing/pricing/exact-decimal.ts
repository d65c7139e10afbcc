import { exact } from '../exact.ts';
import type { ExactQuantity } from '../usage.ts';
import { Decimal, decimal } from './decimal.ts';
import type { DecimalText } from './rated.ts';

/** The number that a plain decimal text such as 0.25 says. */
export function exactOf(text: DecimalText): ExactQuantity {
  const value = decimal(text);
  const places = value.decimalPlaces();
  return exact(BigInt(value.times(new Decimal(10).pow(places)).toFixed()), 10n ** BigInt(places));
}

/** `value` times the quantity: exact up to 60 digits, divided once. */
export function timesQuantity(value: Decimal, { num, den }: ExactQuantity): Decimal {
  return value.times(decimal(num)).div(decimal(den));
}

export function decimalOf(quantity: ExactQuantity): Decimal {
  return decimal(quantity.num).div(decimal(quantity.den));
}
