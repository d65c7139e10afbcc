import type { ExactQuantity, Share } from '../usage.ts';

export const zero: ExactQuantity = Object.freeze({ num: 0n, den: 1n });
export const one: ExactQuantity = Object.freeze({ num: 1n, den: 1n });

/** num/den in lowest terms with den > 0. A RangeError if den is 0. */
export function exactOf(num: bigint, den = 1n): ExactQuantity {
  if (den === 0n) throw new RangeError('a fraction cannot have 0 below the line');
  const divisor = greatestDivisor(num, den) * (den < 0n ? -1n : 1n);
  return { num: num / divisor, den: den / divisor };
}

export function exactOfShare({ num, den }: Share): ExactQuantity {
  return exactOf(BigInt(num), BigInt(den));
}

/** For fractions that are a share of something, with small numbers. A RangeError if they do not fit a number exactly. */
export function shareOf({ num, den }: ExactQuantity): Share {
  if (num > Number.MAX_SAFE_INTEGER || den > Number.MAX_SAFE_INTEGER)
    throw new RangeError(`${num}/${den} is too long for a share`);
  return { num: Number(num), den: Number(den) };
}

export function addExact(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  return left.den === right.den
    ? exactOf(left.num + right.num, left.den)
    : exactOf(left.num * right.den + right.num * left.den, left.den * right.den);
}

export function subtractExact(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  return addExact(left, { num: -right.num, den: right.den });
}

export function multiplyExact(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  return exactOf(left.num * right.num, left.den * right.den);
}

export function divideExact(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  return exactOf(left.num * right.den, left.den * right.num);
}

/** Below 0 if left is less, 0 if they are equal, above 0 otherwise. */
export function compareExact(left: ExactQuantity, right: ExactQuantity): number {
  const difference = left.num * right.den - right.num * left.den;
  return difference < 0n ? -1 : Number(difference > 0n);
}

export function absExact({ num, den }: ExactQuantity): ExactQuantity {
  return { num: num < 0n ? -num : num, den };
}

/** 1 at least. */
function greatestDivisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left < 0n ? -left : left, right < 0n ? -right : right];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
}
