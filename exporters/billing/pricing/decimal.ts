import { Decimal as DecimalJs } from 'decimal.js';
import type { DecimalText } from './rated.ts';

/** Decimal numbers of 60 digits; what does not fit is rounded half to even. Never made from a JavaScript number that is not whole. */
export const Decimal = DecimalJs.clone({
  precision: 60,
  rounding: DecimalJs.ROUND_HALF_EVEN,
  toExpNeg: -9e15,
  toExpPos: 9e15,
});
export type Decimal = DecimalJs;

export const zero: Decimal = new Decimal(0);

/** What does not end is cut here in texts; nobody is billed for less. */
const shownDecimals = 20;

/** Throws RangeError for what is no plain decimal number. */
export function decimal(text: DecimalText | bigint): Decimal {
  if (typeof text === 'bigint') return new Decimal(text.toString());
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new RangeError(`"${text}" is no decimal number`);
  return new Decimal(text);
}

/** Plain digits without exponent; at most 20 after the point, rounded half to even. */
export function decimalText(value: Decimal): DecimalText {
  const text = value.toDecimalPlaces(shownDecimals, Decimal.ROUND_HALF_EVEN).toFixed();
  return text === '-0' ? '0' : text;
}

export function sumOf(values: Iterable<DecimalText>): Decimal {
  let sum: Decimal = zero;
  for (const value of values) sum = sum.plus(decimal(value));
  return sum;
}
