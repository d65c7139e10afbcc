import type { ExactQuantity, Share } from '../usage.ts';
import { Decimal, decimal } from './decimal.ts';
import type { DecimalText } from './rated.ts';

export const nothing: ExactQuantity = Object.freeze({ num: 0n, den: 1n });

/** In lowest terms; `den` is above 0. */
export function exact(num: bigint, den: bigint = 1n): ExactQuantity {
  if (den === 1n) return { num, den };
  const common = greatestCommonDivisor(num < 0n ? -num : num, den);
  return common === 1n ? { num, den } : { num: num / common, den: den / common };
}

/** The number that a plain decimal text such as 0.25 says. */
export function exactOf(text: DecimalText): ExactQuantity {
  const value = decimal(text);
  const places = value.decimalPlaces();
  return exact(BigInt(value.times(new Decimal(10).pow(places)).toFixed()), 10n ** BigInt(places));
}

export function plus(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  if (left.den === right.den) return exact(left.num + right.num, left.den);
  return exact(left.num * right.den + right.num * left.den, left.den * right.den);
}

export function minus(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  return plus(left, { num: -right.num, den: right.den });
}

export function times(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  return exact(left.num * right.num, left.den * right.den);
}

/** Throws RangeError where `right` is 0. */
export function over(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  if (right.num === 0n) throw new RangeError('division by 0');
  const sign = right.num < 0n ? -1n : 1n;
  return exact(sign * left.num * right.den, sign * left.den * right.num);
}

export function exactShare({ num, den }: Share): ExactQuantity {
  return { num: BigInt(num), den: BigInt(den) };
}

/** Below 0, 0 or above 0 as left is less than, equal to or more than right. */
export function compare(left: ExactQuantity, right: ExactQuantity): number {
  const difference = left.num * right.den - right.num * left.den;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function least(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  return compare(left, right) <= 0 ? left : right;
}

export function most(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  return compare(left, right) >= 0 ? left : right;
}

/** The smallest whole number that is not less. */
export function ceiling({ num, den }: ExactQuantity): bigint {
  const whole = num / den;
  return num > 0n && num % den !== 0n ? whole + 1n : whole;
}

/** `value` times the quantity: exact up to 60 digits, divided once. */
export function timesQuantity(value: Decimal, { num, den }: ExactQuantity): Decimal {
  return value.times(decimal(num)).div(decimal(den));
}

export function decimalOf(quantity: ExactQuantity): Decimal {
  return decimal(quantity.num).div(decimal(quantity.den));
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left, right];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
}
