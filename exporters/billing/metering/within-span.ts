import type { Span } from '../span.ts';
import type { Accrual } from './accrual.ts';

/**
 * How much was added within the span. A piece that its edge cuts counts with floor(amount × (t - from) / (to - from)) at each edge, so that the parts
 * of any partition add up to the whole, exactly.
 */
export function withinSpan({ fromMs, toMs, amounts }: Accrual, { startMs, endMs }: Span): bigint {
  let [sum, small] = [0n, 0];
  for (let at = firstEndingAfter(toMs, startMs); at < fromMs.length; at++) {
    const [from = 0, to = 0, amount = 0] = [fromMs[at], toMs[at], amounts[at]];
    if (from >= endMs) break;
    const [upToEnd, upToStart] = [upTo(endMs, from, to, amount), upTo(startMs, from, to, amount)];
    const part = upToEnd - upToStart;
    if (small + part > Number.MAX_SAFE_INTEGER) [sum, small] = [sum + BigInt(small), 0];
    small += part;
  }
  return sum + BigInt(small);
}

/** Pieces ascend, so their ends do. */
export function firstEndingAfter(toMs: Float64Array, timeMs: number): number {
  let [low, high] = [0, toMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((toMs[middle] ?? 0) > timeMs) high = middle;
    else low = middle + 1;
  }
  return low;
}

function upTo(timeMs: number, from: number, to: number, amount: number): number {
  if (timeMs >= to) return amount;
  if (timeMs <= from) return 0;
  const product = amount * (timeMs - from);
  // A quotient of whole numbers below 2^53 is never rounded up to a whole number that it does not reach.
  if (product <= Number.MAX_SAFE_INTEGER) return Math.floor(product / (to - from));
  return Number((BigInt(amount) * BigInt(timeMs - from)) / BigInt(to - from));
}
