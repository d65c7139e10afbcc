import type { ExactQuantity, Share } from './usage.ts';

/** Fractions of whole numbers, in lowest terms and with `den` above 0. */

export const nothing: ExactQuantity = Object.freeze({ num: 0n, den: 1n });
export const one: ExactQuantity = Object.freeze({ num: 1n, den: 1n });

/** A RangeError if `den` is 0. */
export function exact(num: bigint, den = 1n): ExactQuantity {
  if (den === 1n) return { num, den };
  if (den === 0n) throw new RangeError('a fraction cannot have 0 below the line');
  const divisor = greatestDivisor(num, den) * (den < 0n ? -1n : 1n);
  return { num: num / divisor, den: den / divisor };
}

export function exactShare({ num, den }: Share): ExactQuantity {
  return exact(BigInt(num), BigInt(den));
}

/** For fractions that are a share of something, with small numbers. A RangeError if they do not fit a number exactly. */
export function shareOf({ num, den }: ExactQuantity): Share {
  if (num > Number.MAX_SAFE_INTEGER || den > Number.MAX_SAFE_INTEGER)
    throw new RangeError(`${num}/${den} is too long for a share`);
  return { num: Number(num), den: Number(den) };
}

export function plus(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  return left.den === right.den
    ? exact(left.num + right.num, left.den)
    : exact(left.num * right.den + right.num * left.den, left.den * right.den);
}

export function minus(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  return plus(left, { num: -right.num, den: right.den });
}

export function times(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  return exact(left.num * right.num, left.den * right.den);
}

/** A RangeError if `right` is 0. */
export function over(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  return exact(left.num * right.den, left.den * right.num);
}

export function absolute({ num, den }: ExactQuantity): ExactQuantity {
  return { num: num < 0n ? -num : num, den };
}

/** Below 0, 0 or above 0 as left is less than, equal to or more than right. */
export function compare(left: ExactQuantity, right: ExactQuantity): number {
  const difference = left.num * right.den - right.num * left.den;
  return difference < 0n ? -1 : Number(difference > 0n);
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

/** 1 at least. */
function greatestDivisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left < 0n ? -left : left, right < 0n ? -right : right];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
}
