import { exact, nothing, plus } from '../exact.ts';
import type { DecimalText } from '../pricing/rated.ts';
import type { ExactQuantity } from '../usage.ts';

/** Adds up fractions without loss. */
export interface ExactSum {
  readonly add: (num: bigint, den: number) => void;
  readonly total: () => ExactQuantity;
}

export function createExactSum(): ExactSum {
  // There are few different denominators, and many quantities.
  const sums = new Map<number, bigint>();
  return {
    add: (num, den) => void sums.set(den, (sums.get(den) ?? 0n) + num),
    total: () => {
      let total = nothing;
      for (const [den, sum] of sums) total = plus(total, exact(sum, BigInt(den)));
      return total;
    },
  };
}

const shownDecimals = 12;
const scale = 10n ** BigInt(shownDecimals);

/** Plain digits, at most 12 behind the point, rounded half to even. */
export function quantityText({ num, den }: ExactQuantity): DecimalText {
  const isNegative = num < 0n;
  const scaled = (isNegative ? -num : num) * scale;
  const [whole, rest] = [scaled / den, (scaled % den) * 2n];
  const rounded = rest > den || (rest === den && whole % 2n === 1n) ? whole + 1n : whole;
  const fraction = String(rounded % scale)
    .padStart(shownDecimals, '0')
    .replace(/0+$/, '');
  const text = `${rounded / scale}${fraction === '' ? '' : `.${fraction}`}`;
  return isNegative && text !== '0' ? `-${text}` : text;
}

/** 150 or 100/3: without any rounding. */
export function exactText({ num, den }: ExactQuantity): string {
  return den === 1n ? String(num) : `${num}/${den}`;
}
